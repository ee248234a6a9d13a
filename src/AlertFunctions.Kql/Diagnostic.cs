namespace AlertFunctions.Kql;

/// <summary>How much a diagnostic matters: only an error keeps a query from running.</summary>
public enum DiagnosticSeverity
{
    Warning,
    Error,
}

/// <summary>What kind of fault a diagnostic reports; the query API tells a syntax error from a semantic one.</summary>
public enum DiagnosticKind
{
    Syntax,
    Semantic,
    NotSupported,
}

/// <summary>One fault in a query's text: a stable code (KQL012), its place, what is wrong and, where known, what to do.</summary>
public sealed record Diagnostic(
    string Code,
    DiagnosticSeverity Severity,
    DiagnosticKind Kind,
    TextSpan Span,
    string Message,
    string? Hint = null)
{
    /// <summary>The code of a name that is expected to be a table's and is none.</summary>
    public const string UnknownTable = "KQL100";
}
