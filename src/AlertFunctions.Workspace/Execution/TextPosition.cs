namespace AlertFunctions.Workspace.Execution;

/// <summary>Where a position of a query's text lies, as people count: lines and columns from 1.</summary>
internal static class TextPosition
{
    public static (int Line, int Column) Of(string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
