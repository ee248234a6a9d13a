using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace AlertFunctions.Cli.KubeAudit;

/// <summary>A record of a file, or what kept one from being read: exactly one of the two.</summary>
/// <param name="Line">The line that the record begins on; the first is 1.</param>
/// <param name="Value">The record.</param>
/// <param name="Fault">What is wrong with the text there.</param>
internal readonly record struct JsonRecord(int Line, JsonElement? Value, string? Fault);

/// <summary>
/// Reads the objects of a file: one a line, pretty-printed one after another, in arrays, or in lists as the Kubernetes API
/// writes them (an object whose <c>items</c> is an array). Gzip is recognised by its first bytes. Commas and brackets between
/// objects count as space, so an array is a sequence like any other, and a fault costs one record: reading resumes at the next
/// line that begins an object as far to the left as the broken one.
/// </summary>
internal static class JsonRecords
{
    public static IEnumerable<JsonRecord> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(Decompress(file), Encoding.UTF8);

        var number = 0;
        while (true)
        {
            var (line, fault) = ReadLine(reader);
            number++;
            if (fault is not null)
            {
                yield return new(number, null, fault);
            }

            if (line is null)
            {
                yield break;
            }

            if (!JsonSequence.TryReadLine(line, number, out var records))
            {
                // Not one object a line: the rest is read in one piece, because only it tells where this object ends.
                var (rest, restFault) = ReadToEnd(reader);
                records = JsonSequence.Read(line + "\n" + rest, number);
                if (restFault is not null)
                {
                    records.Add(new(records.Count == 0 ? number : records[^1].Line, null, restFault));
                }

                foreach (var record in records)
                {
                    yield return record;
                }

                yield break;
            }

            foreach (var record in records)
            {
                yield return record;
            }
        }
    }

    private static Stream Decompress(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static (string? Line, string? Fault) ReadLine(StreamReader reader)
    {
        try
        {
            return (reader.ReadLine(), null);
        }
        catch (InvalidDataException fault)
        {
            return (null, BrokenArchive(fault));
        }
    }

    private static (string Text, string? Fault) ReadToEnd(StreamReader reader)
    {
        var text = new StringBuilder();
        var buffer = new char[64 * 1024];
        try
        {
            for (int read; (read = reader.Read(buffer)) > 0;)
            {
                text.Append(buffer, 0, read);
            }

            return (text.ToString(), null);
        }
        catch (InvalidDataException fault)
        {
            return (text.ToString(), BrokenArchive(fault));
        }
    }

    private static string BrokenArchive(InvalidDataException fault) => $"the gzip data is damaged from here on: {fault.Message}";
}
