using System.Globalization;
using System.Text.Json;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>How a value of a result is written for a reader: plain text, not yet escaped.</summary>
internal static class CellText
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <param name="column">The column's name: a number of bytes is written in a readable unit.</param>
    /// <param name="value">A cell of a <see cref="Evaluation.QueryTable"/>.</param>
    public static string Of(string column, object? value) => value switch
    {
        null => "",
        string text => ResourceName(text),
        DateTimeOffset time => Time(time),
        bool truth => truth ? "true" : "false",
        long or int or double or decimal when column.EndsWith("Bytes", StringComparison.Ordinal) =>
            Bytes(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        long number => number.ToString(CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        JsonElement json => Json(json),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>
    /// The name of an Azure resource with its kind and group, for the whole path of one: /subscriptions/s/resourceGroups/g/providers/p/t/n is
    /// "n (t in g)". Other text is returned as it is.
    /// </summary>
    public static string ResourceName(string text)
    {
        if (!text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var parts = text.Split('/');
        return parts is ["", _, _, var groups, var group, var providers, _, .., var type, var name]
            && groups.Equals("resourceGroups", StringComparison.OrdinalIgnoreCase)
            && providers.Equals("providers", StringComparison.OrdinalIgnoreCase)
            && name.Length > 0
            ? $"{name} ({type} in {group})"
            : text;
    }

    private static string Bytes(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 1024 && unit < ByteUnits.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.#} {ByteUnits[unit]}");
    }

    private static string Json(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => ResourceName(json.GetString() ?? ""),
        JsonValueKind.Array when json.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String or JsonValueKind.Number) =>
            string.Join(", ", json.EnumerateArray().Select(item => item.ToString())),
        _ => json.GetRawText(),
    };
}
