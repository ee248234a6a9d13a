using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Testing;

/// <summary>Values for tests that need one and do not care which.</summary>
public static class Some
{
    public static DateTimeOffset Noon { get; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static DetectionCatalogue EmptyCatalogue { get; } = new([], [], [], []);

    public static Detection Detection(string id = "aks/thing", SignalKind signal = SignalKind.Event, params string[] identity) => new()
    {
        Id = id,
        Name = "A thing",
        Version = "1.0.0",
        Description = "Something is wrong.",
        Severity = Severity.Medium,
        QueryFrequency = TimeSpan.FromMinutes(5),
        QueryPeriod = TimeSpan.FromHours(1),
        Query = new DetectionQuery("Heartbeat | where TimeGenerated > ago(1h)", new SourcePosition("thing.kql", 1, 1), 0),
        Signal = signal,
        Identity = identity.Length == 0 ? ["Name"] : [.. identity],
        Settle = TimeSpan.FromMinutes(5),
        Lateness = TimeSpan.FromMinutes(30),
        ResolveAfter = TimeSpan.FromMinutes(15),
        Runbook = "Look at it.",
        Source = new DetectionSource("thing.yaml", ImmutableDictionary<string, SourcePosition>.Empty),
    };

    public static QueryTable Table(string[] columns, params object?[][] rows) => new(
        [.. columns.Select(c => c.Split(':')).Select(c => new QueryColumn(c[0], c.Length > 1 ? c[1] : "string"))],
        rows);

    /// <summary>A firing alert; labels as <c>Name=value</c>.</summary>
    public static Alert Alert(string name = "a", string detection = "aks/thing", Severity severity = Severity.Medium, params string[] labels)
    {
        var all = labels.Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);
        all["Name"] = name;
        all[LabelNames.Detection] = detection;
        all[LabelNames.Severity] = severity.ToString();
        return new Alert
        {
            Detection = detection,
            Fingerprint = Fingerprint.Of(detection, [KeyValuePair.Create("Name", name)]),
            Severity = severity,
            Labels = all,
            Title = $"{detection} {name}",
            Description = "Something is wrong.",
            Runbook = "Look at it.",
            StartsAt = Noon,
            LastSeenAt = Noon,
            Count = 1,
            Rows = Table(["Name"], [name]),
            Query = new QueryLink("Heartbeat", new TimeRange(Noon.AddHours(-1), Noon), null),
        };
    }
}
