using System.Globalization;
using System.Text;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Reactions.Clusters;

/// <summary>Makes alerts of what Azure says of clusters, and ends those that are over. Events may come twice and in any order.</summary>
public sealed class ClusterReaction(IStateStore store, AlertInbox inbox, IReadOnlyDictionary<string, Detection> detections)
{
    private const string Partition = "cluster-events";

    /// <exception cref="StateUnavailableException">The store cannot be reached; the event is to be delivered again.</exception>
    public async Task HandleAsync(ClusterEvent happened, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(happened);
        switch (happened)
        {
            case SupportEnds support:
                await RaiseAsync(
                    ReactionDetections.KubernetesSupportEnds, support, isEvent: true, cancellationToken,
                    ("KubernetesVersion", support.KubernetesVersion),
                    ("Stage", support.HasEnded ? "has ended" : "ends soon"),
                    ("AlertSeverity", support.HasEnded ? nameof(Severity.High) : nameof(Severity.Medium)));
                break;
            case VersionAvailable version:
                await RaiseAsync(
                    ReactionDetections.KubernetesVersionAvailable, version, isEvent: true, cancellationToken,
                    ("LatestSupported", version.LatestSupported),
                    ("LatestStable", version.LatestStable),
                    ("LatestPreview", version.LatestPreview),
                    ("LowestMinor", version.LowestMinor));
                break;
            case NodePoolRolling rolling:
                await HandleAsync(rolling, cancellationToken);
                break;
            case Maintenance maintenance:
                await HandleAsync(maintenance, cancellationToken);
                break;
        }
    }

    private async Task HandleAsync(NodePoolRolling rolling, CancellationToken cancellationToken)
    {
        (string, object?)[] pool = [("NodePool", rolling.NodePool)];
        if (rolling.Stage == RollingStage.Failed && detections.TryGetValue(ReactionDetections.NodePoolUpdateFailed, out var failed))
        {
            await RaiseAsync(
                failed, rolling, isEvent: true, cancellationToken,
                [.. pool, ("Operation", "rolling"), ("Reason", "The event does not say why; the activity log does."), ("Caller", ""), ("CallerIpAddress", "")]);
        }

        if (!await IsNewsAsync(rolling, rolling.NodePool, cancellationToken))
        {
            return;
        }

        if (rolling.Stage == RollingStage.Started)
        {
            await RaiseAsync(ReactionDetections.NodePoolRolling, rolling, isEvent: false, cancellationToken, pool);
        }
        else
        {
            var end = rolling.Stage == RollingStage.Succeeded ? "has been rolled" : "could not be rolled";
            await ResolveAsync(
                ReactionDetections.NodePoolRolling, rolling, ("NodePool", rolling.NodePool), $"Node pool {rolling.NodePool} of {rolling.Cluster} {end}.", cancellationToken);
        }
    }

    private async Task HandleAsync(Maintenance maintenance, CancellationToken cancellationToken)
    {
        if (!await IsNewsAsync(maintenance, maintenance.MaintenanceId, cancellationToken))
        {
            return;
        }

        if (maintenance.Stage is MaintenanceStage.Completed or MaintenanceStage.Cancelled)
        {
            await ResolveAsync(
                ReactionDetections.ClusterMaintenance, maintenance, ("MaintenanceId", maintenance.MaintenanceId),
                $"Maintenance of {maintenance.Cluster} was {maintenance.Stage.ToString().ToLowerInvariant()}. {maintenance.Details}".Trim(), cancellationToken);
            return;
        }

        await RaiseAsync(
            ReactionDetections.ClusterMaintenance, maintenance, isEvent: false, cancellationToken,
            ("MaintenanceId", maintenance.MaintenanceId),
            ("Stage", maintenance.Stage switch
            {
                MaintenanceStage.Scheduled => "is scheduled",
                MaintenanceStage.Started => "has started",
                _ => "failed",
            }),
            ("Details", maintenance.Details.Length > 0 ? maintenance.Details : "No details"),
            ("Origin", maintenance.Origin.Length > 0 ? maintenance.Origin : "origin not said"),
            ("ScheduledFor", maintenance.ScheduledFor is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) : "a time not said"),
            ("AlertSeverity", maintenance.Stage == MaintenanceStage.Failed ? nameof(Severity.High) : nameof(Severity.Informational)));
    }

    private Task RaiseAsync(
        Detection detection, ClusterEvent happened, bool isEvent, CancellationToken cancellationToken, params (string, object?)[] columns) => inbox.RaiseAsync(
        ReactionAlerts.Of(detection, happened.At, [("ClusterId", happened.ClusterId.ToLowerInvariant()), ("Cluster", happened.Cluster.ToLowerInvariant()), .. columns]),
        isEvent,
        happened.At,
        cancellationToken);

    private Task ResolveAsync(
        Detection detection, ClusterEvent happened, (string Name, string Value) identity, string reason, CancellationToken cancellationToken) => inbox.ResolveAsync(
        Fingerprint.Of(detection.Id, [new("ClusterId", happened.ClusterId.ToLowerInvariant()), new(identity.Name, identity.Value)]),
        happened.At,
        reason,
        cancellationToken);

    /// <summary>Whether nothing later is known of the same thing. A start that is told after its end must not begin it anew.</summary>
    private async Task<bool> IsNewsAsync(ClusterEvent happened, string thing, CancellationToken cancellationToken)
    {
        var row = StateKey.Of(happened.ClusterId.ToLowerInvariant(), thing);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            var known = await store.ReadAsync(Partition, row, cancellationToken);
            if (known is not null && long.Parse(Encoding.UTF8.GetString(known.Content.Span), CultureInfo.InvariantCulture) > happened.At.UtcTicks)
            {
                return false;
            }

            var content = Encoding.UTF8.GetBytes(happened.At.UtcTicks.ToString(CultureInfo.InvariantCulture));
            if (await store.WriteAsync(Partition, [new Put(row, content, known?.ETag)], cancellationToken) is Written)
            {
                return true;
            }
        }

        throw new StateUnavailableException("Others change the same cluster's events without end.");
    }
}
