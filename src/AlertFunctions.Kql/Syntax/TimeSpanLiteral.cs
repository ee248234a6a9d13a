using System.Buffers;
using System.Globalization;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// Reads timespans: <c>1.5h</c>, <c>15 seconds</c>, <c>2</c> (days), <c>[-][d.]hh:mm[:ss[.fffffff]]</c>. In ticks of 100 ns.
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/timespan.
/// </summary>
internal static class TimeSpanLiteral
{
    private static readonly SearchValues<char> QuantityCharacters = SearchValues.Create("0123456789.");

    /// <summary>How long a unit is, 0 where the text names none. Units are case-sensitive in neither form: <c>1D</c> is a day.</summary>
    public static long TicksPerUnit(ReadOnlySpan<char> unit)
    {
        Span<char> lower = stackalloc char[16];
        if (unit.Length > lower.Length)
        {
            return 0;
        }

        unit.ToLowerInvariant(lower);
        return lower[..unit.Length] switch
        {
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "m" or "min" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "s" or "sec" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "ms" or "milli" or "millis" or "millisec" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "micro" or "micros" or "microsec" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "tick" or "ticks" => 1,
            _ => 0,
        };
    }

    public static bool TryParse(ReadOnlySpan<char> text, out long ticks)
    {
        text = text.Trim();
        var isNegative = text.StartsWith("-");
        if (isNegative)
        {
            text = text[1..];
        }

        if (text.Contains(':') ? TryParseClock(text, out ticks) : TryParseQuantity(text, out ticks))
        {
            ticks = isNegative ? -ticks : ticks;
            return true;
        }

        return false;
    }

    private static bool TryParseQuantity(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        var digits = text.IndexOfAnyExcept(QuantityCharacters);
        var unit = digits < 0 ? "d" : text[digits..].Trim();
        var perUnit = TicksPerUnit(unit);
        if (perUnit == 0
            || !decimal.TryParse(
                digits < 0 ? text : text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        if (amount > long.MaxValue / perUnit)
        {
            return false;
        }

        ticks = (long)(amount * perUnit);
        return true;
    }

    private static bool TryParseClock(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        long days = 0;
        var dot = text.IndexOf('.');
        if (dot >= 0 && dot < text.IndexOf(':'))
        {
            if (!TryParseDigits(text[..dot], 8, long.MaxValue, out days))
            {
                return false;
            }

            text = text[(dot + 1)..];
        }

        Span<Range> parts = stackalloc Range[4];
        var count = text.Split(parts, ':');
        if (count is < 2 or > 3
            || !TryParseDigits(text[parts[0]], 2, 23, out var hours)
            || !TryParseDigits(text[parts[1]], 2, 59, out var minutes))
        {
            return false;
        }

        long seconds = 0, fraction = 0;
        if (count == 3 && !TryParseSeconds(text[parts[2]], out seconds, out fraction))
        {
            return false;
        }

        if (days > TimeSpan.MaxValue.Days - 1)
        {
            return false;
        }

        ticks = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * TimeSpan.TicksPerSecond + fraction;
        return true;
    }

    /// <summary>Reads <c>ss[.fffffff]</c>; digits beyond a tick are cut off.</summary>
    internal static bool TryParseSeconds(ReadOnlySpan<char> text, out long seconds, out long fraction)
    {
        fraction = 0;
        var dot = text.IndexOf('.');
        if (!TryParseDigits(dot < 0 ? text : text[..dot], 2, 59, out seconds))
        {
            return false;
        }

        if (dot < 0)
        {
            return true;
        }

        var digits = text[(dot + 1)..];
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        for (var i = 0; i < 7; i++)
        {
            fraction = fraction * 10 + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return true;
    }

    internal static bool TryParseDigits(ReadOnlySpan<char> text, int maxDigits, long max, out long value)
    {
        value = 0;
        return text.Length > 0
            && text.Length <= maxDigits
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= max;
    }
}
