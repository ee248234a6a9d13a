namespace AlertFunctions.Proofs.Day;

/// <summary>What a simulated day is like. Equal options give an equal day.</summary>
internal sealed record DayOptions
{
    /// <value>Chooses times and delays. Default: 1.</value>
    public int Seed { get; init; } = 1;

    /// <value>How long records are made. Default: a day.</value>
    public TimeSpan Length { get; init; } = TimeSpan.FromDays(1);

    /// <value>How many things happen that must alert. Default: 40.</value>
    public int Events { get; init; } = 40;

    /// <value>How late a record of an event may be ingested. Default: 30 minutes.</value>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromMinutes(30);

    /// <value>How long after the ingestion time that it bears a record may begin to be seen. Default: 5 minutes.</value>
    public TimeSpan Hidden { get; init; } = TimeSpan.FromMinutes(5);

    /// <value>How many nodes report their state. Default: 4.</value>
    public int Nodes { get; init; } = 4;

    /// <value>How often a tick comes and detections are due. Default: 10 minutes.</value>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMinutes(10);
}
