using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>The life of an alert as pure functions: what an evaluation's finding, or the lack of one, makes of what is remembered.</summary>
public static class AlertLife
{
    /// <summary>Firings within this time of each other count as flapping.</summary>
    public static readonly TimeSpan FlapWindow = TimeSpan.FromHours(1);

    private const int FlapsFrom = 3;
    private const int LongestHold = 8;

    /// <summary>
    /// How long after it was last seen an event can be met again: its row lies in an interval that reaches back over the settle
    /// margin, or its source repeats it within the query's look-back.
    /// </summary>
    public static TimeSpan MemoryOf(Detection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return detection.QueryPeriod > detection.Settle ? detection.QueryPeriod : detection.Settle;
    }

    /// <summary>The longest time that a condition of the detection is held firing after it was last seen.</summary>
    public static TimeSpan LongestHoldOf(Detection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return LongestHold * detection.ResolveAfter;
    }

    /// <summary>What a finding makes of the record.</summary>
    /// <param name="known">What is remembered of the fingerprint; null for nothing.</param>
    /// <param name="found">The alert that the evaluation gave.</param>
    /// <param name="detection">The detection that found it.</param>
    /// <param name="from">The start of the interval that was evaluated.</param>
    /// <param name="at">The scheduled time of the evaluation.</param>
    /// <param name="now">The pipeline's clock.</param>
    public static AlertRecord Found(
        AlertRecord? known, Alert found, Detection detection, DateTimeOffset from, DateTimeOffset at, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(detection);
        var isEvent = detection.Signal == SignalKind.Event;
        if (known is null || (isEvent && known.SeenAt + MemoryOf(detection) < from))
        {
            return Begin(known, found, isEvent, at, now);
        }

        if (known.State == AlertState.Resolved)
        {
            // A window from before the resolution that late rows made match says nothing new.
            return at > known.ResolvedAt ? Begin(known, found, isEvent, at, now) : known;
        }

        var seen = known with
        {
            SeenAt = Later(known.SeenAt, at),
            MissedSince = at > known.SeenAt ? null : known.MissedSince,
            StartsAt = found.StartsAt < known.StartsAt ? found.StartsAt : known.StartsAt,
            LastSeenAt = Later(known.LastSeenAt, found.LastSeenAt),
            Count = Math.Max(known.Count, found.Count),
        };
        // Worse than what people were told is news; milder is not.
        return found.Severity > known.Severity
            ? seen with
            {
                Severity = found.Severity,
                Labels = found.Labels,
                Title = found.Title,
                Description = found.Description,
                Rows = found.Rows,
                Deliveries = ImmutableDictionary<string, Delivery>.Empty,
                Acknowledged = null,
            }
            : seen;
    }

    /// <summary>What it makes of a record that a condition's evaluation at <paramref name="at"/> did not find it.</summary>
    public static AlertRecord Absent(AlertRecord known, Detection detection, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(detection);
        if (known.State == AlertState.Resolved || known.IsEvent)
        {
            return known;
        }

        return at - known.SeenAt >= HoldOf(known, detection.ResolveAfter, at)
            ? known with { State = AlertState.Resolved, ResolvedAt = at, MissedSince = null }
            : known.MissedSince is null ? known with { MissedSince = at } : known;
    }

    /// <summary>Whether a record is of no more use: it can be met no more, every route was told, and it has been readable for long enough.</summary>
    /// <param name="record">What is remembered.</param>
    /// <param name="detection">What it is an alert of.</param>
    /// <param name="from">What happened before this instant is not met any more.</param>
    /// <param name="now">The pipeline's clock.</param>
    /// <param name="history">For how long an alert stays readable after it can be met no more.</param>
    public static bool IsSpent(AlertRecord record, Detection detection, DateTimeOffset from, DateTimeOffset now, TimeSpan history)
    {
        ArgumentNullException.ThrowIfNull(record);
        var isOver = record.IsEvent ? record.SeenAt + MemoryOf(detection) < from : record.State == AlertState.Resolved;
        var isTold = record.Deliveries.Count > 0 && record.Held is null && !record.Deliveries.Keys.Any(record.IsPendingOn);
        return isOver && isTold && now - (record.ResolvedAt ?? record.SeenAt) > history;
    }

    /// <summary>What it makes of a record that something told that it is over. An event has no end, and what is over stays as it is.</summary>
    public static AlertRecord Ended(AlertRecord known, DateTimeOffset at, string reason)
    {
        ArgumentNullException.ThrowIfNull(known);
        return known is { State: AlertState.Firing, IsEvent: false } && at >= known.StartsAt
            ? known with { State = AlertState.Resolved, ResolvedAt = at, MissedSince = null, Description = reason }
            : known;
    }

    /// <summary>
    /// How long the state must be gone. An alert that fired again and again is held firing twice as long for each time more, so
    /// that people are told of the flapping once and not of each swing.
    /// </summary>
    public static TimeSpan HoldOf(AlertRecord record, TimeSpan resolveAfter, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(record);
        var firings = record.Firings.Count(f => f > at - Longer(FlapWindow, LongestHold * resolveAfter));
        return firings < FlapsFrom ? resolveAfter : Math.Min(LongestHold, 1 << Math.Min(10, firings - FlapsFrom + 1)) * resolveAfter;
    }

    private static AlertRecord Begin(AlertRecord? known, Alert found, bool isEvent, DateTimeOffset at, DateTimeOffset now) =>
        AlertRecord.Of(found, isEvent, at, now) with
        {
            Episode = (known?.Episode ?? 0) + 1,
            Firings = [.. (known?.Firings ?? []).TakeLast(9), at],
        };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
