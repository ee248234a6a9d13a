using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Binding;

/// <summary>Takes a constant array apart. What a faulty text leaves of one is taken as the runtime would take it.</summary>
internal static class DynamicLiteral
{
    /// <summary>The items of a constant array as constants: strings, longs, reals, bools, and JSON of what is none of these.</summary>
    public static IEnumerable<BoundLiteral> Items(string json) =>
        JsonReader.Read(json) is List<object?> items ? [.. items.Select(Scalar)] : [Scalar(JsonReader.Read(json))];

    /// <summary>A constant text, or the texts of a constant array of them; null for any other value.</summary>
    public static List<string>? Texts(string json) => JsonReader.Read(json) switch
    {
        string text => [text],
        List<object?> items when items.TrueForAll(item => item is string) => [.. items.Cast<string>()],
        _ => null,
    };

    private static BoundLiteral Scalar(object? item) => item switch
    {
        string text => new BoundLiteral(KqlType.String, text),
        bool flag => new BoundLiteral(KqlType.Bool, flag),
        long number => new BoundLiteral(KqlType.Long, number),
        double number => new BoundLiteral(KqlType.Real, number),
        null => new BoundLiteral(KqlType.Dynamic, null),
        _ => new BoundLiteral(KqlType.Dynamic, JsonText.Write(item)),
    };
}
