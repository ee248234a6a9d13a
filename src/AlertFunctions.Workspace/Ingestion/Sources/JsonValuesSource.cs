using System.Buffers;

namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>
/// A JSON array of records, or records one after another that may run over several lines. Where a record ends is told by its
/// brackets alone, so that one that is no JSON costs itself only.
/// </summary>
internal static class JsonValuesSource
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]\n,"u8);
    private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\\n"u8);

    /// <param name="buffer">The source's bytes.</param>
    /// <param name="isArray">Whether the records lie in an array, whose bracket comes first.</param>
    public static IEnumerable<RecordBlock> Read(BlockBuffer buffer, bool isArray)
    {
        var line = 1L;
        var opened = !isArray;
        while (true)
        {
            var records = new List<RecordPlace>();
            int end;
            var size = BlockBuffer.BlockSize;
            do
            {
                buffer.Fill(size);
                records.Clear();
                end = Split(buffer.Unread, line, isArray, ref opened, records);
                size *= 2;
            }
            while (end == 0 && !buffer.Ended && size <= BlockBuffer.MaxRecord);

            if (end == 0 || (buffer.Ended && records.Count == 0))
            {
                var rest = buffer.Unread[end..].Trim(" \t\r\n,]"u8);
                if (!rest.IsEmpty)
                {
                    var at = line + buffer.Unread[..buffer.Unread.IndexOf(rest)].Count((byte)'\n');
                    yield return Rest.Unreadable(at, "the record has no end; the rest of the file was skipped");
                }

                yield break;
            }

            var bytes = buffer.Take(end);
            var next = line + bytes.AsSpan(0, end).Count((byte)'\n');
            yield return new RecordBlock(bytes.AsMemory(0, end), line, records) { Pooled = bytes };
            line = next;
        }
    }

    /// <summary>Finds the complete records at the start of the bytes, and gives where the last one ends.</summary>
    private static int Split(ReadOnlySpan<byte> bytes, long line, bool isArray, ref bool opened, List<RecordPlace> records)
    {
        var end = 0;
        var depth = 0;
        var start = -1;
        var startLine = line;
        for (var at = 0; at < bytes.Length;)
        {
            var step = start < 0 ? SkipSpace(bytes[at..]) : bytes[at..].IndexOfAny(Structure);
            if (step < 0)
            {
                break;
            }

            at += step;
            var found = bytes[at];
            if (found == '\n')
            {
                line++;
            }
            else if (!opened && found == '[')
            {
                opened = true;
                end = at + 1;
            }
            else if (start < 0 && isArray && found is (byte)',' or (byte)']')
            {
                end = at + 1;
            }
            else
            {
                if (start < 0)
                {
                    (start, startLine) = (at, line);
                }

                if (found == '"')
                {
                    var length = TextLength(bytes[at..], ref line);
                    if (length < 0)
                    {
                        break;
                    }

                    at += length - 1;
                }
                else if (found is (byte)'{' or (byte)'[')
                {
                    depth++;
                }
                else if (found is (byte)'}' or (byte)']')
                {
                    depth--;
                }

                // A scalar has no bracket that ends it: the comma, the array's end or the next record does.
                var isScalarEnd = start < at && (depth < 0 || (depth == 0 && found == ','));
                if (depth <= 0 && (found is (byte)'}' or (byte)']' or (byte)','))
                {
                    end = isScalarEnd ? at : at + 1;
                    records.Add(new RecordPlace(start, end - start, startLine));
                    (start, depth) = (-1, 0);
                    at = end;
                    continue;
                }
            }

            at++;
        }

        return end;
    }

    private static int SkipSpace(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r"u8);

    /// <summary>The length of a text with its quotes; -1 where it does not end.</summary>
    private static int TextLength(ReadOnlySpan<byte> bytes, ref long line)
    {
        for (var at = 1; at < bytes.Length; at++)
        {
            var step = bytes[at..].IndexOfAny(InText);
            if (step < 0)
            {
                return -1;
            }

            at += step;
            switch (bytes[at])
            {
                case (byte)'"':
                    return at + 1;
                case (byte)'\\':
                    at++;
                    break;
                default:
                    line++;
                    break;
            }
        }

        return -1;
    }
}
