using System.Globalization;
using System.Text;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// The only way in which a value becomes query text. Source for the forms: learn.microsoft.com/kusto/query/scalar-data-types.
/// </summary>
public static class KqlLiteral
{
    /// <summary>A string literal in single quotes; quotes, backslashes and control characters are escaped.</summary>
    public static string String(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var literal = new StringBuilder(value.Length + 2).Append('\'');
        foreach (var character in value)
        {
            _ = character switch
            {
                '\'' => literal.Append("\\'"),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                // U+2028 and U+2029 end a line for some readers, and a line's end would end the literal.
                _ when char.IsControl(character) || character is '\u2028' or '\u2029' =>
                    literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => literal.Append(character),
            };
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>A datetime literal in UTC, exact to the tick of 100 ns.</summary>
    public static string DateTime(DateTimeOffset value) =>
        $"datetime({value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)})";

    /// <summary>A timespan literal, exact to the tick.</summary>
    public static string TimeSpan(TimeSpan value) => $"timespan({value.ToString("c", CultureInfo.InvariantCulture)})";

    public static string Long(long value) => string.Create(CultureInfo.InvariantCulture, $"long({value})");

    public static string Bool(bool value) => value ? "true" : "false";

    public static string Guid(Guid value) => $"guid({value:D})";

    /// <summary>A name in brackets, which may hold any character and be a keyword.</summary>
    public static string Name(string name) => $"[{String(name)}]";

    /// <summary>A dynamic literal that holds an array of strings, for <c>in</c> and <c>has_any</c>.</summary>
    public static string Strings(IEnumerable<string> values) => $"dynamic([{string.Join(", ", values.Select(JsonString))}])";

    // Inside dynamic() the text is JSON, which knows no \' and wants double quotes.
    private static string JsonString(string value)
    {
        var json = new StringBuilder(value.Length + 2).Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                _ when char.IsControl(character) || character is '\u2028' or '\u2029' =>
                    json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => json.Append(character),
            };
        }

        return json.Append('"').ToString();
    }
}
