namespace AlertFunctions.Kql.Syntax;

/// <summary>A scalar or a table: which of both a name or a call is, only the binder knows. Parentheses leave no node.</summary>
public abstract record Expression : SyntaxNode
{
    private protected Expression(TextSpan span)
        : base(span)
    {
    }
}

/// <summary>A literal or a typed null.</summary>
/// <param name="Span">Its place.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">
/// Null for a null of the type; else bool, int, long, double (real), decimal, string, DateTime (UTC), TimeSpan, Guid, or,
/// for dynamic, compact JSON text in which datetimes and timespans are strings.
/// </param>
public sealed record LiteralExpression(TextSpan Span, KqlType Type, object? Value) : Expression(Span);

/// <summary>A column, table, variable or parameter by its name.</summary>
public sealed record NameExpression(TextSpan Span, string Name) : Expression(Span);

/// <summary>A name with wildcards, <c>Kube*</c>, where a list of columns or tables may have one.</summary>
public sealed record WildcardExpression(TextSpan Span, string Pattern) : Expression(Span);

/// <summary>The <c>*</c> that stands for all columns.</summary>
public sealed record StarExpression(TextSpan Span) : Expression(Span);

/// <summary>
/// <c>target.member</c>. The member is a <see cref="NameExpression"/>, also for <c>target.['member']</c>; behind
/// <c>cluster()</c>, <c>database()</c> and <c>workspace()</c> it may be a <see cref="CallExpression"/> or a
/// <see cref="WildcardExpression"/>.
/// </summary>
public sealed record MemberExpression(TextSpan Span, Expression Target, Expression Member) : Expression(Span);

/// <summary><c>target[index]</c>.</summary>
public sealed record IndexExpression(TextSpan Span, Expression Target, Expression Index) : Expression(Span);

/// <summary><c>name(arguments)</c>: a function, an aggregate, a plugin, <c>toscalar</c>, <c>materialize</c>, <c>table</c> or a lambda.</summary>
public sealed record CallExpression(TextSpan Span, Identifier Name, ImmutableArray<NamedExpression> Arguments)
    : Expression(Span);

public enum UnaryOperator
{
    Plus,
    Minus,
}

/// <summary><c>-x</c> or <c>+x</c>.</summary>
public sealed record UnaryExpression(TextSpan Span, UnaryOperator Operator, TextSpan OperatorSpan, Expression Operand)
    : Expression(Span);

/// <summary><c>left operator right</c>, string operators, <c>and</c> and <c>or</c> included.</summary>
public sealed record BinaryExpression(
    TextSpan Span, BinaryOperator Operator, TextSpan OperatorSpan, Expression Left, Expression Right) : Expression(Span);

public enum ListOperator
{
    In,
    NotIn,
    InIgnoreCase,
    NotInIgnoreCase,
    HasAny,
    HasAll,
}

/// <summary><c>left in (a, b)</c>, <c>left has_any (T | project x)</c>; a single item may be a table or a dynamic array.</summary>
public sealed record ListExpression(
    TextSpan Span, ListOperator Operator, TextSpan OperatorSpan, Expression Left, ImmutableArray<Expression> Items)
    : Expression(Span);

/// <summary><c>value between (low .. high)</c>, both ends included; <c>!between</c> where negated.</summary>
public sealed record BetweenExpression(
    TextSpan Span, bool IsNegated, TextSpan OperatorSpan, Expression Value, Expression Low, Expression High)
    : Expression(Span);

/// <summary><c>typeof(long)</c>, or a schema, <c>typeof(*, a:long)</c>.</summary>
public sealed record TypeOfExpression(TextSpan Span, KqlType? Type, TableSchema? Schema) : Expression(Span);

/// <summary>
/// An item of a list: <c>value</c> (no name), <c>name = value</c>, or <c>(a, b) = value</c>, which names the parts of a value
/// with several (two or more names, or one in parentheses, where <paramref name="IsTuple"/>).
/// </summary>
public sealed record NamedExpression(TextSpan Span, ImmutableArray<Identifier> Names, bool IsTuple, Expression Value)
    : SyntaxNode(Span)
{
    /// <summary>The single name given, or null where there is none or several.</summary>
    public Identifier? Name => Names.Length == 1 ? Names[0] : null;
}

/// <summary>
/// <c>source | operator | operator</c>. The source is null where the first operator makes its own rows: print, range, union,
/// find, search, or evaluate of a plugin that takes none.
/// </summary>
public sealed record PipeExpression(TextSpan Span, Expression? Source, ImmutableArray<QueryOperator> Operators)
    : Expression(Span);

/// <summary><c>datatable(a:long, b:string) [1, 'x', 2, 'y']</c>: the values row by row.</summary>
public sealed record DataTableExpression(TextSpan Span, TableSchema Schema, ImmutableArray<Expression> Values)
    : Expression(Span);

/// <summary><c>externaldata(a:long) ['uri'] with (format='csv')</c>.</summary>
public sealed record ExternalDataExpression(
    TextSpan Span, TableSchema Schema, ImmutableArray<Expression> Uris, ImmutableArray<OperatorParameter> Properties)
    : Expression(Span);

/// <summary><c>(T:(*), x:long = 5) { body }</c>, the value of a let statement; a view takes part in wildcards of union.</summary>
public sealed record LambdaExpression(
    TextSpan Span, bool IsView, ImmutableArray<FunctionParameter> Parameters, FunctionBody Body) : Expression(Span);

/// <summary>Stands where an expression could not be read; the parser has reported why, so that nobody else need.</summary>
public sealed record MissingExpression(TextSpan Span) : Expression(Span);
