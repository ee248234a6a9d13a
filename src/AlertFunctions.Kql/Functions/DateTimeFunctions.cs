using System.Globalization;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;
using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// Functions of datetimes and timespans. Both are ticks: most of calendar and clock is integer arithmetic, the rest DuckDB's
/// own timestamp functions.
/// </summary>
internal static class DateTimeFunctions
{
    private const string Day = "864000000000";

    // Offsets that lead out of the years 1 to 9999 from any of them, but not out of what DuckDB counts.
    private const string Days = "greatest(-4000000, least({1}, 4000000))";
    private const string Weeks = "greatest(-600000, least({1}, 600000))";
    private const string Months = "CAST(greatest(-130000, least({1}, 130000)) AS INTEGER)";
    private const string Years = "CAST(greatest(-11000, least({1}, 11000)) AS INTEGER)";

    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        Start("startofday", $"(kql_days({{0}}) + {Days}) * {Day}"),
        Start("startofweek", $"(kql_sunday({{0}}) + 7 * {Weeks}) * {Day}"),
        Start("startofmonth", $"kql_ticks(date_trunc('month', kql_timestamp({{0}})) + to_months({Months}))"),
        Start("startofyear", $"kql_ticks(date_trunc('year', kql_timestamp({{0}})) + to_years({Years}))"),
        Start("endofday", $"(kql_days({{0}}) + {Days} + 1) * {Day} - 1"),
        Start("endofweek", $"(kql_sunday({{0}}) + 7 * ({Weeks} + 1)) * {Day} - 1"),
        Start("endofmonth", $"kql_ticks(date_trunc('month', kql_timestamp({{0}})) + to_months({Months} + 1)) - 1"),
        Start("endofyear", $"kql_ticks(date_trunc('year', kql_timestamp({{0}})) + to_years({Years} + 1)) - 1"),

        // The days since the last Sunday, as a timespan.
        new("dayofweek", "day-of-week-function",
            new Overload("(date: datetime): timespan", $"((kql_days({{0}}) + 1) % 7) * {Day}", Precedence.Multiplicative)),
        Part("dayofmonth", "day-of-month-function", "day(kql_timestamp({0}))"),
        Part("dayofyear", "day-of-year-function", "dayofyear(kql_timestamp({0}))"),
        Part("getyear", "get-year-function", "year(kql_timestamp({0}))"),
        Part("monthofyear", "monthofyear-function", "month(kql_timestamp({0}))") with { Deprecated = ["getmonth"] },
        Part("hourofday", "hour-of-day-function", "{0} // 36000000000 % 24"),
        Part("week_of_year", "week-of-year-function", "week(kql_timestamp({0}))") with { Deprecated = ["weekofyear"] },
        new("datetime_part", "datetime-part-function",
            new Overload("(part: const string, date: datetime): int", EmitPart) { Nulls = NullRule.Maybe, Refuse = arguments => RefusePart(arguments, "week_of_year", "dayofyear") })
        {
            Deprecated = ["datepart"],
        },
        new("datetime_add", "datetime-add-function",
            new Overload("(part: const string, value: long, datetime: datetime): datetime", "kql_datetime_add({0}, {1}, {2})")
            {
                Nulls = NullRule.Maybe,
                Refuse = arguments => RefusePart(arguments, "week"),
            }),
        new("datetime_diff", "datetime-diff-function",
            new Overload("(part: const string, datetime1: datetime, datetime2: datetime): long", EmitDifference) { Nulls = NullRule.Maybe, Refuse = arguments => RefusePart(arguments, "week") }),
        new("datetime_utc_to_local", "datetime-utc-to-local-function",
            new Overload("(from: datetime, timezone: string): datetime", "kql_utc_to_local({0}, {1})") { Nulls = NullRule.Maybe }),
        new("datetime_local_to_utc", "datetime-local-to-utc-function",
            new Overload("(from: datetime, timezone: string): datetime", "kql_local_to_utc({0}, {1})") { Nulls = NullRule.Maybe }),
        new("format_datetime", "format-datetime-function",
            new Overload("(date: datetime, format: const string): string", EmitFormat) { Refuse = RefuseDateFormat, Nulls = NullRule.Maybe }),
        new("format_timespan", "format-timespan-function",
            new Overload("(timespan: timespan, format: const string): string", "kql_format_timespan({0}, {1})")
            {
                Refuse = RefuseSpanFormat,
                Nulls = NullRule.Maybe,
            }),
        new("make_datetime", "make-datetime-function",
            new Overload("(value: datetime): datetime", "{0}"),
            new Overload("(value: string): datetime", "kql_todatetime({0})") { Nulls = NullRule.Maybe },
            new Overload("(value: long): datetime", "{0}"),
            new Overload("(year: long, month: long, day: long): datetime", site => MakeDateTime(site, "0", "0", "0.0")) { Nulls = NullRule.Maybe },
            new Overload("(year: long, month: long, day: long, hour: long, minute: long): datetime",
                site => MakeDateTime(site, site.Operand(3), site.Operand(4), "0.0")) { Nulls = NullRule.Maybe },
            new Overload("(year: long, month: long, day: long, hour: long, minute: long, second: real): datetime",
                site => MakeDateTime(site, site.Operand(3), site.Operand(4), site.Operand(5))) { Nulls = NullRule.Maybe }),
        new("make_timespan", "make-timespan-function",
            new Overload("(value: timespan): timespan", "{0}"),
            new Overload("(value: string): timespan", "kql_totimespan({0})") { Nulls = NullRule.Maybe },
            new Overload("(hours: long, minutes: long): timespan", site => MakeTimeSpan("0", site.Operand(0), site.Operand(1), "0.0"))
            {
                Nulls = NullRule.Maybe,
            },
            new Overload("(hours: long, minutes: long, seconds: real): timespan",
                site => MakeTimeSpan("0", site.Operand(0), site.Operand(1), site.Operand(2))) { Nulls = NullRule.Maybe },
            new Overload("(days: long, hours: long, minutes: long, seconds: real): timespan",
                site => MakeTimeSpan(site.Operand(0), site.Operand(1), site.Operand(2), site.Operand(3))) { Nulls = NullRule.Maybe }),
        UnixTime("seconds", 10_000_000),
        UnixTime("milliseconds", 10_000),
        UnixTime("microseconds", 10),
        new("unixtime_nanoseconds_todatetime", "unixtime-nanoseconds-todatetime-function",
            new Overload("(number: long): datetime", "621355968000000000 + CAST(kql_floor({0}::HUGEINT, 100) // 100 AS BIGINT)", Precedence.Additive),
            new Overload("(number: real): datetime", "CASE WHEN abs({0}) < 9e18 THEN 621355968000000000 + CAST(floor({0} / 100) AS BIGINT) END")
            {
                Nulls = NullRule.Maybe,
            }),
    ];

    private static ScalarFunction Start(string name, string template) =>
        new(name, $"{name}-function", new Overload("(date: datetime, offset: long = 0): datetime", $"({template})"));

    private static ScalarFunction Part(string name, string page, string template) =>
        new(name, page, new Overload("(date: datetime): int", $"CAST({template} AS INTEGER)"));

    private static ScalarFunction UnixTime(string unit, long ticks)
    {
        // Null outside years 1 to 9999; a fraction is cut to ticks.
        var first = (-62135596800L * TimeSpan.TicksPerSecond / ticks).ToString(CultureInfo.InvariantCulture);
        var last = (253402300799L * TimeSpan.TicksPerSecond / ticks).ToString(CultureInfo.InvariantCulture);
        return new($"unixtime_{unit}_todatetime", $"unixtime-{unit}-todatetime-function",
            new Overload("(number: long): datetime",
                $"CASE WHEN {{0}} BETWEEN {first} AND {last} THEN 621355968000000000 + {{0}} * {ticks} END")
            {
                Nulls = NullRule.Maybe,
            },
            new Overload("(number: real): datetime",
                $"CASE WHEN {{0}} BETWEEN {first} AND {last} THEN 621355968000000000 + CAST(trunc({{0}} * {ticks}) AS BIGINT) END")
            {
                Nulls = NullRule.Maybe,
            });
    }

    private static SqlText MakeDateTime(CallSite site, string hour, string minute, string second) =>
        new($"kql_ticks({Attempt.Of("make_timestamp({0}, {1}, {2}, 0, 0, 0.0)", site.Sql(0), site.Sql(1), site.Sql(2))}) + {Clock(hour, minute, second)}",
            Precedence.Additive);

    private static SqlText MakeTimeSpan(string days, string hour, string minute, string second) =>
        new($"{days} * {Day} + {Clock(hour, minute, second)}", Precedence.Additive);

    // The ticks of a time of day, null where a part is out of range; seconds are read to nine decimals and cut to ticks.
    private static string Clock(string hour, string minute, string second) =>
        $"CASE WHEN {hour} BETWEEN 0 AND 23 AND {minute} BETWEEN 0 AND 59 AND {second} >= 0 AND {second} < 60 "
        + $"THEN ({hour} * 60 + {minute}) * 600000000 + CAST(trunc(CAST({second} AS DECIMAL(18, 9)) * 10000000) AS BIGINT) END";

    private static SqlText EmitPart(CallSite site)
    {
        var date = site.Operand(1);
        var sql = TimeRuntime.Normalize(site.Constant(0) as string ?? "") switch
        {
            "year" => $"year(kql_timestamp({date}))",
            "quarter" => $"quarter(kql_timestamp({date}))",
            "month" => $"month(kql_timestamp({date}))",
            "weekofyear" => $"week(kql_timestamp({date}))",
            "day" => $"day(kql_timestamp({date}))",
            "dayofyear" => $"dayofyear(kql_timestamp({date}))",
            "hour" => $"{date} // 36000000000 % 24",
            "minute" => $"{date} // 600000000 % 60",
            "second" => $"{date} // 10000000 % 60",
            "millisecond" => $"{date} // 10000 % 1000",
            "microsecond" => $"{date} // 10 % 1000000",
            "nanosecond" => $"{date} % 10000000 * 100",
            _ => null,
        };
        return new(sql is null ? $"kql_datetime_part({site.Sql(0)}, {site.Sql(1)})" : $"CAST({sql} AS INTEGER)");
    }

    private static SqlText EmitDifference(CallSite site)
    {
        var (first, second) = (site.Operand(1), site.Operand(2));
        return (site.Constant(0) as string)?.ToLowerInvariant() switch
        {
            "year" or "quarter" or "month" =>
                new($"date_diff('{((string)site.Constant(0)!).ToLowerInvariant()}', kql_timestamp({second}), kql_timestamp({first}))"),
            "week" => SqlText.Additive($"(kql_days({first}) + 1) // 7 - (kql_days({second}) + 1) // 7"),
            "day" => Boundaries(Day),
            "hour" => Boundaries("36000000000"),
            "minute" => Boundaries("600000000"),
            "second" => Boundaries("10000000"),
            "millisecond" => Boundaries("10000"),
            "microsecond" => Boundaries("10"),
            "nanosecond" => SqlText.Multiplicative($"({first} - {second}) * 100"),
            _ => new($"kql_datetime_diff({site.Sql(0)}, {site.Sql(1)}, {site.Sql(2)})"),
        };

        SqlText Boundaries(string size) => SqlText.Additive($"{first} // {size} - {second} // {size}");
    }

    private static SqlText EmitFormat(CallSite site) =>
        site.Constant(1) is string format && StrftimeOf(format) is { } pattern
            ? new($"strftime(kql_timestamp({site.Sql(0)}), {SqlLiteral.Text(pattern)})")
            : new($"kql_format_datetime({site.Sql(0)}, {site.Sql(1)})");

    private static string? RefusePart(IReadOnlyList<BoundExpression> arguments, params string[] others)
    {
        string[] parts = ["year", "quarter", "month", .. others, "day", "hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];
        return arguments[0] is BoundLiteral { Value: string part } && parts.Contains(part, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"a part of time is one of {string.Join(", ", parts)}";
    }

    private static string? RefuseDateFormat(IReadOnlyList<BoundExpression> arguments) =>
        RefuseFormat(arguments, format => TimeFormat.FormatDateTime(0, format));

    private static string? RefuseSpanFormat(IReadOnlyList<BoundExpression> arguments) =>
        RefuseFormat(arguments, format => TimeFormat.FormatTimeSpan(0, format));

    private static string? RefuseFormat(IReadOnlyList<BoundExpression> arguments, Func<string, string?> apply) =>
        arguments[1] is BoundLiteral { Value: string format } && apply(format) is null
            ? $"'{format}' has elements or delimiters that the documentation does not list"
            : null;

    // The format as DuckDB's strftime has it, where that has every element; null sends the call to the runtime function.
    private static string? StrftimeOf(string format)
    {
        var pattern = new System.Text.StringBuilder();
        for (var i = 0; i < format.Length;)
        {
            var run = 1;
            while (i + run < format.Length && format[i + run] == format[i] && char.IsAsciiLetter(format[i]))
            {
                run++;
            }

            var element = format.Substring(i, run) switch
            {
                "yyyy" => "%Y",
                "yy" => "%y",
                "MM" => "%m",
                "M" => "%-m",
                "dd" => "%d",
                "d" => "%-d",
                "HH" => "%H",
                "H" => "%-H",
                "hh" => "%I",
                "h" => "%-I",
                "mm" => "%M",
                "m" => "%-M",
                "ss" => "%S",
                "s" => "%-S",
                "fff" => "%g",
                "ffffff" => "%f",
                "tt" => "%p",
                [var other] when !char.IsAsciiLetter(other) => other.ToString(),
                _ => null,
            };
            if (element is null)
            {
                return null;
            }

            pattern.Append(element);
            i += run;
        }

        return pattern.ToString();
    }
}
