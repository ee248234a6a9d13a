namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>JSON of any of the three forms, told by how it begins: an array, a record a line, or records over several lines.</summary>
internal static class JsonSource
{
    public static IEnumerable<RecordBlock> Read(BlockBuffer buffer)
    {
        buffer.Fill();
        if (buffer.Unread.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            buffer.Skip(3);
        }

        var start = buffer.Unread.TrimStart(" \t\r\n"u8);
        if (start is [(byte)'[', ..])
        {
            return JsonValuesSource.Read(buffer, isArray: true);
        }

        // A first line that opens more brackets than it closes goes on below.
        var end = start.IndexOf((byte)'\n');
        var line = end < 0 ? start : start[..end];
        var isOpen = end >= 0 && line is [(byte)'{', ..] && line.TrimEnd(" \t\r"u8) is not [.., (byte)'}'];
        return isOpen && !LooksLikeLines(start[(end + 1)..])
            ? JsonValuesSource.Read(buffer, isArray: false)
            : JsonLinesSource.Read(buffer);
    }

    /// <summary>Whether the next line is a record of its own: the first one is then only damaged.</summary>
    private static bool LooksLikeLines(ReadOnlySpan<byte> next)
    {
        var line = next[..Math.Max(next.IndexOf((byte)'\n'), 0)].Trim(" \t\r"u8);
        return line is [(byte)'{', .., (byte)'}'];
    }
}
