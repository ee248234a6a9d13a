using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Routing;

namespace AlertFunctions.Proofs.Day;

/// <summary>The detections that watch a simulated day, and the routes that their alerts take.</summary>
internal static class DayDetections
{
    public const string Receiver = "team";

    public static ImmutableArray<Detection> All(DayOptions options) =>
    [
        PodEvent(
            options,
            "proof/container-killed",
            Severity.Medium,
            "{{Name}} was killed",
            """
            KubeEvents
            | where TimeGenerated > ago(6h)
            | where Reason == "OOMKilling"
            | project TimeGenerated, Name, Namespace, ClusterName
            """),
        PodEvent(
            options,
            "proof/image-pull-failed",
            Severity.Low,
            "{{Name}} cannot pull its image",
            """
            KubeEvents
            | where TimeGenerated > ago(6h)
            | where Reason == "Failed"
            | summarize TimeGenerated = max(TimeGenerated), Events = count() by Name, Namespace, ClusterName
            """),
        NodeNotReady(options),
    ];

    public static Routes Routes { get; } = new()
    {
        Root = new Route
        {
            Id = "root",
            Receiver = Receiver,
            GroupBy = ["detection", "Namespace"],
            GroupWait = TimeSpan.FromSeconds(30),
            GroupInterval = TimeSpan.FromMinutes(5),
            RepeatInterval = TimeSpan.FromHours(4),
        },
        Receivers = [new Receiver(Receiver, "teams", "Receivers__Team")],
        StormLimit = 10_000,
    };

    private static DetectionSource Source { get; } = new("proof.yaml", ImmutableDictionary<string, SourcePosition>.Empty);

    private static Detection PodEvent(DayOptions options, string id, Severity severity, string title, string query) => new()
    {
        Id = id,
        Name = id,
        Version = "1.0.0",
        Description = "Something happened to a pod.",
        Severity = severity,
        Query = Query(query),
        TitleFormat = title,
        Signal = SignalKind.Event,
        Identity = ["Name"],
        Labels = ["Namespace", "ClusterName"],
        QueryFrequency = options.Tick,
        QueryPeriod = TimeSpan.FromHours(6),
        Settle = options.Hidden,
        Lateness = TimeSpan.Zero,
        ResolveAfter = TimeSpan.Zero,
        Runbook = "Look at the pod.",
        Source = Source,
    };

    private static Detection NodeNotReady(DayOptions options) => new()
    {
        Id = "proof/node-not-ready",
        Name = "Node not ready",
        Version = "1.0.0",
        Description = "A node does not run pods.",
        Severity = Severity.High,
        Query = Query("""
            KubeNodeInventory
            | where TimeGenerated > ago(10m)
            | summarize arg_max(TimeGenerated, Status) by Computer, ClusterName
            | where Status != "Ready"
            """),
        TitleFormat = "{{Computer}} is not ready",
        Signal = SignalKind.Condition,
        Identity = ["Computer"],
        Labels = ["ClusterName"],
        QueryFrequency = options.Tick,
        QueryPeriod = TimeSpan.FromMinutes(10),
        Settle = TimeSpan.Zero,
        Lateness = TimeSpan.Zero,
        ResolveAfter = 2 * options.Tick,
        Runbook = "Look at the node.",
        Source = Source,
    };

    private static DetectionQuery Query(string text) => new(text, new SourcePosition("proof.kql", 1, 1), 0);
}
