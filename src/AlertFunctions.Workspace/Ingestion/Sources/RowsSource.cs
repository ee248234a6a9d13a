using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlertFunctions.Workspace.Ingestion.Sources;

/// <summary>Records from memory, written as JSON so that they are converted exactly as those of files are.</summary>
internal static class RowsSource
{
    private const int RowsPerBlock = 8192;

    public static IEnumerable<RecordBlock> Read(IEnumerable<IngestRow> rows)
    {
        var number = 1L;
        foreach (var batch in rows.Chunk(RowsPerBlock))
        {
            var output = new ArrayBufferWriter<byte>(64 << 10);
            using var writer = new Utf8JsonWriter(
                output, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            var records = new List<RecordPlace>(batch.Length);
            foreach (var row in batch)
            {
                var start = output.WrittenCount;
                writer.Reset();
                WriteValue(writer, row.Fields);
                writer.Flush();
                records.Add(new RecordPlace(start, output.WrittenCount - start, number++));
            }

            yield return new RecordBlock(
                output.WrittenMemory, records[0].Line, records, [.. batch.Select(row => row.IngestedAt?.UtcTicks)]);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                writer.WriteNullValue();
                break;
            case JsonNode node:
                node.WriteTo(writer);
                break;
            case JsonElement element:
                element.WriteTo(writer);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                writer.WriteStringValue(DateTime.SpecifyKind(time, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture));
                break;
            case TimeSpan span:
                writer.WriteStringValue(span.ToString("c", CultureInfo.InvariantCulture));
                break;
            case double real when !double.IsFinite(real):
                writer.WriteStringValue(real.ToString(CultureInfo.InvariantCulture));
                break;
            case float real when !float.IsFinite(real):
                writer.WriteStringValue(real.ToString(CultureInfo.InvariantCulture));
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or Int128 or double or float or decimal or System.Numerics.BigInteger:
                writer.WriteRawValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IEnumerable<KeyValuePair<string, object?>> fields:
                WriteObject(writer, fields);
                break;
            case IEnumerable items:
                WriteArray(writer, items);
                break;
            default:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> fields)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, IEnumerable items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            WriteValue(writer, item);
        }

        writer.WriteEndArray();
    }
}
