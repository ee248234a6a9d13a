using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.State;

/// <summary>Rows of a result as JSON: <c>[["Name:type", ...], [cell, ...], ...]</c>. What a type cannot say as JSON is its text.</summary>
internal static class EvidenceJson
{
    public static JsonElement Write(QueryTable table)
    {
        var rows = new JsonArray(new JsonArray([.. table.Columns.Select(c => (JsonNode)JsonValue.Create($"{c.Name}:{c.Type}"))]));
        foreach (var row in table.Rows)
        {
            rows.Add((JsonNode)new JsonArray([.. row.Select(Cell)]));
        }

        using var document = JsonDocument.Parse(rows.ToJsonString());
        return document.RootElement.Clone();
    }

    public static QueryTable Read(JsonElement json)
    {
        var lines = json.EnumerateArray().ToArray();
        var columns = lines[0].EnumerateArray().Select(c => c.GetString()!).Select(c => c.LastIndexOf(':') is var colon
            ? new QueryColumn(c[..colon], c[(colon + 1)..])
            : throw new InvalidOperationException("Unreachable.")).ToArray();
        return new QueryTable(
            columns,
            [.. lines.Skip(1).Select(line => (IReadOnlyList<object?>)[.. line.EnumerateArray().Select((cell, i) => Value(cell, columns[i].Type))])]);
    }

    private static JsonNode? Cell(object? cell) => cell switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        string text => JsonValue.Create(text),
        // NaN and the infinities are no JSON numbers.
        double real => JsonValue.Create(real.ToString("R", CultureInfo.InvariantCulture)),
        decimal number => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        DateTimeOffset time => JsonValue.Create(time.UtcTicks),
        TimeSpan span => JsonValue.Create(span.Ticks),
        Guid guid => JsonValue.Create(guid.ToString("D")),
        JsonElement element => element.ValueKind == JsonValueKind.Undefined ? null : JsonNode.Parse(element.GetRawText()),
        _ => throw new InvalidOperationException($"A query engine gave a cell of type {cell.GetType()}."),
    };

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
