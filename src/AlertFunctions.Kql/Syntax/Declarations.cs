namespace AlertFunctions.Kql.Syntax;

/// <summary><c>name:type</c>.</summary>
public sealed record ColumnDeclaration(TextSpan Span, Identifier Name, KqlType Type, TextSpan TypeSpan) : SyntaxNode(Span);

/// <summary><c>(a:long, b:string)</c>; open where it has a <c>*</c>: further columns are taken as they come.</summary>
public sealed record TableSchema(TextSpan Span, ImmutableArray<ColumnDeclaration> Columns, bool IsOpen) : SyntaxNode(Span);

/// <summary>
/// A parameter of a lambda or of the query: a scalar (<paramref name="Type"/>, perhaps with a default, a literal) or a table
/// (<paramref name="Schema"/>). Exactly one of both is set.
/// </summary>
public sealed record FunctionParameter(
    TextSpan Span, Identifier Name, KqlType? Type, TableSchema? Schema, Expression? Default) : SyntaxNode(Span);

/// <summary><c>{ statements; result }</c>. The result is null only where a fault was reported.</summary>
public sealed record FunctionBody(TextSpan Span, ImmutableArray<Statement> Statements, Expression? Result) : SyntaxNode(Span);

/// <summary><c>name = value</c> behind an operator's keyword (<c>kind=inner</c>, <c>hint.strategy=shuffle</c>) or in <c>with (...)</c>.</summary>
public sealed record OperatorParameter(TextSpan Span, Identifier Name, Expression Value) : SyntaxNode(Span)
{
    /// <summary>The value where it is a bare word, a string or a bool (as <c>true</c> or <c>false</c>); otherwise null.</summary>
    public string? Word => Value switch
    {
        NameExpression name => name.Name,
        LiteralExpression { Value: string text } => text,
        LiteralExpression { Value: bool flag } => flag ? "true" : "false",
        _ => null,
    };
}
