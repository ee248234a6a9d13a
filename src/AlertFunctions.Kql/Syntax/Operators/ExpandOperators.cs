namespace AlertFunctions.Kql.Syntax;

/// <summary><c>name = array to typeof(long)</c> in mv-expand and mv-apply.</summary>
public sealed record ExpandedColumn(TextSpan Span, NamedExpression Column, TypeOfExpression? To) : SyntaxNode(Span);

/// <summary>
/// <c>mv-expand with_itemindex=i kind=array a, b to typeof(long) limit 10</c>. <c>bagexpansion</c>, <c>kind</c> and
/// <c>with_itemindex</c> are among the parameters.
/// </summary>
public sealed record MvExpandOperator(
    TextSpan Span, TextSpan Keyword, ImmutableArray<ExpandedColumn> Columns, Expression? Limit) : QueryOperator(Span, Keyword)
{
    /// <summary>Whether it is spelled <c>mvexpand</c>, which gives no more than 128 rows of a record unless told.</summary>
    public bool IsLegacy { get; init; }
}

/// <summary><c>mv-apply with_itemindex=i a = array to typeof(long) limit 10 on (operators)</c>.</summary>
public sealed record MvApplyOperator(
    TextSpan Span, TextSpan Keyword, ImmutableArray<ExpandedColumn> Columns, Expression? Limit, Subpipe On)
    : QueryOperator(Span, Keyword);
