namespace AlertFunctions.Cli.Simulation;

/// <summary>Which day to simulate. Equal options give equal bytes.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// The end of the simulated day: what had not been received by then is not there.
    /// </summary>
    /// <value>Default: a fixed hour, so that two runs show the same alerts and can be compared.</value>
    public DateTimeOffset Now { get; init; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Chooses names, sizes and delays, not what happens.</summary>
    /// <value>Default: 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How often inventory and metrics are taken. The agent does it every minute; five make the same story with a fifth of the records.
    /// </summary>
    /// <value>Default: 5 minutes.</value>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromMinutes(5);
}
