using AlertFunctions.Kql.Runtime.Dynamics;
using AlertFunctions.Kql.Runtime.Network;
using AlertFunctions.Kql.Runtime.Series;
using AlertFunctions.Kql.Runtime.Statistics;
using AlertFunctions.Kql.Runtime.Text;
using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Runtime;

/// <summary>What a DuckDB connection needs before it can run the compiler's SQL, besides the session's <c>TimeZone='UTC'</c>.</summary>
public static class KqlRuntime
{
    /// <summary>Every runtime function, each name once. Functions of one family lie in a class of their own and are listed here.</summary>
    public static IReadOnlyList<RuntimeFunction> Functions { get; } =
    [
        .. ArithmeticRuntime.All,
        .. ArrayRuntime.All,
        .. BagRuntime.All,
        .. ConversionRuntime.All,
        .. DynamicRuntime.All,
        .. ElementwiseRuntime.All,
        .. Encodings.All,
        .. FillRuntime.All,
        .. FilterRuntime.All,
        .. HashRuntime.All,
        .. Ipv4Runtime.All,
        .. Ipv6Runtime.All,
        .. KeyValueRuntime.All,
        .. ParseRuntime.All,
        .. Punycode.All,
        .. RegressionRuntime.All,
        .. SeasonRuntime.All,
        .. SessionRuntime.All,
        .. SetRuntime.All,
        .. SketchRuntime.All,
        .. StatisticsRuntime.All,
        .. TermSearch.All,
        .. TermSet.All,
        .. TextRuntime.All,
        .. TimeRuntime.All,
        .. UrlRuntime.All,
    ];

    /// <summary>Statements to run once for a database: macros that the compiler's SQL calls.</summary>
    public static IReadOnlyList<string> Prelude { get; } = [.. Runtime.Prelude.Statements, .. ConversionPrelude.Statements];
}
