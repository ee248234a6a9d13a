using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>A detection that is to run over a workspace.</summary>
/// <param name="Detection">Which.</param>
/// <param name="Workspace">Where; null for the only one.</param>
/// <param name="DueAt">Since when.</param>
public sealed record DueDetection(Detection Detection, MonitoredWorkspace? Workspace, DateTimeOffset DueAt)
{
    /// <summary>
    /// The order in which due detections run: the worst severity first, and among equals one of each workspace in turn, the longest due
    /// before the others. What waits for four of its intervals counts as a step worse, so that nothing waits for ever.
    /// </summary>
    public static ImmutableArray<DueDetection> Plan(IEnumerable<DueDetection> due, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(due);
        return
        [
            .. due.GroupBy(d => (Urgency: d.UrgencyAt(now), Workspace: d.Workspace?.Name ?? ""))
                .SelectMany(g => g.OrderBy(d => d.DueAt).ThenBy(d => d.Detection.Id, StringComparer.Ordinal).Select((d, turn) => (g.Key, turn, d)))
                .OrderByDescending(p => p.Key.Urgency)
                .ThenBy(p => p.turn)
                .ThenBy(p => p.Key.Workspace, StringComparer.Ordinal)
                .Select(p => p.d),
        ];
    }

    private int UrgencyAt(DateTimeOffset now) => (int)Detection.Severity + (int)Math.Min(10, (now - DueAt) / (4 * Detection.QueryFrequency));
}
