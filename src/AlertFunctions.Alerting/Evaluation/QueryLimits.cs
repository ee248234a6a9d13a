namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// How much one identity may ask of Log Analytics: 5 queries at a time, 200 within 30 seconds.
/// Source: learn.microsoft.com/azure/azure-monitor/service-limits, log queries.
/// </summary>
public sealed record QueryLimits
{
    public int Concurrent { get; init; } = 5;

    /// <summary>Queries within <see cref="Per"/>.</summary>
    public int Requests { get; init; } = 200;

    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(30);
}
