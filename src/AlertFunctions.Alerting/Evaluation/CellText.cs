using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// The text of a result's cell, the same for a value however the engine types it: int and long, real and decimal, a string and
/// a dynamic that holds one. Null is the empty text, as KQL's tostring() has it.
/// </summary>
public static class CellText
{
    public static string Of(object? cell) => cell switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        // A decimal keeps its trailing zeros; the value does not.
        decimal number => (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        DateTimeOffset time => Time(time),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        Guid guid => guid.ToString("D"),
        JsonElement json => Json(json),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A query engine gave a cell of type {cell.GetType()}."),
    };

    private static string Time(DateTimeOffset time) => time.Ticks % TimeSpan.TicksPerSecond == 0
        ? time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
        : time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);

    private static string Json(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => json.GetRawText(),
        _ => Ordered(json)!.ToJsonString(),
    };

    // Engines do not agree on the order of a property bag's keys.
    private static JsonNode? Ordered(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(json.EnumerateObject()
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .DistinctBy(p => p.Name)
            .Select(p => KeyValuePair.Create(p.Name, Ordered(p.Value)))),
        JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(Ordered)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(json),
    };
}
