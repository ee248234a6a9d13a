namespace AlertFunctions.Kql.Runtime;

/// <summary>What a DuckDB connection needs before it can run the compiler's SQL, besides the session's <c>TimeZone='UTC'</c>.</summary>
public static class KqlRuntime
{
    /// <summary>Every runtime function, each name once. Functions of one family lie in a class of their own and are listed here.</summary>
    public static IReadOnlyList<RuntimeFunction> Functions { get; } =
    [
        .. DynamicRuntime.All,
    ];

    /// <summary>Statements to run once for a database: macros that the compiler's SQL calls.</summary>
    public static IReadOnlyList<string> Prelude { get; } = [];
}
