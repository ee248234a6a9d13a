using System.Text.Json;

namespace AlertFunctions.Kql.Binding;

/// <summary>Takes a constant array apart.</summary>
internal static class DynamicLiteral
{
    /// <summary>The items of a constant array as constants: strings, longs, reals, bools, and JSON of what is none of these.</summary>
    public static IEnumerable<BoundLiteral> Items(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(Scalar)]
            : [Scalar(document.RootElement)];
    }

    private static BoundLiteral Scalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new BoundLiteral(KqlType.String, element.GetString()),
        JsonValueKind.True or JsonValueKind.False => new BoundLiteral(KqlType.Bool, element.GetBoolean()),
        JsonValueKind.Number when element.TryGetInt64(out var number) => new BoundLiteral(KqlType.Long, number),
        JsonValueKind.Number => new BoundLiteral(KqlType.Real, element.GetDouble()),
        JsonValueKind.Null => new BoundLiteral(KqlType.Dynamic, null),
        _ => new BoundLiteral(KqlType.Dynamic, element.GetRawText()),
    };
}
