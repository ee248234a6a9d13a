using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>The faults that binding finds. Each is reported once, however often its text is bound.</summary>
internal sealed class Diagnostics
{
    /// <summary>How many faults are reported, as with the parser's: nobody reads more.</summary>
    private const int Most = 100;

    private readonly List<Diagnostic> _all = [];
    private readonly HashSet<(string, TextSpan)> _seen = [];

    public IReadOnlyList<Diagnostic> All => _all;

    /// <summary>The place of the call within the query, while a saved function's text is bound: its own places mean nothing there.</summary>
    public TextSpan? Outside { get; set; }

    public void Semantic(string code, TextSpan span, string message, string? hint = null) =>
        Add(new Diagnostic(code, DiagnosticSeverity.Error, DiagnosticKind.Semantic, Outside ?? span, message, hint));

    public void NotSupported(TextSpan span, string message, string? hint = null) =>
        Add(new Diagnostic("KQL200", DiagnosticSeverity.Error, DiagnosticKind.NotSupported, Outside ?? span, message, hint));

    public void Warning(string code, TextSpan span, string message, string? hint = null) =>
        Add(new Diagnostic(code, DiagnosticSeverity.Warning, DiagnosticKind.Semantic, Outside ?? span, message, hint));

    public void UnknownName(string what, string name, TextSpan span, IEnumerable<string> candidates)
    {
        // Looking for what was meant costs the time of a look at every name.
        var meant = _all.Count < Most ? Spelling.Closest(name, candidates) : null;
        Semantic(what == "table" ? Diagnostic.UnknownTable : "KQL101", span, $"There is no {what} '{name}'", meant is null ? null : $"Did you mean '{meant}'?");
    }

    private void Add(Diagnostic diagnostic)
    {
        // A warning beyond them may go; an error is among them.
        if (_all.Count < Most && _seen.Add((diagnostic.Message, diagnostic.Span)))
        {
            _all.Add(diagnostic);
        }
    }
}
