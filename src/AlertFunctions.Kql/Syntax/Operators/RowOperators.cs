namespace AlertFunctions.Kql.Syntax;

/// <summary><c>where predicate</c>, also spelt <c>filter</c>.</summary>
public sealed record WhereOperator(TextSpan Span, TextSpan Keyword, Expression Predicate) : QueryOperator(Span, Keyword);

/// <summary><c>take count</c>, also spelt <c>limit</c>.</summary>
public sealed record TakeOperator(TextSpan Span, TextSpan Keyword, Expression Count) : QueryOperator(Span, Keyword);

/// <summary><c>sample count</c>.</summary>
public sealed record SampleOperator(TextSpan Span, TextSpan Keyword, Expression Count) : QueryOperator(Span, Keyword);

/// <summary><c>sample-distinct count of value</c>.</summary>
public sealed record SampleDistinctOperator(TextSpan Span, TextSpan Keyword, Expression Count, NamedExpression Of)
    : QueryOperator(Span, Keyword);

public enum SortDirection
{
    Ascending,
    Descending,
}

public enum NullsOrder
{
    First,
    Last,
}

/// <summary><c>key asc nulls first</c>; null where the text says nothing: the default is descending, nulls as the direction has them.</summary>
public sealed record OrderedExpression(TextSpan Span, NamedExpression Key, SortDirection? Direction, NullsOrder? Nulls)
    : SyntaxNode(Span);

/// <summary><c>sort by</c>, also spelt <c>order by</c>.</summary>
public sealed record SortOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<OrderedExpression> Keys)
    : QueryOperator(Span, Keyword);

/// <summary><c>top count by key</c>.</summary>
public sealed record TopOperator(TextSpan Span, TextSpan Keyword, Expression Count, OrderedExpression Key)
    : QueryOperator(Span, Keyword);

/// <summary><c>serialize</c>, perhaps with columns to add.</summary>
public sealed record SerializeOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Columns)
    : QueryOperator(Span, Keyword);
