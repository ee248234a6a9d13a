using AlertFunctions.Kql;

namespace AlertFunctions.Workspace;

/// <summary>Where an embedded workspace keeps its rows and what it knows besides them.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>The DuckDB file that holds the rows, made where it is absent. Null keeps them in memory.</summary>
    public string? FilePath { get; init; }

    /// <summary>A folder of <c>&lt;Table&gt;.json</c> files whose columns replace those of the built-in list of tables.</summary>
    public string? SchemaFolder { get; init; }

    /// <summary>Saved functions that every query may call.</summary>
    public IReadOnlyList<FunctionSymbol> Functions { get; init; } = [];

    /// <summary>A folder of <c>&lt;alias&gt;.csv</c> files that <c>_GetWatchlist('alias')</c> reads.</summary>
    public string? WatchlistFolder { get; init; }

    /// <summary>DuckDB's memory limit, as it writes one ("4GB"). Null leaves DuckDB's default, 80 % of the machine.</summary>
    public string? MemoryLimit { get; init; }

    /// <summary>
    /// How many threads DuckDB computes with, all queries together. Null leaves its default, one a processor. Where many small
    /// queries run side by side, one is best: each is then computed by the thread that asks.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>The clock of a record that says neither when it happened nor when it arrived.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
