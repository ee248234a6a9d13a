namespace AlertFunctions.Kql.Syntax;

/// <summary>What the parser made of a text: always a tree, and every fault of syntax in the order of the text.</summary>
public sealed record SyntaxTree(string Text, QueryScript Root, ImmutableArray<Diagnostic> Diagnostics);
