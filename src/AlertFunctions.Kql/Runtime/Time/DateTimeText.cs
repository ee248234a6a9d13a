using System.Globalization;

namespace AlertFunctions.Kql.Runtime.Time;

/// <summary>
/// Text to datetime and back. A datetime is its ticks (100 ns since 0001-01-01T00:00Z). Read is everything that the
/// documentation lists (ISO 8601, RFC 822, RFC 850, sortable, with Z, GMT, UTC or an offset) and month/day/year with slashes
/// or dashes; more than seven decimals of a second are cut. What is no datetime, or outside years 1 to 9999, is null.
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/datetime#supported-formats.
/// </summary>
internal static class DateTimeText
{
    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    private static readonly string[] MonthNames =
    [
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ];

    private static readonly string[] Weekdays =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>As Kusto prints a datetime: 2017-10-15T12:00:00.0000000Z. Ticks outside years 1 to 9999 are the nearest of them.</summary>
    public static string Format(long ticks) =>
        new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a datetime as Kusto prints one, and thus not any other text.</summary>
    public static bool IsPrinted(string text) =>
        text is [_, _, _, _, '-', _, _, '-', _, _, 'T', .., 'Z'] && Parse(text) is not null;

    public static long? Parse(string? text) => text is null ? null : Parse(text.AsSpan());

    public static long? Parse(ReadOnlySpan<char> text)
    {
        var cursor = new TextCursor(text.Trim());
        long? date = cursor.PeekIsDigit() ? ReadNumericDate(ref cursor) : null;
        if (date is null)
        {
            cursor = new TextCursor(text.Trim());
            date = ReadNamedDate(ref cursor);
        }

        if (date is not { } day)
        {
            return null;
        }

        if (cursor.AtEnd)
        {
            return day;
        }

        if (!cursor.TrySkip('T') && !cursor.TrySkip('t') && !cursor.TrySkipBlanks())
        {
            return null;
        }

        if (ReadTime(ref cursor) is not { } time || ReadZone(ref cursor) is not { } offset || !cursor.AtEnd)
        {
            return null;
        }

        var ticks = day + time - offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : null;
    }

    private static long? ReadNumericDate(ref TextCursor cursor)
    {
        if (!cursor.TryReadNumber(out var first, out var digits))
        {
            return null;
        }

        if (digits == 4)
        {
            var separator = cursor.TrySkip('-') ? '-' : cursor.TrySkip('/') ? '/' : cursor.TrySkip('.') ? '.' : '\0';
            if (separator == '\0' || !cursor.TryReadNumber(out var month, out digits) || digits > 2)
            {
                return null;
            }

            if (cursor.AtEnd)
            {
                return Day(first, month, 1);
            }

            return cursor.TrySkip(separator) && cursor.TryReadNumber(out var day, out digits) && digits <= 2
                ? Day(first, month, day)
                : null;
        }

        foreach (var separator in "/-")
        {
            if (digits <= 2 && cursor.TrySkip(separator))
            {
                return cursor.TryReadNumber(out var day, out digits) && digits <= 2
                    && cursor.TrySkip(separator) && cursor.TryReadNumber(out var year, out digits) && digits == 4
                    ? Day(year, first, day)
                    : null;
            }
        }

        return null;
    }

    // [Weekday[,]] day month year, with blanks or dashes between; a weekday that does not fit the date is not checked.
    private static long? ReadNamedDate(ref TextCursor cursor)
    {
        if (cursor.TryReadWord(out var weekday))
        {
            if (!IsWeekday(weekday))
            {
                return null;
            }

            cursor.TrySkip(',');
            cursor.TrySkipBlanks();
        }

        if (!cursor.TryReadNumber(out var day, out var digits) || digits > 2
            || !(cursor.TrySkip('-') || cursor.TrySkipBlanks())
            || !cursor.TryReadWord(out var monthName)
            || !(cursor.TrySkip('-') || cursor.TrySkipBlanks())
            || !cursor.TryReadNumber(out var year, out digits) || digits is not (2 or 4))
        {
            return null;
        }

        if (digits == 2)
        {
            year += year < 50 ? 2000 : 1900;
        }

        return MonthOf(monthName) is { } month ? Day(year, month, day) : null;
    }

    private static bool IsWeekday(ReadOnlySpan<char> word)
    {
        foreach (var name in Weekdays)
        {
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase)
                || (word.Length == 3 && name.AsSpan(0, 3).Equals(word, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    private static int? MonthOf(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < 12; i++)
        {
            if (word.Equals(Months[i], StringComparison.OrdinalIgnoreCase)
                || word.Equals(MonthNames[i], StringComparison.OrdinalIgnoreCase))
            {
                return i + 1;
            }
        }

        return null;
    }

    private static long? ReadTime(ref TextCursor cursor)
    {
        cursor.TrySkipBlanks();
        if (!cursor.TryReadNumber(out var hour, out var digits) || digits > 2
            || !cursor.TrySkip(':') || !cursor.TryReadNumber(out var minute, out digits) || digits > 2)
        {
            return null;
        }

        var second = 0;
        long fraction = 0;
        if (cursor.TrySkip(':'))
        {
            if (!cursor.TryReadNumber(out second, out digits) || digits > 2)
            {
                return null;
            }

            if ((cursor.TrySkip('.') || cursor.TrySkip(',')) && !cursor.TryReadFraction(out fraction))
            {
                return null;
            }
        }

        if (ReadHalfOfDay(ref cursor) is { } afternoon)
        {
            if (hour is < 1 or > 12)
            {
                return null;
            }

            hour = (hour % 12) + (afternoon ? 12 : 0);
        }

        return hour <= 23 && minute <= 59 && second <= 59
            ? (((((hour * 60L) + minute) * 60) + second) * TimeSpan.TicksPerSecond) + fraction
            : null;
    }

    private static bool? ReadHalfOfDay(ref TextCursor cursor)
    {
        var ahead = cursor;
        ahead.TrySkipBlanks();
        if (ahead.TryReadWord(out var word))
        {
            var isAfternoon = word.Equals("PM", StringComparison.OrdinalIgnoreCase);
            if (isAfternoon || word.Equals("AM", StringComparison.OrdinalIgnoreCase))
            {
                cursor = ahead;
                return isAfternoon;
            }
        }

        return null;
    }

    // Ticks east of UTC; a time without a zone is UTC.
    private static long? ReadZone(ref TextCursor cursor)
    {
        cursor.TrySkipBlanks();
        if (cursor.AtEnd)
        {
            return 0;
        }

        var sign = cursor.TrySkip('+') ? 1 : cursor.TrySkip('-') ? -1 : 0;
        if (sign == 0)
        {
            return cursor.TryReadWord(out var name)
                && (name.Equals("Z", StringComparison.OrdinalIgnoreCase)
                    || name.Equals("GMT", StringComparison.OrdinalIgnoreCase)
                    || name.Equals("UTC", StringComparison.OrdinalIgnoreCase)
                    || name.Equals("UT", StringComparison.OrdinalIgnoreCase))
                ? 0
                : null;
        }

        if (!cursor.TryReadNumber(out var hours, out var digits) || digits > 4)
        {
            return null;
        }

        var minutes = 0;
        if (digits > 2)
        {
            minutes = hours % 100;
            hours /= 100;
        }
        else if (cursor.TrySkip(':') && (!cursor.TryReadNumber(out minutes, out digits) || digits != 2))
        {
            return null;
        }

        return hours <= 14 && minutes <= 59 ? sign * ((hours * 60L) + minutes) * TimeSpan.TicksPerMinute : null;
    }

    private static long? Day(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateTime(year, month, day).Ticks
            : null;
}
