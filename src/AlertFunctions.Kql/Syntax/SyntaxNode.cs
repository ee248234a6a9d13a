namespace AlertFunctions.Kql.Syntax;

/// <summary>A piece of a query's text with its place. The tree is closed: every kind of node lies in this folder.</summary>
public abstract record SyntaxNode
{
    private protected SyntaxNode(TextSpan span) => Span = span;

    public TextSpan Span { get; init; }
}

/// <summary>A name as written, decoded: <c>['a b']</c> has the text <c>a b</c>.</summary>
public sealed record Identifier(TextSpan Span, string Text) : SyntaxNode(Span);

/// <summary>A whole query: statements in the order of the text.</summary>
public sealed record QueryScript(TextSpan Span, ImmutableArray<Statement> Statements) : SyntaxNode(Span);
