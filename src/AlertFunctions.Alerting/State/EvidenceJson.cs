using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.State;

/// <summary>Rows of a result as JSON: <c>[["Name:type", ...], [cell, ...], ...]</c>. What a type cannot say as JSON is its text.</summary>
internal sealed class EvidenceJson : JsonConverter<QueryTable>
{
    public override void Write(Utf8JsonWriter writer, QueryTable value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStartArray();
        foreach (var column in value.Columns)
        {
            writer.WriteStringValue($"{column.Name}:{column.Type}");
        }

        writer.WriteEndArray();
        foreach (var row in value.Rows)
        {
            writer.WriteStartArray();
            foreach (var cell in row)
            {
                Write(writer, cell);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    public override QueryTable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var lines = document.RootElement.EnumerateArray().ToArray();
        var columns = lines[0].EnumerateArray().Select(c => c.GetString()!).Select(c => c.LastIndexOf(':') is var colon
            ? new QueryColumn(c[..colon], c[(colon + 1)..])
            : throw new InvalidOperationException("Unreachable.")).ToArray();
        return new QueryTable(
            columns,
            [.. lines.Skip(1).Select(line => (IReadOnlyList<object?>)[.. line.EnumerateArray().Select((cell, i) => Value(cell, columns[i].Type))])]);
    }

    private static void Write(Utf8JsonWriter writer, object? cell)
    {
        switch (cell)
        {
            case null or JsonElement { ValueKind: JsonValueKind.Undefined }:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            // NaN and the infinities are no JSON numbers.
            case double real:
                writer.WriteStringValue(real.ToString("R", CultureInfo.InvariantCulture));
                break;
            case decimal number:
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                writer.WriteNumberValue(time.UtcTicks);
                break;
            case TimeSpan span:
                writer.WriteNumberValue(span.Ticks);
                break;
            case Guid guid:
                writer.WriteStringValue(guid);
                break;
            case JsonElement element:
                element.WriteTo(writer);
                break;
            default:
                throw new InvalidOperationException($"A query engine gave a cell of type {cell.GetType()}.");
        }
    }

    private static object? Value(JsonElement cell, string type) => cell.ValueKind == JsonValueKind.Null
        ? null
        : type switch
        {
            "bool" => cell.GetBoolean(),
            "int" => cell.GetInt32(),
            "long" => cell.GetInt64(),
            "real" => double.Parse(cell.GetString()!, CultureInfo.InvariantCulture),
            "decimal" => decimal.Parse(cell.GetString()!, CultureInfo.InvariantCulture),
            "datetime" => new DateTimeOffset(cell.GetInt64(), TimeSpan.Zero),
            "timespan" => new TimeSpan(cell.GetInt64()),
            "guid" => Guid.Parse(cell.GetString()!),
            "dynamic" => cell.Clone(),
            _ => cell.GetString(),
        };
}
