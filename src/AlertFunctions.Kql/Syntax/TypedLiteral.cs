using System.Buffers;
using System.Globalization;
using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Syntax;

/// <summary>Reads what stands in the parentheses of <c>datetime(...)</c>, <c>long(...)</c> and their like.</summary>
internal static class TypedLiteral
{
    private static readonly SearchValues<char> DateListCharacters = SearchValues.Create("0123456789, ");

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.eE+-");

    /// <summary>The types' names as declarations write them, old spellings included.</summary>
    public static bool TryGetType(ReadOnlySpan<char> name, out KqlType type)
    {
        KqlType? found = name switch
        {
            "bool" or "boolean" => KqlType.Bool,
            "int" or "int32" => KqlType.Int,
            "long" or "int64" => KqlType.Long,
            "real" or "double" => KqlType.Real,
            "decimal" => KqlType.Decimal,
            "string" => KqlType.String,
            "datetime" or "date" => KqlType.DateTime,
            "timespan" or "time" => KqlType.TimeSpan,
            "guid" or "uuid" or "uniqueid" => KqlType.Guid,
            "dynamic" => KqlType.Dynamic,
            _ => null,
        };
        type = found ?? default;
        return found is not null;
    }

    /// <summary>Whether the name, directly before a parenthesis, begins a literal; dynamic's content is parsed, not scanned.</summary>
    public static bool IsTypeName(ReadOnlySpan<char> name) =>
        name is not "uuid" and not "uniqueid"
        && TryGetType(name, out var type) && type is not (KqlType.String or KqlType.Dynamic);

    /// <summary>The value of a literal of the type; null for <c>null</c>. False where the text is no such literal.</summary>
    public static bool TryParse(KqlType type, ReadOnlySpan<char> text, out object? value)
    {
        text = text.Trim();
        value = null;
        if (text is "null")
        {
            return true;
        }

        value = type switch
        {
            KqlType.Bool => ParseBool(text),
            KqlType.Int => TryParseLong(text, out var number) && number is >= int.MinValue and <= int.MaxValue
                ? (int)number
                : null,
            KqlType.Long => TryParseLong(text, out var number) ? number : null,
            KqlType.Real => ParseReal(text),
            KqlType.Decimal => decimal.TryParse(
                text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            KqlType.DateTime => ParseDateTime(text),
            KqlType.TimeSpan => TimeSpanText.Parse(text) is { } ticks ? new TimeSpan(ticks) : null,
            KqlType.Guid => Guid.TryParse(text, out var guid) ? guid : null,
            _ => null,
        };
        return value is not null;
    }

    /// <summary>Reads a long: digits with a sign, or hexadecimal behind <c>0x</c>.</summary>
    public static bool TryParseLong(ReadOnlySpan<char> text, out long value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool? ParseBool(ReadOnlySpan<char> text)
    {
        if (text.Equals("true", StringComparison.OrdinalIgnoreCase) || text is "1")
        {
            return true;
        }

        return text.Equals("false", StringComparison.OrdinalIgnoreCase) || text is "0" ? false : null;
    }

    /// <summary>Besides what todatetime reads, a literal may be a year alone, <c>2025, 6, 14</c> or <c>2025 - 06 - 14</c>, as documented examples have it.</summary>
    private static DateTime? ParseDateTime(ReadOnlySpan<char> text)
    {
        if (text.Length == 4 && !text.ContainsAnyExceptInRange('0', '9'))
        {
            text = $"{text}-01-01";
        }
        else if (text.Count(',') == 2 && text.IndexOfAnyExcept(DateListCharacters) < 0)
        {
            text = text.ToString().Replace(" ", "", StringComparison.Ordinal).Replace(',', '-');
        }
        else if (text.Count(" - ") == 2)
        {
            text = text.ToString().Replace(" - ", "-", StringComparison.Ordinal);
        }

        return DateTimeText.Parse(text) is { } ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
    }

    private static object? ParseReal(ReadOnlySpan<char> text) => text switch
    {
        "nan" => double.NaN,
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => text.IndexOfAnyExcept(NumberCharacters) < 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
    };
}
