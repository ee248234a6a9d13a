using System.Collections.Immutable;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// What is remembered of an alert, from the evaluation that first found it until it can be found no more. One fingerprint has one
/// record; an alert that fires again after it was resolved is a new <see cref="Episode"/> of it.
/// </summary>
public sealed record AlertRecord
{
    public required string Fingerprint { get; init; }

    public required string Detection { get; init; }

    public required Severity Severity { get; init; }

    public AlertState State { get; init; } = AlertState.Firing;

    /// <summary>Whether it is a thing that happened, which neither resolves nor repeats.</summary>
    public required bool IsEvent { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string Title { get; init; }

    /// <summary>Null once an event, or an alert that is over, was told to every route: then only identity and times are of use.</summary>
    public string? Description { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required long Count { get; init; }

    /// <summary>When this episode was first recorded, by the pipeline's clock.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The latest scheduled time whose evaluation found it.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>
    /// Since when evaluations of a condition have not found it; null while they find it. It is stored when it changes, so that a stored alert
    /// without it was found by every evaluation since <see cref="SeenAt"/>, however old that is.
    /// </summary>
    public DateTimeOffset? MissedSince { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>1 when it first fires, one more each time that it fires again after resolution.</summary>
    public int Episode { get; init; } = 1;

    /// <summary>When the latest episodes began, this one included: what flapping is told by.</summary>
    public ImmutableArray<DateTimeOffset> Firings { get; init; } = [];

    /// <summary>Route → what was last done there with this episode.</summary>
    public ImmutableDictionary<string, Delivery> Deliveries { get; init; } = ImmutableDictionary<string, Delivery>.Empty;

    /// <summary>Why it is kept back; null where it is not.</summary>
    public HeldBack? Held { get; init; }

    /// <summary>Who takes care of it, so that it is not repeated; null where nobody said so. Ends with the episode, and when it becomes worse.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>The evidence; null when <see cref="Description"/> is.</summary>
    public QueryTable? Rows { get; init; }

    public required TimeRange Range { get; init; }

    /// <summary>The record of an alert that fires for the first time.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="isEvent">Whether it is a thing that happened; otherwise a state.</param>
    /// <param name="seenAt">The scheduled time of the evaluation that found it, or the event's time.</param>
    /// <param name="recordedAt">The pipeline's clock.</param>
    public static AlertRecord Of(Alert alert, bool isEvent, DateTimeOffset seenAt, DateTimeOffset recordedAt)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new AlertRecord
        {
            Fingerprint = alert.Fingerprint,
            Detection = alert.Detection,
            Severity = alert.Severity,
            IsEvent = isEvent,
            Labels = alert.Labels,
            Title = alert.Title,
            Description = alert.Description,
            StartsAt = alert.StartsAt,
            LastSeenAt = alert.LastSeenAt,
            Count = alert.Count,
            RecordedAt = recordedAt,
            SeenAt = seenAt,
            Firings = [seenAt],
            Rows = alert.Rows,
            Range = alert.Query.Range,
        };
    }

    /// <summary>Whether the route has something to be told: the alert itself, or that it is over.</summary>
    public bool IsPendingOn(string route) =>
        !Deliveries.TryGetValue(route, out var delivery)
        || (State == AlertState.Resolved && delivery is { State: AlertState.Firing, Instead: null });
}

/// <summary>What a route did with an alert.</summary>
/// <param name="State">The state that was told.</param>
/// <param name="At">When.</param>
/// <param name="Instead">Why it was not sent and will not be; null where it was sent.</param>
/// <param name="Detail">By whom or what it was kept back, or how it was sent, in words for people.</param>
public sealed record Delivery(AlertState State, DateTimeOffset At, SuppressionReason? Instead = null, string? Detail = null);

/// <summary>Somebody takes care of an alert.</summary>
/// <param name="At">Since when.</param>
/// <param name="By">Who, in their own words: outside text.</param>
public sealed record Acknowledgement(DateTimeOffset At, string By);

/// <summary>Why an alert waits.</summary>
public sealed record HeldBack(SuppressionReason Reason, string Detail, DateTimeOffset Since);
