namespace AlertFunctions.Kql.Syntax;

/// <summary><c>count</c>, perhaps <c>count as Name</c>.</summary>
public sealed record CountOperator(TextSpan Span, TextSpan Keyword, Identifier? Name) : QueryOperator(Span, Keyword);

/// <summary><c>summarize aggregates by keys</c>; either list may be empty, not both.</summary>
public sealed record SummarizeOperator(
    TextSpan Span, TextSpan Keyword, ImmutableArray<NamedExpression> Aggregates, ImmutableArray<NamedExpression> By)
    : QueryOperator(Span, Keyword);

/// <summary><c>name = aggregate default = value</c> in make-series.</summary>
public sealed record SeriesAggregate(TextSpan Span, NamedExpression Aggregate, Expression? Default) : SyntaxNode(Span);

/// <summary>
/// <c>make-series aggregates on axis from a to b step c by keys</c>. <c>in range(a, b, c)</c> fills the same places with
/// <paramref name="IsInRange"/> set, because it includes its end and <c>to</c> does not.
/// </summary>
public sealed record MakeSeriesOperator(
    TextSpan Span,
    TextSpan Keyword,
    ImmutableArray<SeriesAggregate> Aggregates,
    NamedExpression On,
    Expression? From,
    Expression? To,
    Expression Step,
    bool IsInRange,
    ImmutableArray<NamedExpression> By) : QueryOperator(Span, Keyword);

/// <summary>One level: <c>top-nested count of value with others = label by aggregate desc</c>. No count means all.</summary>
public sealed record TopNestedLevel(
    TextSpan Span, Expression? Count, NamedExpression Of, Expression? Others, NamedExpression By, SortDirection? Direction)
    : SyntaxNode(Span);

/// <summary><c>top-nested ..., top-nested ...</c>.</summary>
public sealed record TopNestedOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<TopNestedLevel> Levels)
    : QueryOperator(Span, Keyword);

/// <summary><c>top-hitters count of value by weight</c>.</summary>
public sealed record TopHittersOperator(
    TextSpan Span, TextSpan Keyword, Expression Count, NamedExpression Of, NamedExpression? By) : QueryOperator(Span, Keyword);

/// <summary><c>reduce by text with threshold = 0.1, characters = '-'</c>.</summary>
public sealed record ReduceOperator(
    TextSpan Span, TextSpan Keyword, NamedExpression By, ImmutableArray<OperatorParameter> Options)
    : QueryOperator(Span, Keyword);
