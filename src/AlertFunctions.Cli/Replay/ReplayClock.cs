using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Replay;

/// <summary>
/// A clock that carries the app's own runner and pipeline along the records: from one instant at which something can be found or sent
/// to the next. Marks of detections with nothing new move without a query.
/// </summary>
internal sealed class ReplayClock(
    ImmutableArray<Detection> detections, ReplayPlan plan, AlertBook book, MarkBook marks, DetectionRunner runner, AlertPipeline pipeline)
{
    /// <summary>The app's timer: groups that wait are looked at so often.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    /// <summary>What waits for a silence's end or a time window is looked at so often.</summary>
    private static readonly TimeSpan LongTick = TimeSpan.FromHours(1);

    private readonly SortedDictionary<string, ReplayFailure> _failures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _untaken = new(StringComparer.Ordinal);
    private readonly List<Notification> _sent = [];
    private int _evaluations;

    /// <param name="end">No detection runs later.</param>
    /// <param name="progress">Told of the clock, in hours.</param>
    /// <param name="cancellationToken">Ends it between two steps; a further call goes on from there.</param>
    public async Task<ReplayReport> RunAsync(DateTimeOffset end, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        await book.LoadAsync(cancellationToken);
        await marks.LoadAsync(cancellationToken);
        var start = detections.Select(MarkOf).Select(mark => mark.Through).DefaultIfEmpty(end).Min();
        var reached = detections.Select(MarkOf).Select(mark => mark.Through).DefaultIfEmpty(end).Max();

        // What the process before this one recorded, and did not come to send.
        var wait = await DispatchAsync(reached, cancellationToken);
        for (var now = start; NextRun(now) is { } run && run <= end;)
        {
            while (wait.Until < run)
            {
                wait = await DispatchAsync(wait.Until.Value, cancellationToken);
            }

            now = run;
            SkipTo(now);
            Collect(await runner.RunAsync(now, cancellationToken), now);
            wait = await DispatchAsync(now, cancellationToken);
            progress.Report(new((now - start).TotalHours, (end - start).TotalHours, $"{now.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        }

        // What was found last is sent when its group has waited.
        while (wait is { IsGathering: true, Until: { } until })
        {
            wait = await DispatchAsync(until, cancellationToken);
        }

        return new(_evaluations, _sent, _untaken, [.. _failures.Values]);
    }

    private DetectionMark MarkOf(Detection detection) =>
        marks.Of(detection, null) ?? throw new InvalidOperationException($"Unreachable: {detection.Id} has no mark.");

    private DateTimeOffset? NextRun(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var detection in detections)
        {
            var mark = MarkOf(detection);
            if (plan.Next(detection, mark.Through, IsFiring(detection)) is { } from)
            {
                // One that fails is not asked again before its time, and none runs in the past.
                var at = Later(Later(from + detection.QueryFrequency, mark.RetryAt ?? now), now);
                next = next <= at ? next : at;
            }
        }

        return next;
    }

    /// <summary>Moves the marks of detections that have nothing new to find by now.</summary>
    private void SkipTo(DateTimeOffset now)
    {
        foreach (var detection in detections)
        {
            var mark = MarkOf(detection);
            var due = ReplayPlan.FirstMark(detection, now);
            var through = plan.Next(detection, mark.Through, IsFiring(detection)) is { } from && from < due ? from : due;
            if (mark.RetryAt is null && through > mark.Through)
            {
                marks.Set(detection, null, mark with { Through = through });
            }
        }
    }

    private bool IsFiring(Detection detection) =>
        detection.Signal == SignalKind.Condition && book.EntriesOf(detection.Id).Any(entry => entry.Record.State == AlertState.Firing);

    private async Task<Wait> DispatchAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var report = await pipeline.DispatchAsync(now, cancellationToken);
        foreach (var sent in report.Sent)
        {
            _sent.Add(sent);
            _untaken.Remove(sent.Group.Key);
        }

        foreach (var (notification, result) in report.Failed)
        {
            _untaken[notification.Group.Key] = result switch
            {
                Retry retry => retry.Detail,
                Failed failed => failed.Detail,
                _ => throw new InvalidOperationException($"Unreachable: result {result.GetType().Name}."),
            };
        }

        var isGathering = report.Suppressed.Any(suppressed => suppressed.Reason == SuppressionReason.GroupWaiting);
        var isHeld = report.Suppressed.Any(suppressed => suppressed.Reason
            is SuppressionReason.Silenced or SuppressionReason.OutsideActiveTime or SuppressionReason.DeliveryFailed);
        return new(isGathering ? Floor(now, Tick) + Tick : isHeld ? Floor(now, LongTick) + LongTick : null, isGathering);
    }

    private void Collect(RunReport report, DateTimeOffset now)
    {
        _evaluations += report.Evaluations;
        foreach (var failure in report.Failures)
        {
            _failures[failure.Detection] = _failures.TryGetValue(failure.Detection, out var known)
                ? known with { Count = known.Count + 1 }
                : new(failure.Detection, now, failure.Detail, 1);
        }
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>When to look again at what was kept back, null where nothing was; and whether a group only gathers.</summary>
    private readonly record struct Wait(DateTimeOffset? Until, bool IsGathering);
}
