using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Reactions;

/// <summary>
/// What only events tell: there is no log that a query could find it in, so these detections have no query. Their alerts are routed, silenced and sent
/// like any other.
/// </summary>
public static class ReactionDetections
{
    // The detections of the catalogue that events raise before the log does.
    public const string ImagePushedWithoutScan = "acr/image-pushed-without-scan";
    public const string PrivilegedRoleAssigned = "azure/privileged-role-assigned";
    public const string PrivilegedRoleRemoved = "azure/privileged-role-removed";
    public const string NodePoolUpdateFailed = "aks/node-pool-update-failed";

    /// <summary>A scan was found, and it found something.</summary>
    public static Detection ImageVulnerable { get; } = Of("acr/image-vulnerable", SignalKind.Event) with
    {
        Name = "Pushed image has severe vulnerabilities",
        Description = "The scan of a pushed image found vulnerabilities of severity critical or high.",
        Severity = Severity.Medium,
        SeverityColumn = "AlertSeverity",
        QueryPeriod = TimeSpan.FromDays(30),
        Identity = ["Registry", "Repository", "Digest"],
        Labels = ["Image", "PushedBy"],
        TitleFormat = "{{Image}} has {{Critical}} critical and {{High}} high vulnerabilities",
        DescriptionFormat = "{{Source}}: {{Evidence}}. Digest {{Digest}}.",
        Runbook = """
            1. Does it run? The card of a missing scan says where; for this one: `kubectl get pods -A -o jsonpath='{..image}'` in each cluster.
            2. Is there a fixed version? `trivy image --severity CRITICAL,HIGH --ignore-unfixed <Image>@<Digest>` lists what an update removes.
            3. Build again on a newer base image. Nothing else removes most of it.
            4. Until then, keep it from being deployed where the findings can be reached from outside.
            """,
    };

    /// <summary>Support of a cluster's Kubernetes version ends soon (medium) or has ended (high).</summary>
    public static Detection KubernetesSupportEnds { get; } = Of("aks/kubernetes-support-ends", SignalKind.Event) with
    {
        Name = "Support of a cluster's Kubernetes version ends",
        Description = "A cluster's Kubernetes version is, or soon will be, out of support.",
        Severity = Severity.Medium,
        SeverityColumn = "AlertSeverity",
        QueryPeriod = TimeSpan.FromDays(180),
        Identity = ["ClusterId", "KubernetesVersion"],
        Labels = ["Cluster"],
        TitleFormat = "Support of Kubernetes {{KubernetesVersion}} {{Stage}} on {{Cluster}}",
        DescriptionFormat = "Azure says that support of Kubernetes {{KubernetesVersion}}, which {{Cluster}} runs, {{Stage}}. Out of support there are no security fixes, and no help.",
        Runbook = """
            1. What can it be upgraded to? `az aks get-upgrades --resource-group <group> --name <cluster> --output table`
            2. What would break? `kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis` names the APIs that are used and gone in later versions.
            3. Upgrade the control plane first, then one node pool at a time: `az aks upgrade`, `az aks nodepool upgrade`.
            4. Set an upgrade channel, so that it does not come to this again: `az aks update --auto-upgrade-channel patch`.
            """,
    };

    public static Detection KubernetesVersionAvailable { get; } = Of("aks/kubernetes-version-available", SignalKind.Event) with
    {
        Name = "New Kubernetes version available",
        Description = "A new Kubernetes version can be had for a cluster.",
        Severity = Severity.Informational,
        QueryPeriod = TimeSpan.FromDays(90),
        Identity = ["ClusterId", "LatestSupported", "LatestStable", "LatestPreview"],
        Labels = ["Cluster"],
        TitleFormat = "Kubernetes {{LatestSupported}} is available for {{Cluster}}",
        DescriptionFormat = "Latest supported {{LatestSupported}}, stable {{LatestStable}}, preview {{LatestPreview}}; the lowest minor version that is still supported is {{LowestMinor}}.",
        Runbook = """
            1. Compare with what runs: `az aks show --resource-group <group> --name <cluster> --query currentKubernetesVersion`
            2. Below the lowest minor version, an upgrade is due now: `az aks get-upgrades` lists the ways.
            """,
    };

    /// <summary>A node pool is being rolled: an upgrade replaces its nodes one after the other. Ends with the event that says so, or after twelve hours.</summary>
    public static Detection NodePoolRolling { get; } = Of("aks/node-pool-rolling", SignalKind.Condition) with
    {
        Name = "Node pool is being rolled",
        Description = "An upgrade or update replaces the nodes of a pool.",
        Severity = Severity.Informational,
        Identity = ["ClusterId", "NodePool"],
        Labels = ["Cluster"],
        ResolveAfter = TimeSpan.FromHours(12),
        TitleFormat = "Node pool {{NodePool}} of {{Cluster}} is being rolled",
        DescriptionFormat = "The nodes of {{NodePool}} are replaced one after the other, so pods move and nodes are not ready for a while.",
        Runbook = """
            1. Expected? Then nothing is to be done; this is resolved when it ends.
            2. How far is it? `kubectl get nodes -l agentpool=<pool> -o wide`, and `kubectl get events -A --field-selector reason=Upgrade`.
            3. Stuck for long: `kubectl get pdb -A` shows budgets that allow no disruption.
            """,
    };

    /// <summary>Maintenance of a cluster that Azure announces: scheduled, started; resolved when completed or cancelled, severe when failed.</summary>
    public static Detection ClusterMaintenance { get; } = Of("aks/cluster-maintenance", SignalKind.Condition) with
    {
        Name = "Cluster maintenance",
        Description = "Azure, or the cluster's own upgrade channel, maintains a cluster.",
        Severity = Severity.Informational,
        SeverityColumn = "AlertSeverity",
        Identity = ["ClusterId", "MaintenanceId"],
        Labels = ["Cluster"],
        ResolveAfter = TimeSpan.FromDays(8),
        TitleFormat = "Maintenance of {{Cluster}} {{Stage}}",
        DescriptionFormat = "{{Details}} ({{Origin}}), scheduled for {{ScheduledFor}}.",
        Runbook = """
            1. Does the time suit? A planned maintenance window moves it: `az aks maintenanceconfiguration list --resource-group <group> --cluster-name <cluster>`
            2. Failed: `az aks show --resource-group <group> --name <cluster> --query provisioningState`, then `az aks update` with no change tries again.
            """,
    };

    public static ImmutableArray<Detection> All { get; } =
        [ImageVulnerable, KubernetesSupportEnds, KubernetesVersionAvailable, NodePoolRolling, ClusterMaintenance];

    /// <summary>The ids of everything that an event may raise.</summary>
    public static ImmutableArray<string> RaisedByEvents { get; } =
        [.. All.Select(d => d.Id), ImagePushedWithoutScan, PrivilegedRoleAssigned, PrivilegedRoleRemoved, NodePoolUpdateFailed];

    private static Detection Of(string id, SignalKind signal) => new()
    {
        Id = id,
        Name = id,
        Version = "1.0.0",
        Description = "",
        Severity = Severity.Informational,
        QueryFrequency = TimeSpan.FromMinutes(1),
        QueryPeriod = TimeSpan.FromDays(1),
        Query = new DetectionQuery("", new SourcePosition("", 1, 1), 0),
        Signal = signal,
        Identity = [],
        Settle = TimeSpan.Zero,
        Lateness = TimeSpan.Zero,
        ResolveAfter = TimeSpan.Zero,
        Runbook = "",
        Source = new DetectionSource("", ImmutableDictionary<string, SourcePosition>.Empty),
    };
}
