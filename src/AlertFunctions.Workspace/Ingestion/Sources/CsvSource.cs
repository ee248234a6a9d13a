using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>
/// CSV with a header line (RFC 4180): comma, double quotes, quotes doubled inside them. The portal's exports name datetime
/// columns <c>TimeGenerated [UTC]</c>; the bracket is not part of the name.
/// </summary>
internal static class CsvSource
{
    private static readonly SearchValues<byte> FieldEnd = SearchValues.Create(",\n"u8);

    /// <param name="buffer">The source's bytes.</param>
    /// <param name="rename">The record's field for a column's name; null for the name itself.</param>
    public static IEnumerable<RecordBlock> Read(BlockBuffer buffer, Func<string, string>? rename = null)
    {
        string[]? header = null;
        var line = 1L;
        while (true)
        {
            var size = BlockBuffer.BlockSize;
            int end;
            do
            {
                buffer.Fill(size);
                end = buffer.Ended ? buffer.Unread.Length : LastRecordEnd(buffer.Unread);
                size *= 2;
            }
            while (end == 0 && !buffer.Ended && size <= BlockBuffer.MaxRecord);

            if (end == 0)
            {
                if (!buffer.Ended)
                {
                    yield return Rest.Unreadable(line, "the record has no end; the rest of the file was skipped");
                }

                yield break;
            }

            var bytes = buffer.Take(end);
            var next = line + bytes.AsSpan(0, end).Count((byte)'\n');
            var block = Convert(bytes.AsSpan(0, end), ref header, rename, line);
            ArrayPool<byte>.Shared.Return(bytes);
            yield return block;
            line = next;
        }
    }

    /// <summary>Where the last record ends whose line break is not inside quotes.</summary>
    private static int LastRecordEnd(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf((byte)'\n') + 1;
        while (end > 0 && (bytes[..end].Count((byte)'"') & 1) != 0)
        {
            end = bytes[..(end - 1)].LastIndexOf((byte)'\n') + 1;
        }

        return end;
    }

    /// <summary>The names of a file's columns; none where it is empty.</summary>
    public static IReadOnlyList<string> ReadHeader(BlockBuffer buffer)
    {
        string[]? header = null;
        buffer.Fill();
        Convert(buffer.Unread, ref header, rename: null, firstLine: 1);
        return header ?? [];
    }

    private static RecordBlock Convert(ReadOnlySpan<byte> bytes, ref string[]? header, Func<string, string>? rename, long firstLine)
    {
        var records = new List<RecordPlace>();
        var faults = new List<(long, string)>();
        var output = new ArrayBufferWriter<byte>(bytes.Length * 2);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        var fields = new List<string>();
        var line = firstLine;
        while (!bytes.IsEmpty)
        {
            var startLine = line;
            fields.Clear();
            var length = ReadRecord(bytes, fields);
            line += bytes[..length].Count((byte)'\n');
            bytes = bytes[length..];
            if (header is null)
            {
                header = [.. fields.Select(ColumnName).Select(rename ?? (name => name))];
            }
            else if (fields.Count == header.Length)
            {
                var start = output.WrittenCount;
                writer.Reset();
                writer.WriteStartObject();
                for (var field = 0; field < header.Length; field++)
                {
                    writer.WriteString(header[field], fields[field]);
                }

                writer.WriteEndObject();
                writer.Flush();
                records.Add(new RecordPlace(start, output.WrittenCount - start, startLine));
            }
            else if (fields is not [""])
            {
                faults.Add((startLine, $"the record has {fields.Count} fields, the header {header.Length}"));
            }
        }

        return new RecordBlock(output.WrittenMemory, firstLine, records) { Faults = faults };
    }

    private static string ColumnName(string heading)
    {
        var name = heading.Trim();
        return name.EndsWith(" [UTC]", StringComparison.Ordinal) ? name[..^" [UTC]".Length] : name;
    }

    /// <summary>Reads a record's fields and gives its length with the line break.</summary>
    private static int ReadRecord(ReadOnlySpan<byte> bytes, List<string> fields)
    {
        var at = 0;
        while (true)
        {
            if (at < bytes.Length && bytes[at] == '"')
            {
                at = ReadQuoted(bytes, at, fields);
            }
            else
            {
                var length = bytes[at..].IndexOfAny(FieldEnd);
                var end = length < 0 ? bytes.Length : at + length;
                fields.Add(Encoding.UTF8.GetString(bytes[at..end].TrimEnd((byte)'\r')));
                at = end;
            }

            if (at >= bytes.Length)
            {
                return bytes.Length;
            }

            if (bytes[at++] == '\n')
            {
                return at;
            }
        }
    }

    /// <summary>Reads a field in quotes and gives where the comma or the line break after it is.</summary>
    private static int ReadQuoted(ReadOnlySpan<byte> bytes, int at, List<string> fields)
    {
        var text = new StringBuilder();
        var start = at + 1;
        while (true)
        {
            var length = bytes[start..].IndexOf((byte)'"');
            var end = length < 0 ? bytes.Length : start + length;
            text.Append(Encoding.UTF8.GetString(bytes[start..end]));
            if (end + 1 < bytes.Length && bytes[end + 1] == '"')
            {
                text.Append('"');
                start = end + 2;
                continue;
            }

            var after = Math.Min(end + 1, bytes.Length);
            var rest = bytes[after..].IndexOfAny(FieldEnd);
            fields.Add(text.ToString());
            return rest < 0 ? bytes.Length : after + rest;
        }
    }
}
