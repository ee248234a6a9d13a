namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// <c>join kind=inner (right) on a, $left.b == $right.c</c>. The kind is among the parameters. A condition is a
/// <see cref="NameExpression"/> or a <see cref="BinaryExpression"/>, several joined by <c>and</c> being one expression.
/// </summary>
public sealed record JoinOperator(TextSpan Span, TextSpan Keyword, Expression Right, ImmutableArray<Expression> On)
    : QueryOperator(Span, Keyword);

/// <summary><c>lookup kind=leftouter (right) on a</c>.</summary>
public sealed record LookupOperator(TextSpan Span, TextSpan Keyword, Expression Right, ImmutableArray<Expression> On)
    : QueryOperator(Span, Keyword);

/// <summary>
/// <c>union kind=outer withsource=Name isfuzzy=true T, Wild*, (T | where x)</c>. As a pipe's first operator it has no input.
/// </summary>
public sealed record UnionOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<Expression> Tables)
    : QueryOperator(Span, Keyword);

/// <summary>One branch of fork, perhaps named.</summary>
public sealed record ForkBranch(TextSpan Span, Identifier? Name, Subpipe Pipe) : SyntaxNode(Span);

/// <summary><c>fork (where x | count) name = (take 5)</c>.</summary>
public sealed record ForkOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<ForkBranch> Branches)
    : QueryOperator(Span, Keyword);

/// <summary><c>facet by a, b with (take 5)</c>.</summary>
public sealed record FacetOperator(TextSpan Span, TextSpan Keyword, ImmutableArray<Expression> By, Subpipe? With)
    : QueryOperator(Span, Keyword);

/// <summary>
/// <c>partition by column (operators)</c>, or the old <c>partition by column { query }</c> whose query names its own source
/// (<paramref name="Query"/>). Exactly one of both is set.
/// </summary>
public sealed record PartitionOperator(
    TextSpan Span, TextSpan Keyword, Expression By, Subpipe? Pipe, Expression? Query) : QueryOperator(Span, Keyword);
