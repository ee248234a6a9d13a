using System.Buffers;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// Reads the documented forms of a datetime, always to UTC: ISO 8601 (<c>2014-05-25T08:20:03.123456Z</c>, parts left out from
/// the right down to the year), RFC 822 (<c>Sat, 8 Nov 14 15:05:02 GMT</c>) and RFC 850 (<c>Saturday, 08-Nov-14 15:05:02 GMT</c>).
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/datetime.
/// </summary>
internal static class DateTimeLiteral
{
    private static readonly SearchValues<char> ClockCharacters = SearchValues.Create("0123456789:.");

    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly string[] Weekdays =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static bool TryParse(ReadOnlySpan<char> text, out DateTime value)
    {
        text = text.Trim();
        value = default;
        if (!TryReadDate(ref text, out var year, out var month, out var day))
        {
            return false;
        }

        long ticks = 0;
        if (!text.IsEmpty && !TryReadTimeAndZone(text, out ticks))
        {
            return false;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks += new DateTime(year, month, day).Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        value = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool TryReadDate(ref ReadOnlySpan<char> text, out int year, out int month, out int day)
    {
        (year, month, day) = (0, 1, 1);
        var comma = text.IndexOf(',');
        if (comma >= 0)
        {
            if (!IsWeekday(text[..comma]))
            {
                return false;
            }

            text = text[(comma + 1)..].TrimStart();
            return TryReadNamedMonth(ref text, out year, out month, out day);
        }

        var digits = DigitsAtStart(text);
        if (digits != 4)
        {
            return digits is 1 or 2 && TryReadNamedMonth(ref text, out year, out month, out day);
        }

        year = ReadNumber(ref text, 4);
        if (!TryReadDashed(ref text, ref month) || !TryReadDashed(ref text, ref day))
        {
            return false;
        }

        return text.IsEmpty || text[0] is 'T' or 't' or ' ' && (text = text[1..].TrimStart()).Length > 0;
    }

    /// <summary>Reads <c>-MM</c> if it is there.</summary>
    private static bool TryReadDashed(ref ReadOnlySpan<char> text, ref int number)
    {
        if (text.IsEmpty || text[0] != '-')
        {
            return true;
        }

        text = text[1..];
        var digits = DigitsAtStart(text);
        if (digits is not (1 or 2))
        {
            return false;
        }

        number = ReadNumber(ref text, digits);
        return true;
    }

    /// <summary>Reads <c>8 Nov 14</c>, <c>08-Nov-14</c> and the same with a year of four digits.</summary>
    private static bool TryReadNamedMonth(ref ReadOnlySpan<char> text, out int year, out int month, out int day)
    {
        (year, month, day) = (0, 0, 0);
        var digits = DigitsAtStart(text);
        if (digits is not (1 or 2))
        {
            return false;
        }

        day = ReadNumber(ref text, digits);
        if (text.Length < 6 || text[0] is not (' ' or '-') || text[4] != text[0])
        {
            return false;
        }

        for (var i = 0; i < Months.Length; i++)
        {
            month = text[1..4].Equals(Months[i], StringComparison.OrdinalIgnoreCase) ? i + 1 : month;
        }

        text = text[5..];
        digits = DigitsAtStart(text);
        if (month == 0 || digits is not (2 or 4))
        {
            return false;
        }

        year = ReadNumber(ref text, digits);
        if (digits == 2)
        {
            year += year < 50 ? 2000 : 1900;
        }

        if (!text.IsEmpty && text[0] != ' ')
        {
            return false;
        }

        text = text.TrimStart();
        return true;
    }

    /// <summary>Reads <c>H:mm[:ss[.fffffff]]</c> and a zone; gives the ticks since midnight UTC, which a zone may make negative.</summary>
    private static bool TryReadTimeAndZone(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        var end = text.IndexOfAnyExcept(ClockCharacters);
        var time = end < 0 ? text : text[..end];
        Span<Range> parts = stackalloc Range[4];
        var count = time.Split(parts, ':');
        if (count is < 2 or > 3
            || !TimeSpanLiteral.TryParseDigits(time[parts[0]], 2, 23, out var hours)
            || !TimeSpanLiteral.TryParseDigits(time[parts[1]], 2, 59, out var minutes))
        {
            return false;
        }

        long seconds = 0, fraction = 0;
        if (count == 3 && !TimeSpanLiteral.TryParseSeconds(time[parts[2]], out seconds, out fraction))
        {
            return false;
        }

        ticks = ((hours * 60 + minutes) * 60 + seconds) * TimeSpan.TicksPerSecond + fraction;
        return end < 0 || TryReadZone(text[end..].Trim(), ref ticks);
    }

    private static bool TryReadZone(ReadOnlySpan<char> zone, ref long ticks)
    {
        if (zone is "Z" or "z" or "GMT" or "UTC")
        {
            return true;
        }

        if (zone.Length < 3 || zone[0] is not ('+' or '-'))
        {
            return false;
        }

        var minutesAt = zone.Length > 3 && zone[3] == ':' ? 4 : 3;
        long minutes = 0;
        if (!TimeSpanLiteral.TryParseDigits(zone[1..3], 2, 14, out var hours)
            || (zone.Length > 3 && !TimeSpanLiteral.TryParseDigits(zone[minutesAt..], 2, 59, out minutes)))
        {
            return false;
        }

        var offset = (hours * 60 + minutes) * TimeSpan.TicksPerMinute;
        ticks -= zone[0] == '-' ? -offset : offset;
        return true;
    }

    private static bool IsWeekday(ReadOnlySpan<char> text)
    {
        foreach (var weekday in Weekdays)
        {
            if (text.Equals(weekday, StringComparison.OrdinalIgnoreCase)
                || text.Equals(weekday.AsSpan(0, 3), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int DigitsAtStart(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static int ReadNumber(ref ReadOnlySpan<char> text, int digits)
    {
        var value = 0;
        foreach (var digit in text[..digits])
        {
            value = value * 10 + digit - '0';
        }

        text = text[digits..];
        return value;
    }
}
