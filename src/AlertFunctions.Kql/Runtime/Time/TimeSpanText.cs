using System.Buffers;
using System.Globalization;

namespace AlertFunctions.Kql.Runtime.Time;

/// <summary>
/// Text to timespan and back. A timespan is ticks of 100 ns. Read are [-][d.]hh:mm[:ss[.fffffff]], a bare number of days, and
/// a number with a unit (2d, 1.5h, 30m, 10s, 100ms, 10microsecond, 1tick, 15 seconds); anything else is null.
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/timespan.
/// </summary>
internal static class TimeSpanText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>As Kusto prints a timespan: [-][d.]hh:mm:ss[.fffffff].</summary>
    public static string Format(long ticks) => new TimeSpan(ticks).ToString("c", CultureInfo.InvariantCulture);

    public static long? Parse(string? text) => text is null ? null : Parse(text.AsSpan());

    public static long? Parse(ReadOnlySpan<char> text)
    {
        var cursor = new TextCursor(text.Trim());
        var isNegative = cursor.TrySkip('-');
        var magnitude = cursor.Rest.Contains(':') ? ParseClock(cursor.Rest) : ParseQuantity(cursor.Rest);
        return isNegative ? -magnitude : magnitude;
    }

    /// <summary>The ticks of a unit as timespan literals name it, or null.</summary>
    public static long? TicksOfUnit(ReadOnlySpan<char> unit) =>
        unit switch
        {
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "m" or "min" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "s" or "sec" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "ms" or "milli" or "millis" or "millisec" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "micro" or "micros" or "microsec" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "nano" or "nanos" or "nanosec" or "nanosecond" or "nanoseconds" => 0,
            "tick" or "ticks" => 1,
            _ => null,
        };

    /// <summary>Ticks of so many units, a part of a tick cut; null where a timespan cannot hold it.</summary>
    public static long? FromQuantity(ReadOnlySpan<char> number, ReadOnlySpan<char> unit)
    {
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quantity)
            || TicksOfUnit(unit) is not { } size)
        {
            return null;
        }

        // A nanosecond is a hundredth of a tick.
        var factor = size == 0 ? 0.01m : size;
        return quantity > long.MaxValue / factor ? null : (long)(quantity * factor);
    }

    private static long? ParseQuantity(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExcept(NumberCharacters);
        return digits < 0 ? FromQuantity(text, "d") : FromQuantity(text[..digits], text[digits..].Trim());
    }

    private static long? ParseClock(ReadOnlySpan<char> text)
    {
        var cursor = new TextCursor(text);
        if (!cursor.TryReadNumber(out var hours, out _))
        {
            return null;
        }

        var days = 0;
        var hasDays = cursor.TrySkip('.');
        if (hasDays)
        {
            days = hours;
            if (!cursor.TryReadNumber(out hours, out _))
            {
                return null;
            }
        }

        var seconds = 0;
        long fraction = 0;
        if (!cursor.TrySkip(':') || !cursor.TryReadNumber(out var minutes, out _))
        {
            return null;
        }

        if (cursor.TrySkip(':'))
        {
            if (!cursor.TryReadNumber(out seconds, out _) || (cursor.TrySkip('.') && !cursor.TryReadFraction(out fraction)))
            {
                return null;
            }
        }

        if (!cursor.AtEnd || hours > 23 || minutes > 59 || seconds > 59 || days > TimeSpan.MaxValue.Days)
        {
            return null;
        }

        var time = (Int128)((((hours * 60L) + minutes) * 60) + seconds) * TimeSpan.TicksPerSecond;
        var ticks = time + ((Int128)days * TimeSpan.TicksPerDay) + fraction;
        return ticks > long.MaxValue ? null : (long)ticks;
    }
}
