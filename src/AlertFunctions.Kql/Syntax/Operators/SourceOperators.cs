namespace AlertFunctions.Kql.Syntax;

/// <summary><c>print name = value, ...</c>.</summary>
public sealed record PrintOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>range name from a to b step c</c>.</summary>
public sealed record RangeOperator(
    TextSpan Span, TextSpan Keyword, Identifier Name, Expression From, Expression To, Expression Step)
    : QueryOperator(Span, Keyword);

/// <summary>
/// <c>search kind=case_sensitive in (T, Wild*) predicate</c>. In the predicate a bare string literal is a term to look for in
/// every column, and <c>column : 'text'</c> is <see cref="BinaryOperator.SearchTerm"/>; a <see cref="StarExpression"/> on the
/// left of a string operator means any column.
/// </summary>
public sealed record SearchOperator(
    TextSpan Span, TextSpan Keyword, ImmutableArray<Expression> Tables, Expression Predicate) : QueryOperator(Span, Keyword);

/// <summary>
/// A column of find's project, perhaps with its type where tables differ; <c>pack(*)</c> is <paramref name="IsPack"/>.
/// </summary>
public sealed record FindColumn(TextSpan Span, Expression Column, KqlType? Type, bool IsPack) : SyntaxNode(Span);

/// <summary>
/// <c>find withsource=Name in (T, Wild*) where predicate project a, b:long, pack(*)</c>, or <c>project-smart</c>.
/// </summary>
public sealed record FindOperator(
    TextSpan Span,
    TextSpan Keyword,
    ImmutableArray<Expression> Tables,
    Expression Predicate,
    ImmutableArray<FindColumn> Columns,
    bool IsProjectSmart) : QueryOperator(Span, Keyword);
