namespace AlertFunctions.Alerting.Detections;

/// <summary>A detection's KQL as it is on file, and where that is: the .kql file beside the .yaml, or the .yaml's own <c>query:</c>.</summary>
/// <param name="Text">The text that runs, unchanged.</param>
/// <param name="Start">The place of the text's first character.</param>
/// <param name="Indent">
/// How many columns the file puts before each further line of the text: 0 in a .kql file, the block's indentation in a YAML
/// block. Null where lines of text and file do not correspond (a folded or quoted scalar): every fault is then at the start.
/// </param>
public sealed record DetectionQuery(string Text, SourcePosition Start, int? Indent)
{
    /// <summary>The place on file of a line and column of the text, both from 1.</summary>
    public SourcePosition PositionAt(int line, int column) => Indent is not { } indent
        ? Start
        : new SourcePosition(Start.Path, Start.Line + line - 1, line == 1 ? Start.Column + column - 1 : indent + column);

    /// <summary>The place on file of a position of the text, from 0.</summary>
    public SourcePosition PositionAt(int offset)
    {
        var before = Text.AsSpan(0, Math.Clamp(offset, 0, Text.Length));
        var line = 1 + before.Count('\n');
        return PositionAt(line, before.Length - before.LastIndexOf('\n'));
    }
}
