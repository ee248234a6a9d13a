namespace AlertFunctions.Alerting.Detections;

/// <summary>How much a fault in the catalogue matters: an error keeps its detection from running, a warning does not.</summary>
public enum CatalogueSeverity
{
    Warning,
    Error,
}

/// <summary>One fault in a file of the catalogue: its place, a stable code, what is wrong and, where known, what to do.</summary>
public sealed record CatalogueDiagnostic(
    SourcePosition Position,
    CatalogueSeverity Severity,
    string Code,
    string Message,
    string? Hint = null)
{
    public bool IsError => Severity == CatalogueSeverity.Error;

    /// <summary>One line that editors and terminals make clickable: <c>path:line:col: error AFN012: message (hint)</c>.</summary>
    public override string ToString()
    {
        var severity = Severity == CatalogueSeverity.Error ? "error" : "warning";
        var hint = Hint is null ? "" : $" ({Hint})";
        return $"{Position}: {severity} {Code}: {Message}{hint}";
    }
}
