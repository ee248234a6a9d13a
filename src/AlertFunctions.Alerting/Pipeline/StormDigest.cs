using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// One alert in the place of very many, which says what it stands for: how many, of which detections, clusters and namespaces. Every
/// alert behind it is recorded as told, and stays readable one by one.
/// </summary>
internal static class StormDigest
{
    public const string Detection = "alertfunctions/storm";
    private const int MostLines = 15;
    private const string OneByOne = "alertfn alerts";

    public static Notification Of(string receiver, IReadOnlyList<AlertBatch> batches, DateTimeOffset now)
    {
        var alerts = batches.SelectMany(b => b.Group!.Alerts).DistinctBy(a => a.Fingerprint).ToImmutableArray();
        var byDetection = Count(alerts, a => a.Detection);
        var digest = new Alert
        {
            Detection = Detection,
            Fingerprint = Fingerprint.Of(Detection, [new("receiver", receiver), new("at", now.UtcTicks.ToString(CultureInfo.InvariantCulture))]),
            Severity = alerts.Max(a => a.Severity),
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [LabelNames.Detection] = Detection,
                [LabelNames.Severity] = alerts.Max(a => a.Severity).ToString(),
            },
            Title = string.Create(CultureInfo.InvariantCulture, $"{alerts.Length} alerts at once, in {batches.Count} groups"),
            Description = Describe(alerts, byDetection),
            Runbook = $"Many alerts at once often have one cause: start with the oldest of the worst. `{OneByOne}` lists them all.",
            StartsAt = alerts.Min(a => a.StartsAt),
            LastSeenAt = alerts.Max(a => a.LastSeenAt),
            Count = alerts.Length,
            Rows = new QueryTable(
                [new QueryColumn("Detection", "string"), new QueryColumn("Alerts", "long")],
                [.. byDetection.Take(MostLines).Select(d => (IReadOnlyList<object?>)[d.Value, d.Count])]),
            Query = LinkOf(alerts),
        };
        var group = new AlertGroup($"digest/{receiver}", receiver, new Dictionary<string, string>(), [digest]);
        return new Notification(group, NotifyReason.FirstNotification, now);
    }

    private static string Describe(ImmutableArray<Alert> alerts, IReadOnlyList<(string Value, long Count)> byDetection)
    {
        var text = new StringBuilder("So many came within a minute that they are told together; none is left out.");
        Append(text, "By detection", byDetection);
        Append(text, "By cluster", Count(alerts, a => LabelOf(a, "Cluster")));
        Append(text, "By namespace", Count(alerts, a => LabelOf(a, "Namespace")));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string heading, IReadOnlyList<(string Value, long Count)> counts)
    {
        if (counts is [] or [("", _)])
        {
            return;
        }

        text.Append("\n\n").Append(heading).Append(": ");
        text.AppendJoin(", ", counts.Take(MostLines).Select(c => string.Create(
            CultureInfo.InvariantCulture, $"{(c.Value.Length == 0 ? "(none)" : c.Value)} {c.Count}")));
        if (counts.Count > MostLines)
        {
            text.Append(CultureInfo.InvariantCulture, $", and {counts.Count - MostLines} more with {counts.Skip(MostLines).Sum(c => c.Count)}");
        }

        text.Append('.');
    }

    private static IReadOnlyList<(string Value, long Count)> Count(IEnumerable<Alert> alerts, Func<Alert, string> by) =>
    [
        .. alerts.GroupBy(by, StringComparer.Ordinal)
            .Select(g => (g.Key, g.LongCount()))
            .OrderByDescending(c => c.Item2)
            .ThenBy(c => c.Key, StringComparer.Ordinal),
    ];

    private static string LabelOf(Alert alert, string name) => alert.Labels.TryGetValue(name, out var value) ? value : "";

    // The detection with the most alerts is the one to open first.
    private static QueryLink LinkOf(ImmutableArray<Alert> alerts)
    {
        var largest = alerts.GroupBy(a => a.Detection, StringComparer.Ordinal).MaxBy(g => g.Count())!.ToArray();
        return largest[0].Query with { Range = new TimeRange(largest.Min(a => a.Query.Range.Start), largest.Max(a => a.Query.Range.End)) };
    }
}
