namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>The end of a source that cannot be read on.</summary>
internal static class Rest
{
    public static RecordBlock Unreadable(long line, string message) => new(default, line, []) { Faults = [(line, message)] };
}
