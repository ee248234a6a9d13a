using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>JSON text without white space, as dynamic columns hold it; escapes are written only where JSON asks for them.</summary>
internal static class CompactJson
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly SearchValues<byte> SpaceOrQuote = SearchValues.Create(" \t\r\n\""u8);

    /// <summary>Writes a text that is known to be JSON.</summary>
    public static void Write(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        if (json.Contains((byte)'\\'))
        {
            Rewrite(json, output);
            return;
        }

        while (!json.IsEmpty)
        {
            var end = json.IndexOfAny(SpaceOrQuote);
            if (end < 0)
            {
                output.Write(json);
                return;
            }

            output.Write(json[..end]);
            if (json[end] == '"')
            {
                var length = json[(end + 1)..].IndexOf((byte)'"') + 2;
                output.Write(json.Slice(end, length));
                end += length - 1;
            }

            json = json[(end + 1)..];
        }
    }

    /// <summary>Writes a text if it is a JSON object or array.</summary>
    public static bool TryWriteContainer(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        text = text.Trim(" \t\r\n"u8);
        if (text is not ([(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']']))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text);
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return false;
        }

        Write(text, output);
        return true;
    }

    /// <summary>Writes a text as a JSON string.</summary>
    public static void WriteString(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        writer.WriteStringValue(text);
    }

    private static void Rewrite(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        document.RootElement.WriteTo(writer);
    }
}
