namespace AlertFunctions.Alerting.Reactions.Clusters;

/// <summary>Something that Azure says of an AKS cluster.</summary>
/// <param name="ClusterId">The cluster's resource id, as the event writes it.</param>
/// <param name="At">When.</param>
public abstract record ClusterEvent(string ClusterId, DateTimeOffset At)
{
    /// <summary>The cluster's name.</summary>
    public string Cluster => ResourceId.Name(ClusterId);
}

/// <summary>Support of the version that the cluster runs ends soon, or has ended.</summary>
public sealed record SupportEnds(string ClusterId, DateTimeOffset At, string KubernetesVersion, bool HasEnded) : ClusterEvent(ClusterId, At);

/// <summary>A new version can be had; what the event does not say is empty.</summary>
public sealed record VersionAvailable(string ClusterId, DateTimeOffset At, string LatestSupported, string LatestStable, string LatestPreview, string LowestMinor)
    : ClusterEvent(ClusterId, At);

/// <summary>How far the rolling of a node pool is.</summary>
public enum RollingStage
{
    Started,
    Succeeded,
    Failed,
}

/// <summary>An upgrade or update replaces the nodes of a pool.</summary>
public sealed record NodePoolRolling(string ClusterId, DateTimeOffset At, string NodePool, RollingStage Stage) : ClusterEvent(ClusterId, At);

/// <summary>How far a maintenance is.</summary>
public enum MaintenanceStage
{
    Scheduled,
    Started,
    Completed,
    Cancelled,
    Failed,
}

/// <summary>Maintenance by Azure or by the cluster's own upgrade channel.</summary>
public sealed record Maintenance(string ClusterId, DateTimeOffset At, string MaintenanceId, MaintenanceStage Stage) : ClusterEvent(ClusterId, At)
{
    public string Details { get; init; } = "";

    /// <summary>What started it: AutoUpgrader and others.</summary>
    public string Origin { get; init; } = "";

    public DateTimeOffset? ScheduledFor { get; init; }
}
