namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>JSON lines: every line that is not blank is a record.</summary>
internal static class JsonLinesSource
{
    public static IEnumerable<RecordBlock> Read(BlockBuffer buffer)
    {
        var line = 1L;
        while (true)
        {
            buffer.Fill();
            var end = buffer.Ended ? buffer.Unread.Length : buffer.Unread.LastIndexOf((byte)'\n') + 1;
            for (var size = BlockBuffer.BlockSize * 2; end == 0 && !buffer.Ended && size <= BlockBuffer.MaxRecord; size *= 2)
            {
                buffer.Fill(size);
                end = buffer.Ended ? buffer.Unread.Length : buffer.Unread.LastIndexOf((byte)'\n') + 1;
            }

            if (end == 0)
            {
                if (!buffer.Ended)
                {
                    yield return Rest.Unreadable(line, $"the line is longer than {BlockBuffer.MaxRecord >> 20} MB; the rest of the file was skipped");
                }

                yield break;
            }

            var bytes = buffer.Take(end);
            var next = line + bytes.AsSpan(0, end).Count((byte)'\n');
            yield return new RecordBlock(bytes.AsMemory(0, end), line) { Pooled = bytes };
            line = next;
        }
    }
}
