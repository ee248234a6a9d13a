using System.Globalization;

namespace AlertFunctions.Kql.Runtime;

/// <summary>
/// Text of a real: the shortest digits that give the number back, always with a decimal point or exponent, so that a real
/// does not turn into a long on the way through text. Source: learn.microsoft.com/kusto/query/scalar-data-types/real.
/// </summary>
internal static class RealText
{
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    public static double? Parse(string? text)
    {
        var trimmed = text.AsSpan().Trim();
        const NumberStyles Style = NumberStyles.Float;
        if (double.TryParse(trimmed, Style, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        return trimmed switch
        {
            _ when trimmed.Equals("inf", StringComparison.OrdinalIgnoreCase) => double.PositiveInfinity,
            _ when trimmed.Equals("+inf", StringComparison.OrdinalIgnoreCase) => double.PositiveInfinity,
            _ when trimmed.Equals("-inf", StringComparison.OrdinalIgnoreCase) => double.NegativeInfinity,
            _ => null,
        };
    }
}
