using System.Text.Json;

namespace AlertFunctions.Kql.Runtime;

/// <summary>Dynamic values, held as JSON text.</summary>
internal static class DynamicRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_parse_json", ParseJson),
    ];

    /// <summary>
    /// The compact JSON of a text; a text that is no JSON is a dynamic string of it. JSON null is null.
    /// Source: learn.microsoft.com/kusto/query/parse-json-function.
    /// </summary>
    public static string? ParseJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Null ? null : Compact(document.RootElement);
        }
        catch (JsonException)
        {
            return Quote(text);
        }
    }

    /// <summary>A string as JSON text.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, DynamicJson.Encoder)}\"";

    private static string Compact(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, DynamicJson.WriterOptions))
        {
            element.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
