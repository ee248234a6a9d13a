namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// Collects the faults of syntax. It keeps the first hundred: a text that is no KQL at all has as many faults as words.
/// </summary>
internal sealed class DiagnosticBag
{
    private const int Limit = 100;

    private readonly List<Diagnostic> _diagnostics = [];

    public void Add(
        string code, TextSpan span, string message, string? hint = null, DiagnosticKind kind = DiagnosticKind.Syntax)
    {
        if (_diagnostics.Count < Limit)
        {
            _diagnostics.Add(new Diagnostic(code, DiagnosticSeverity.Error, kind, span, message, hint));
        }
    }

    /// <summary>What was collected, in the order of the text.</summary>
    public ImmutableArray<Diagnostic> ToImmutable() =>
        [.. _diagnostics.OrderBy(d => d.Span.Start).ThenBy(d => d.Span.Length)];
}
