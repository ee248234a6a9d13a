using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>One run of a detection over one workspace and interval.</summary>
/// <param name="Detection">What to evaluate.</param>
/// <param name="Now">The time of the schedule, not of the clock: a repeated run gives the same alerts.</param>
/// <param name="Interval">
/// Event signals: the ingestion times to cover, already reaching back over the settle margin. Condition signals: the event
/// times of the window.
/// </param>
/// <param name="Workspace">Which workspace to ask, and the value of the label <c>workspace</c>; null for the only one.</param>
/// <param name="VisibleAt">For simulated clocks: rows ingested after this instant are not seen yet.</param>
public sealed record EvaluationRequest(
    Detection Detection,
    DateTimeOffset Now,
    TimeRange Interval,
    MonitoredWorkspace? Workspace = null,
    DateTimeOffset? VisibleAt = null);

/// <summary>A workspace that detections run over.</summary>
/// <param name="Name">How people call it; the label <c>workspace</c>.</param>
/// <param name="Id">What the query service knows it by.</param>
/// <param name="ResourceId">Its Azure resource id, for links; null where there is no portal.</param>
public sealed record MonitoredWorkspace(string Name, string Id, string? ResourceId);

/// <summary>What came of an evaluation.</summary>
public abstract record EvaluationOutcome
{
    private protected EvaluationOutcome()
    {
    }
}

/// <summary>The query ran. Alerts are distinct by fingerprint; none means that nothing was found.</summary>
/// <param name="Alerts">Ordered by start, then fingerprint.</param>
/// <param name="PartialError">Why rows are missing, where the service cut the result; null where it is whole.</param>
public sealed record Evaluated(IReadOnlyList<Alert> Alerts, string? PartialError = null) : EvaluationOutcome;

/// <summary>A table of the query is not there (yet): nothing to watch, and no failure.</summary>
public sealed record NotApplicable(string Detail) : EvaluationOutcome;

/// <summary>The service asks to come back later.</summary>
public sealed record EvaluationThrottled(TimeSpan? RetryAfter, string Detail) : EvaluationOutcome;

/// <summary>The detection could not be evaluated, or its result is not what the detection says it is.</summary>
public sealed record EvaluationFailed(string Detail, bool Retryable) : EvaluationOutcome;

/// <summary>Runs detections and makes alerts of their rows. Holds no state: the same request over the same data gives the same alerts.</summary>
public sealed class DetectionEvaluator
{
    private readonly IQueryEngine _engine;
    private readonly DetectionCatalogue _catalogue;

    /// <param name="engine">Runs the queries.</param>
    /// <param name="catalogue">Gives the functions and tables that a query's text may name.</param>
    public DetectionEvaluator(IQueryEngine engine, DetectionCatalogue catalogue)
    {
        _engine = engine;
        _catalogue = catalogue;
    }

    public Task<EvaluationOutcome> EvaluateAsync(EvaluationRequest request, CancellationToken cancellationToken) =>
        throw new NotImplementedException($"{_engine}{_catalogue}{request}{cancellationToken}");

    /// <summary>
    /// What a run at <paramref name="now"/> covers when the one before it ended at <paramref name="mark"/>: ingestion times
    /// [mark − settle, now) for an event signal, event times [now − queryPeriod, now) for a condition.
    /// </summary>
    public static TimeRange IntervalOf(Detection detection, DateTimeOffset mark, DateTimeOffset now) => detection.Signal switch
    {
        SignalKind.Event => new TimeRange(mark - detection.Settle, now),
        SignalKind.Condition => new TimeRange(now - detection.QueryPeriod, now),
        _ => throw new System.Diagnostics.UnreachableException($"Signal {detection.Signal}."),
    };
}
