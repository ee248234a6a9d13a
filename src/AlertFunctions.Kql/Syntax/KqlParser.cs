namespace AlertFunctions.Kql.Syntax;

/// <summary>Reads KQL. Any text gives a tree; what is wrong with it is among the tree's diagnostics.</summary>
public static class KqlParser
{
    /// <summary>Parses a query: statements separated by semicolons.</summary>
    public static SyntaxTree Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text, parser => parser.ParseScript());
    }

    /// <summary>Parses the text of a saved function, <c>(T:string) { body }</c> or <c>{ body }</c>, as one expression statement.</summary>
    public static SyntaxTree ParseFunction(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text, parser => parser.ParseFunctionText());
    }

    private static SyntaxTree Parse(string text, Func<Parser, QueryScript> parse)
    {
        var diagnostics = new DiagnosticBag();
        var tokens = new Lexer(text, diagnostics).Lex();
        var root = parse(new Parser(text, tokens, diagnostics));
        return new SyntaxTree(text, root, diagnostics.ToImmutable());
    }
}
