using System.Diagnostics;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>Runs detections and makes alerts of their rows. Holds no state: the same request over the same data gives the same alerts.</summary>
public sealed class DetectionEvaluator
{
    /// <summary>
    /// How far event times may lie beyond the ingestion interval of an event signal: a record can be days late, and a clock that
    /// is ahead can put it into the future.
    /// </summary>
    private static readonly TimeSpan EventTimeMargin = TimeSpan.FromDays(2);

    private readonly IQueryEngine _engine;
    private readonly QueryComposer _composer;

    /// <param name="engine">Runs the queries.</param>
    /// <param name="catalogue">Gives the functions and tables that a query's text may name.</param>
    public DetectionEvaluator(IQueryEngine engine, DetectionCatalogue catalogue)
    {
        _engine = engine;
        _composer = new QueryComposer(catalogue);
    }

    public async Task<EvaluationOutcome> EvaluateAsync(EvaluationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = AlertingActivities.Source.StartActivity("query", ActivityKind.Client);
        var outcome = await _engine.QueryAsync(ToQuery(request), cancellationToken);
        activity?.SetTag("detection", request.Detection.Id).SetTag("workspace", request.Workspace?.Name).SetTag("outcome", outcome.GetType().Name);
        return outcome switch
        {
            QueryAnswer answer => ToAlerts(request, answer),
            QueryTableNotFound missing => new NotApplicable(missing.Detail),
            QueryThrottled throttled => new EvaluationThrottled(throttled.RetryAfter, throttled.Detail),
            QueryFailed failed => new EvaluationFailed(failed.Detail, failed.Retryable),
            _ => throw new UnreachableException($"Query outcome {outcome.GetType().Name}."),
        };
    }

    /// <summary>
    /// What a run at <paramref name="now"/> covers when the one before it ended at <paramref name="mark"/>: ingestion times
    /// [mark − settle, now) for an event signal, event times [now − queryPeriod, now) for a condition.
    /// </summary>
    public static TimeRange IntervalOf(Detection detection, DateTimeOffset mark, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return detection.Signal switch
        {
            SignalKind.Event => new TimeRange(mark - detection.Settle, now),
            SignalKind.Condition => new TimeRange(now - detection.QueryPeriod, now),
            _ => throw new UnreachableException($"Signal {detection.Signal}."),
        };
    }

    private QueryRequest ToQuery(EvaluationRequest request)
    {
        var (detection, interval) = (request.Detection, request.Interval);
        var (text, range) = detection.Signal switch
        {
            SignalKind.Event => (
                _composer.Compose(detection.Query.Text, interval),
                new TimeRange(interval.Start - detection.QueryPeriod - EventTimeMargin, interval.End + EventTimeMargin)),
            SignalKind.Condition => (_composer.Compose(detection.Query.Text), interval),
            _ => throw new UnreachableException($"Signal {detection.Signal}."),
        };
        return new QueryRequest(text, request.Now, range, request.Workspace?.Id, request.VisibleAt);
    }

    private static EvaluationOutcome ToAlerts(EvaluationRequest request, QueryAnswer answer)
    {
        var missing = AlertFactory.MissingColumns(request.Detection, answer.Table).ToArray();
        return missing.Length > 0
            ? new EvaluationFailed(
                $"The result has no column {string.Join(", ", missing)}, which the detection's identity names.", Retryable: false)
            : new Evaluated(AlertFactory.Make(request, answer.Table), answer.PartialError);
    }
}
