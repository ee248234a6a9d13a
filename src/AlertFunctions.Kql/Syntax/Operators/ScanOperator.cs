namespace AlertFunctions.Kql.Syntax;

/// <summary><c>name:type = default</c> in scan's declare.</summary>
public sealed record ScanColumn(TextSpan Span, Identifier Name, KqlType Type, Expression? Default) : SyntaxNode(Span);

public enum ScanOutput
{
    All,
    Last,
    None,
}

/// <summary><c>step name optional output=last: condition => column = value, ...;</c>.</summary>
public sealed record ScanStep(
    TextSpan Span,
    Identifier Name,
    bool IsOptional,
    ScanOutput? Output,
    Expression Condition,
    ImmutableArray<NamedExpression> Assignments) : SyntaxNode(Span);

/// <summary><c>scan with_match_id=id declare (a:long = 0) with (step ...; step ...)</c>.</summary>
public sealed record ScanOperator(
    TextSpan Span,
    TextSpan Keyword,
    ImmutableArray<OrderedExpression> OrderBy,
    ImmutableArray<Expression> PartitionBy,
    ImmutableArray<ScanColumn> Declared,
    ImmutableArray<ScanStep> Steps) : QueryOperator(Span, Keyword);
