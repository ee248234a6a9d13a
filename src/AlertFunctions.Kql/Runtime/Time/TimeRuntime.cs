namespace AlertFunctions.Kql.Runtime.Time;

/// <summary>
/// Datetimes and timespans, held as ticks, where calendar or text make more of them than SQL can say.
/// Source: learn.microsoft.com/kusto/query/scalar-functions#datetimetimespan-functions.
/// </summary>
internal static class TimeRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, long?>("kql_todatetime", DateTimeText.Parse),
        RuntimeFunction.Of<string, long?>("kql_totimespan", TimeSpanText.Parse),
        RuntimeFunction.Of<long, string>("kql_timespan_text", TimeSpanText.Format),
        RuntimeFunction.Of<long, string, string?>("kql_format_datetime", (ticks, format) => IsDate(ticks) ? TimeFormat.FormatDateTime(ticks, format) : null),
        RuntimeFunction.Of<long, string, string?>("kql_format_timespan", TimeFormat.FormatTimeSpan),
        RuntimeFunction.Of<long, string, long?>("kql_utc_to_local", UtcToLocal),
        RuntimeFunction.Of<long, string, long?>("kql_local_to_utc", LocalToUtc),
        RuntimeFunction.Of<string, long, long, long?>("kql_datetime_add", Add),
        RuntimeFunction.Of<string, long, long, long?>("kql_datetime_diff", Difference),
        RuntimeFunction.Of<string, long, int?>("kql_datetime_part", Part),
    ];

    /// <summary>The time that clocks in the zone (an IANA name) show; null for an unknown zone.</summary>
    public static long? UtcToLocal(long ticks, string zone) =>
        IsDate(ticks) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
            ? TimeZoneInfo.ConvertTimeFromUtc(new DateTime(ticks, DateTimeKind.Utc), found).Ticks
            : null;

    /// <summary>The instant at which clocks in the zone show a time; null for a time that they skip.</summary>
    public static long? LocalToUtc(long ticks, string zone)
    {
        if (!IsDate(ticks) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            return null;
        }

        var local = new DateTime(ticks, DateTimeKind.Unspecified);
        return found.IsInvalidTime(local) ? null : TimeZoneInfo.ConvertTimeToUtc(local, found).Ticks;
    }

    /// <summary>The datetime so many periods later; null outside years 1 to 9999 or for an unknown period.</summary>
    public static long? Add(string period, long amount, long ticks)
    {
        if (!IsDate(ticks))
        {
            return null;
        }

        if (MonthsOf(period) is { } months)
        {
            var date = new DateTime(ticks);
            var count = (Int128)months * amount;
            var target = ((date.Year - 1) * 12) + (date.Month - 1) + count;
            return target >= 0 && target < 9999 * 12 ? date.AddMonths((int)count).Ticks : null;
        }

        if (TicksOf(period) is not { } size)
        {
            return null;
        }

        var sum = ticks + (size == 0 ? (Int128)(amount / 100) : (Int128)size * amount);
        return sum >= 0 && sum <= DateTime.MaxValue.Ticks ? (long)sum : null;
    }

    /// <summary>
    /// How many boundaries of the period lie between two datetimes, first minus second; weeks begin on Sunday.
    /// Source: learn.microsoft.com/kusto/query/datetime-diff-function.
    /// </summary>
    public static long? Difference(string period, long first, long second)
    {
        if (!IsDate(first) || !IsDate(second))
        {
            return null;
        }

        if (MonthsOf(period) is { } months)
        {
            return MonthIndex(first, months) - MonthIndex(second, months);
        }

        if (period.Equals("week", StringComparison.OrdinalIgnoreCase))
        {
            return WeekIndex(first) - WeekIndex(second);
        }

        return TicksOf(period) switch
        {
            null => null,
            0 => (first - second) * 100,
            { } size => (first / size) - (second / size),
        };
    }

    /// <summary>A part of a datetime as a number. Source: learn.microsoft.com/kusto/query/datetime-part-function.</summary>
    public static int? Part(string part, long ticks)
    {
        if (!IsDate(ticks))
        {
            return null;
        }

        var date = new DateTime(ticks);
        var fraction = ticks % TimeSpan.TicksPerSecond;
        return Normalize(part) switch
        {
            "year" => date.Year,
            "quarter" => ((date.Month - 1) / 3) + 1,
            "month" => date.Month,
            "weekofyear" => System.Globalization.ISOWeek.GetWeekOfYear(date),
            "day" => date.Day,
            "dayofyear" => date.DayOfYear,
            "hour" => date.Hour,
            "minute" => date.Minute,
            "second" => date.Second,
            "millisecond" => (int)(fraction / TimeSpan.TicksPerMillisecond),
            "microsecond" => (int)(fraction / TimeSpan.TicksPerMicrosecond),
            "nanosecond" => (int)(fraction * 100),
            _ => null,
        };
    }

    // Arithmetic can leave years 1 to 9999.
    private static bool IsDate(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    /// <summary>The part's name as the switches have it: lower case, without underscores.</summary>
    public static string Normalize(string part) => part.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static long MonthIndex(long ticks, int months)
    {
        var date = new DateTime(ticks);
        return (((date.Year - 1) * 12) + date.Month - 1) / months;
    }

    // Day 0 of the calendar, 0001-01-01, is a Monday; weeks begin on Sunday.
    private static long WeekIndex(long ticks) => ((ticks / TimeSpan.TicksPerDay) + 1) / 7;

    private static int? MonthsOf(string period) =>
        period.ToLowerInvariant() switch
        {
            "year" => 12,
            "quarter" => 3,
            "month" => 1,
            _ => null,
        };

    // A nanosecond, less than a tick, is 0.
    private static long? TicksOf(string period) =>
        period.ToLowerInvariant() switch
        {
            "week" => 7 * TimeSpan.TicksPerDay,
            "day" => TimeSpan.TicksPerDay,
            "hour" => TimeSpan.TicksPerHour,
            "minute" => TimeSpan.TicksPerMinute,
            "second" => TimeSpan.TicksPerSecond,
            "millisecond" => TimeSpan.TicksPerMillisecond,
            "microsecond" => TimeSpan.TicksPerMicrosecond,
            "nanosecond" => 0,
            _ => null,
        };
}
