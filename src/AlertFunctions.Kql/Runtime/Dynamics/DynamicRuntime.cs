using System.Globalization;
using AlertFunctions.Kql.Runtime.Json;
using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Runtime.Dynamics;

/// <summary>
/// Dynamic values, held as JSON text, made from text and turned into scalars.
/// Sources: learn.microsoft.com/kusto/query/parse-json-function, .../scalar-data-types/dynamic, .../gettype-function.
/// </summary>
internal static class DynamicRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.OfText("kql_parse_json", CanonicalJson.Is, ParseJson),
        RuntimeFunction.OfList("kql_items", (text, list) => new JsonItems(list, asArrays: false).Split(text)),
        RuntimeFunction.OfList("kql_items_as_arrays", (text, list) => new JsonItems(list, asArrays: true).Split(text)),
        RuntimeFunction.Of<string, string>("kql_dynamic_text", ToText),
        RuntimeFunction.Of<string, string>("kql_gettype", GetType),
        RuntimeFunction.Of<string, string, string?>("kql_extract_json", ExtractJson),
        RuntimeFunction.Of<string, string?>("kql_buildschema", BuildSchema),
    ];

    /// <summary>The compact JSON of a text; a text that is no JSON is a dynamic string of it. JSON null and '' are null.</summary>
    public static string? ParseJson(string text) =>
        string.IsNullOrWhiteSpace(text) ? null : JsonText.Write(JsonReader.Read(text));

    /// <summary>The text of a dynamic value: a string without its quotes.</summary>
    public static string ToText(string value) =>
        value is not ['"', ..] ? value : JsonText.ToPlainText(JsonReader.Read(value));

    /// <summary>
    /// The name of the type that a dynamic holds. A whole number is long where it does not fit an int, as the page prints.
    /// Text that is a datetime or timespan in Kusto's own printing is still a string here: JSON does not tell.
    /// </summary>
    public static string GetType(string value) =>
        JsonReader.Read(value) switch
        {
            null => "null",
            bool => "bool",
            long whole => whole is >= int.MinValue and <= int.MaxValue ? "int" : "long",
            double => "real",
            string => "string",
            List<object?> => "array",
            _ => "dictionary",
        };

    /// <summary>What the path leads to as text, null where it leads nowhere.</summary>
    public static string? ExtractJson(string path, string text) =>
        BagPath.Parse(path) is { } steps && JsonReader.TryRead(text, out var root)
            && BagPath.TryFind(root, steps, out var value) && value is not null
            ? JsonText.ToPlainText(value)
            : null;

    /// <summary>
    /// The smallest schema that admits every element of an array of values.
    /// Source: learn.microsoft.com/kusto/query/buildschema-aggregation-function.
    /// </summary>
    public static string? BuildSchema(string values)
    {
        object? schema = null;
        foreach (var value in ArrayRuntime.Arguments(values))
        {
            schema = Union(schema, SchemaOf(value));
        }

        return JsonText.Write(schema);
    }

    private static object? SchemaOf(object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonBag bag:
                var named = new JsonBag();
                foreach (var (key, item) in bag)
                {
                    named[key] = SchemaOf(item);
                }

                return named;
            case List<object?> items:
                return new JsonBag { ["`indexer`"] = items.Aggregate((object?)null, (schema, item) => Union(schema, SchemaOf(item))) };
            case bool:
                return "bool";
            case long:
                return "long";
            case double:
                return "double";
            case string text:
                return DateTimeText.IsPrinted(text) ? "datetime" : "string";
            default:
                throw new InvalidOperationException($"Unreachable: {value.GetType()} is no dynamic value.");
        }
    }

    // A schema is a type's name, a bag of named schemas, or a list of these.
    private static object? Union(object? first, object? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        var parts = Parts(first);
        foreach (var part in Parts(second))
        {
            if (part is JsonBag bag && parts.OfType<JsonBag>().FirstOrDefault() is { } known)
            {
                foreach (var (key, schema) in bag)
                {
                    known[key] = Union(known.GetValueOrDefault(key), schema);
                }
            }
            else if (!parts.Contains(part))
            {
                parts.Add(part);
            }
        }

        return parts.Count == 1 ? parts[0] : parts;
    }

    private static List<object?> Parts(object schema) => schema is List<object?> list ? list : [schema];

    /// <summary>The JSON of a real: NaN and infinities, which JSON lacks, are text.</summary>
    public static string RealJson(double value) =>
        double.IsFinite(value) ? RealText.Format(value) : string.Create(CultureInfo.InvariantCulture, $"\"{RealText.Format(value)}\"");
}
