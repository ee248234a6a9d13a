using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// Decodes a cell as the service encodes it: decimal as a string, real as a number or "NaN"/"Infinity"/"-Infinity", datetime as ISO 8601,
/// timespan as "[d.]hh:mm:ss[.fffffff]", dynamic as a string that holds JSON.
/// Source: the Azure SDK for .NET, LogsTableRow.cs.
/// </summary>
internal static class Cell
{
    /// <summary>Reads the value at the reader's token; false where the buffer ends inside it.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, QueryColumn column, out object? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            if (column.Type != "dynamic")
            {
                throw Mismatch(column, reader.TokenType);
            }

            if (!JsonDocument.TryParseValue(ref reader, out var document))
            {
                return false;
            }

            using (document)
            {
                value = document.RootElement.Clone();
            }

            return true;
        }

        value = Decode(ref reader, column);
        return true;
    }

    private static object? Decode(ref Utf8JsonReader reader, QueryColumn column) => (column.Type, reader.TokenType) switch
    {
        ("string", JsonTokenType.String) => reader.GetString(),
        ("bool", JsonTokenType.True) => true,
        ("bool", JsonTokenType.False) => false,
        ("bool", JsonTokenType.Number) => reader.GetInt32() != 0,
        ("int", JsonTokenType.Number) => reader.GetInt32(),
        ("long", JsonTokenType.Number) => reader.GetInt64(),
        ("real", JsonTokenType.Number) => reader.GetDouble(),
        ("real", JsonTokenType.String) => ParseReal(reader.GetString()!, column),
        ("decimal", JsonTokenType.Number) => reader.GetDecimal(),
        ("decimal", JsonTokenType.String) =>
            decimal.TryParse(reader.GetString(), NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Mismatch(column, reader.TokenType),
        ("datetime", JsonTokenType.String) =>
            DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time
                : throw Mismatch(column, reader.TokenType),
        ("timespan", JsonTokenType.String) =>
            TimeSpan.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var span) ? span : throw Mismatch(column, reader.TokenType),
        ("guid", JsonTokenType.String) => Guid.TryParse(reader.GetString(), out var guid) ? guid : throw Mismatch(column, reader.TokenType),
        ("dynamic", JsonTokenType.String) => ParseDynamic(reader.GetString()!),
        ("dynamic", _) => ParseDynamic(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)),
        (_, JsonTokenType.String) when !IsKnown(column.Type) => reader.GetString(),
        _ => throw Mismatch(column, reader.TokenType),
    };

    private static bool IsKnown(string type) =>
        type is "string" or "bool" or "int" or "long" or "real" or "decimal" or "datetime" or "timespan" or "guid" or "dynamic";

    private static double ParseReal(string text, QueryColumn column) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => throw Mismatch(column, JsonTokenType.String),
    };

    /// <summary>The service writes a dynamic string without its quotes, so a text that is not JSON is a string of its own.</summary>
    private static JsonElement? ParseDynamic(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return JsonElement.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        }
    }

    private static JsonException Mismatch(QueryColumn column, JsonTokenType token) =>
        new($"Column {column.Name} of type {column.Type} holds a {token} that does not fit.");
}
