namespace AlertFunctions.Kql.Runtime;

/// <summary>
/// Macros that the compiler's SQL calls. DuckDB expands them where they stand, so that they cost nothing over written-out SQL.
/// </summary>
internal static class Prelude
{
    public static readonly IReadOnlyList<string> Statements =
    [
        // 621355968000000000 ticks lie between 0001-01-01, where Kusto counts from, and 1970-01-01, where DuckDB does.
        Macro("kql_timestamp(t)", "make_timestamp(t // 10 - 62135596800000000)"),
        Macro("kql_ticks(ts)", "epoch_us(ts) * 10 + 621355968000000000"),

        // A datetime as tostring() prints it. The microseconds of a timestamp leave the seventh decimal to the ticks.
        Macro("kql_datetime_text(t)", "strftime(kql_timestamp(t), '%Y-%m-%dT%H:%M:%S.%f') || (t % 10) || 'Z'"),

        // A real inside a dynamic: JSON has no NaN and no infinity.
        Macro(
            "kql_real_json(r)",
            "CASE WHEN isfinite(r) THEN CAST(r AS VARCHAR) WHEN isnan(r) THEN '\"NaN\"' WHEN r > 0 THEN '\"Infinity\"' "
            + "WHEN r < 0 THEN '\"-Infinity\"' END"),

        // The largest multiple of s that is at most v, for whole numbers of either sign.
        Macro("kql_floor(v, s)", "v - ((v % s) + s) % s"),

        // Days since 0001-01-01, a Monday; the Sunday on or before a day.
        Macro("kql_days(t)", "t // 864000000000"),
        Macro("kql_sunday(t)", "(kql_days(t) - (kql_days(t) + 1) % 7)"),
    ];

    private static string Macro(string signature, string body) => $"CREATE OR REPLACE MACRO {signature} AS ({body})";
}
