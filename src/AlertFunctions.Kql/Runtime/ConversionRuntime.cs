using System.Globalization;

namespace AlertFunctions.Kql.Runtime;

/// <summary>
/// Conversions of text to numbers and bools. As functions they are written with their argument once; SQL for them would name it
/// several times, and DuckDB would look for what is common in it for longer than most queries run.
/// Source: learn.microsoft.com/kusto/query/tolong-function, .../tobool-function.
/// </summary>
internal static class ConversionRuntime
{
    private const string Blanks = " \t\n\f\r";

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, long?>("kql_tolong", ToLong),
        RuntimeFunction.Of<string, long?>("kql_dynamic_tolong", DynamicToLong),
        RuntimeFunction.Of<string, bool?>("kql_tobool", ToBool),

        // What a path in a dynamic leads to: JSON null is no value.
        RuntimeFunction.OfText("kql_json_value", json => !json.SequenceEqual("null"u8), _ => null),
    ];

    /// <summary>A whole number, decimal or (without a sign) hexadecimal; null for any other text, '1.5' included.</summary>
    public static long? ToLong(string text)
    {
        var number = text.AsSpan().Trim(Blanks);
        if (number is ['0', 'x' or 'X', ..])
        {
            return long.TryParse(number[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) && hex >= 0
                ? hex
                : null;
        }

        return long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>The text of a dynamic value as a whole number: a real is cut off behind the point.</summary>
    public static long? DynamicToLong(string text)
    {
        if (ToLong(text) is { } whole)
        {
            return whole;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && Math.Truncate(real) is >= -9223372036854775808.0 and < 9223372036854775808.0 and var cut
            ? (long)cut
            : null;
    }

    public static bool? ToBool(string text)
    {
        var word = text.AsSpan().Trim(' ');
        return word.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
            : word.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
            : ToLong(text) is { } number ? number != 0
            : null;
    }
}
