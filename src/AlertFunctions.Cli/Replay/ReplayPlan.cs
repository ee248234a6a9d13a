using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Cli.Replay;

/// <summary>One run of a detection on the simulated clock.</summary>
internal readonly record struct ReplayTick(DateTimeOffset Time, DateTimeOffset Mark, Detection Detection);

/// <summary>
/// The ticks of the detections' schedules that can find something. A tick is left out only where no row that its query could see
/// differently became visible: a year between two records costs no queries, and gives the same alerts.
/// </summary>
internal sealed partial class ReplayPlan(DetectionCatalogue catalogue, IQueryCompiler compiler, IngestionActivity activity)
{
    /// <param name="start">The clock's start: records that were visible before are seen, but are no news.</param>
    /// <param name="end">The clock's end; null for when the last record no longer matters to any detection.</param>
    public ImmutableArray<ReplayTick> Ticks(DateTimeOffset start, DateTimeOffset? end) =>
    [
        .. catalogue.Detections
            .SelectMany(detection => Ticks(detection, start, end))
            .OrderBy(tick => tick.Time)
            .ThenBy(tick => tick.Detection.Id, StringComparer.Ordinal),
    ];

    private IEnumerable<ReplayTick> Ticks(Detection detection, DateTimeOffset start, DateTimeOffset? end)
    {
        var tables = compiler.Analyse(detection.Query.Text, start).Tables;
        var reach = Reach(detection);
        if (activity.Span is not { } span)
        {
            yield break;
        }

        var last = end ?? span.End + reach + detection.QueryFrequency;
        for (var mark = Floor(start, detection.QueryFrequency); mark < last; mark += detection.QueryFrequency)
        {
            var time = mark + detection.QueryFrequency;
            if (time <= last && activity.Any(tables, mark - reach, time))
            {
                yield return new(time, mark, detection);
            }
        }
    }

    /// <summary>How long after a row became visible a run of the detection can still tell something new because of it.</summary>
    private TimeSpan Reach(Detection detection) => detection.Signal switch
    {
        SignalKind.Event when !ReadsWholeTables(detection) => detection.Settle,
        SignalKind.Event => detection.QueryPeriod + detection.Settle,
        SignalKind.Condition => detection.QueryPeriod + detection.Lateness + detection.ResolveAfter,
        _ => throw new InvalidOperationException($"Unreachable: signal {detection.Signal}."),
    };

    // What a query reads as table('...') is not narrowed to the new rows, so a deadline can pass without any.
    private bool ReadsWholeTables(Detection detection)
    {
        var texts = new List<string> { detection.Query.Text };
        var called = new HashSet<SavedFunction>();
        for (var next = 0; next < texts.Count; next++)
        {
            var text = texts[next];
            if (WholeTable().IsMatch(text))
            {
                return true;
            }

            texts.AddRange(catalogue.Functions
                .Where(function => text.Contains(function.Name, StringComparison.Ordinal) && called.Add(function))
                .Select(function => function.Text));
        }

        return false;
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan step) => new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);

    [GeneratedRegex(@"\btable\s*\(")]
    private static partial Regex WholeTable();
}
