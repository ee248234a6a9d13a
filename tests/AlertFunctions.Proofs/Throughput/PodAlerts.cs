using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Proofs.Throughput;

/// <summary>What fifty conditions find in five clusters: as many alerts as asked for, each of another pod, with the evidence that such a query gives.</summary>
internal static class PodAlerts
{
    public const int Detections = 50;
    public const int Clusters = 5;

    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static TimeSpan Every { get; } = TimeSpan.FromMinutes(5);

    public static ImmutableArray<Detection> All { get; } = [.. Enumerable.Range(0, Detections).Select(DetectionOf)];

    /// <summary>The alerts of each detection, in its order.</summary>
    public static ImmutableArray<ImmutableArray<Alert>> Make(int alerts)
    {
        var random = new Random(1);
        return [.. All.Select((detection, d) => ImmutableArray.CreateRange(
            Enumerable.Range(0, alerts / Detections).Select(i => AlertOf(detection, i, random))))];
    }

    private static Detection DetectionOf(int number) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"aks/pod-condition-{number:00}"),
        Name = "Pod in trouble",
        Version = "1.0.0",
        Description = "A pod does not do what it should.",
        Severity = (Severity)(number % 4),
        QueryFrequency = Every,
        QueryPeriod = TimeSpan.FromHours(1),
        Query = new DetectionQuery("KubePodInventory | where TimeGenerated > ago(1h)", new SourcePosition("pod.kql", 1, 1), 0),
        Signal = SignalKind.Condition,
        Identity = ["Cluster", "Namespace", "Pod"],
        Settle = TimeSpan.Zero,
        Lateness = TimeSpan.Zero,
        ResolveAfter = Every,
        Runbook = "Look at the pod's events, then at its log.",
        Source = new DetectionSource("pod.yaml", ImmutableDictionary<string, SourcePosition>.Empty),
    };

    private static Alert AlertOf(Detection detection, int number, Random random)
    {
        var cluster = string.Create(CultureInfo.InvariantCulture, $"aks-prod-{number % Clusters}");
        var space = string.Create(CultureInfo.InvariantCulture, $"team-{number / Clusters % 20}");
        var controller = string.Create(CultureInfo.InvariantCulture, $"service-{number / 100}");
        var pod = string.Create(CultureInfo.InvariantCulture, $"{controller}-{random.Next():x8}-{random.Next(0x100000):x5}");
        var node = string.Create(CultureInfo.InvariantCulture, $"aks-pool{random.Next(3)}-{random.Next(100):000000}-vmss");
        var restarts = random.Next(3, 200);
        var seen = Start - TimeSpan.FromSeconds(random.Next(1, 3000));
        return new Alert
        {
            Detection = detection.Id,
            Fingerprint = Fingerprint.Of(detection.Id, [new("Cluster", cluster), new("Namespace", space), new("Pod", pod)]),
            Severity = detection.Severity,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Cluster"] = cluster,
                ["Namespace"] = space,
                ["Pod"] = pod,
                ["Controller"] = controller,
                [LabelNames.Detection] = detection.Id,
                [LabelNames.Severity] = detection.Severity.ToString(),
            },
            Title = $"{pod} in {space} restarts again and again",
            Description = string.Create(CultureInfo.InvariantCulture, $"{pod} of {controller} on {node} was restarted {restarts} times within the last hour. Last reason: OOMKilled."),
            Runbook = detection.Runbook,
            StartsAt = seen,
            LastSeenAt = seen,
            Count = 1 + (restarts / 10),
            Rows = new QueryTable(
                [
                    new("TimeGenerated", "datetime"), new("Cluster", "string"), new("Namespace", "string"), new("Pod", "string"), new("Node", "string"),
                    new("Restarts", "long"), new("Reason", "string"),
                ],
                [[seen, cluster, space, pod, node, (long)restarts, "OOMKilled"]]),
            Query = new QueryLink(detection.Query.Text, new TimeRange(Start - detection.QueryPeriod, Start), null),
        };
    }
}
