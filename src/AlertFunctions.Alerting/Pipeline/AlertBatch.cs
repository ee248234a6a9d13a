using System.Collections.Immutable;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>The alerts of one group on their way to one receiver.</summary>
public sealed record AlertBatch
{
    /// <summary>The time of the pipeline's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    public required Route Route { get; init; }

    public required string GroupKey { get; init; }

    /// <summary>The group-by labels and their values.</summary>
    public required IReadOnlyDictionary<string, string> GroupLabels { get; init; }

    /// <summary>What is known of the group at its receiver.</summary>
    public required GroupNotice Notice { get; init; }

    /// <summary>What is still on its way. Empty ends the chain.</summary>
    public required ImmutableArray<AlertRecord> Alerts { get; init; }

    /// <summary>What was taken out, with the reason.</summary>
    public ImmutableArray<SuppressedAlert> Suppressed { get; init; } = [];

    /// <summary>Why the group is sent; null until the dedup stage decided.</summary>
    public NotifyReason? Reason { get; init; }

    /// <summary>What is sent; null until the enrich stage made it.</summary>
    public AlertGroup? Group { get; init; }

    /// <summary>How it is sent, where that is worth remembering: in a digest. In words for people.</summary>
    public string? Note { get; init; }

    /// <summary>What came of the send; null until the notify stage ran.</summary>
    public NotifyResult? Result { get; init; }

    /// <summary>The batch without some of its alerts, and why.</summary>
    public AlertBatch Without(IEnumerable<SuppressedAlert> suppressed)
    {
        var all = suppressed.ToImmutableArray();
        if (all.IsEmpty)
        {
            return this;
        }

        var gone = all.Select(s => s.Fingerprint).ToHashSet(StringComparer.Ordinal);
        return this with { Alerts = Alerts.RemoveAll(a => gone.Contains(a.Fingerprint)), Suppressed = Suppressed.AddRange(all) };
    }
}

/// <summary>An alert that is not sent now, and why, in words for people.</summary>
public sealed record SuppressedAlert(string Fingerprint, SuppressionReason Reason, string Detail);

/// <summary>Every way in which an alert can be kept back.</summary>
public enum SuppressionReason
{
    Silenced,
    Inhibited,
    Excepted,
    OutsideActiveTime,
    AlreadyNotified,
    GroupWaiting,
    DeliveryFailed,
    NoReceiver,
    Acknowledged,
}
