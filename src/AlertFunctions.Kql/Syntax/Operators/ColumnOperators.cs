namespace AlertFunctions.Kql.Syntax;

/// <summary><c>extend name = value, ...</c>.</summary>
public sealed record ExtendOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>project name = value, ...</c>; may be empty.</summary>
public sealed record ProjectOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>project-away name, wild*</c>: <see cref="NameExpression"/>, <see cref="WildcardExpression"/> or <see cref="StarExpression"/>.</summary>
public sealed record ProjectAwayOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<Expression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>project-keep name, wild*</c>.</summary>
public sealed record ProjectKeepOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<Expression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>project-rename new = old, ...</c>.</summary>
public sealed record ProjectRenameOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Columns)
    : QueryOperator(Span, Keyword);

public enum ColumnOrder
{
    None,
    Ascending,
    Descending,
    GrannyAscending,
    GrannyDescending,
}

/// <summary><c>wild* asc</c>: columns and how those of one pattern are sorted among themselves.</summary>
public sealed record ReorderedColumns(TextSpan Span, Expression Columns, ColumnOrder Order) : SyntaxNode(Span);

/// <summary><c>project-reorder name, wild* asc, ...</c>.</summary>
public sealed record ProjectReorderOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<ReorderedColumns> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>project-by-names 'a', dynamic(['b*'])</c>.</summary>
public sealed record ProjectByNamesOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<Expression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>distinct a, b</c> or <c>distinct *</c> (a <see cref="StarExpression"/>).</summary>
public sealed record DistinctOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Columns)
    : QueryOperator(Span, Keyword);

/// <summary><c>getschema</c>.</summary>
public sealed record GetSchemaOperator(TextSpan Span, TextSpan Keyword) : QueryOperator(Span, Keyword);
