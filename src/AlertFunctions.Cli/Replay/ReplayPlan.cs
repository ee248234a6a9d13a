using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Pipeline;

namespace AlertFunctions.Cli.Replay;

/// <summary>
/// The runs of detections that can find something. One is left out only where no row that its query could see differently became
/// visible: a year between two records costs no queries, and gives the same alerts.
/// </summary>
internal sealed partial class ReplayPlan
{
    private readonly IngestionActivity _activity;
    private readonly FrozenDictionary<string, (ImmutableArray<string> Tables, TimeSpan Reach)> _detections;

    public ReplayPlan(DetectionCatalogue catalogue, IQueryCompiler compiler, IngestionActivity activity, DateTimeOffset now)
    {
        _activity = activity;
        _detections = catalogue.Detections.ToFrozenDictionary(
            detection => detection.Id,
            detection => (compiler.Analyse(detection.Query.Text, now).Tables, Reach(catalogue, detection)),
            StringComparer.Ordinal);
        End = activity.Span?.End + catalogue.Detections
            .Select(detection => _detections[detection.Id].Reach + detection.QueryFrequency + AlertLife.LongestHoldOf(detection))
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();
    }

    /// <summary>When the last record no longer matters to any detection; null where there are no records.</summary>
    public DateTimeOffset? End { get; }

    /// <summary>The mark from which a detection first runs on a clock that starts here: records that were visible before are seen, but are no news.</summary>
    public static DateTimeOffset FirstMark(Detection detection, DateTimeOffset start) =>
        new(start.UtcTicks - (start.UtcTicks % detection.QueryFrequency.Ticks), TimeSpan.Zero);

    /// <summary>
    /// The mark, at or after <paramref name="mark"/>, whose run is the next that can tell something new; null where none can any more.
    /// </summary>
    /// <param name="detection">A detection of the catalogue.</param>
    /// <param name="mark">How far it has come.</param>
    /// <param name="isFiring">
    /// Whether a condition of the detection fires. One that flaps is held firing for longer than others, and resolves by a run that finds nothing.
    /// </param>
    public DateTimeOffset? Next(Detection detection, DateTimeOffset mark, bool isFiring)
    {
        var (tables, reach) = _detections[detection.Id];
        reach += isFiring ? AlertLife.LongestHoldOf(detection) - detection.ResolveAfter : TimeSpan.Zero;
        if (_activity.Next(tables, mark - reach) is not { } minute)
        {
            return null;
        }

        var wait = minute - (mark + detection.QueryFrequency);
        return wait <= TimeSpan.Zero ? mark : mark + (detection.QueryFrequency * Math.Ceiling(wait / detection.QueryFrequency));
    }

    /// <summary>Whether no row that a detection reads became visible within (after, until]: a window that was evaluated then is the same now.</summary>
    public bool IsUnchanged(Detection detection, DateTimeOffset after, DateTimeOffset until) =>
        !(_activity.Next(_detections[detection.Id].Tables, after) <= until);

    /// <summary>How long after a row became visible a run of the detection can still tell something new because of it.</summary>
    private static TimeSpan Reach(DetectionCatalogue catalogue, Detection detection) => detection.Signal switch
    {
        SignalKind.Event when !ReadsWholeTables(catalogue, detection) => detection.Settle,
        SignalKind.Event => detection.QueryPeriod + detection.Settle,
        SignalKind.Condition => detection.QueryPeriod + detection.Lateness + detection.ResolveAfter,
        _ => throw new InvalidOperationException($"Unreachable: signal {detection.Signal}."),
    };

    // What a query reads as table('...') is not narrowed to the new rows, so a deadline can pass without any.
    private static bool ReadsWholeTables(DetectionCatalogue catalogue, Detection detection)
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

    [GeneratedRegex(@"\btable\s*\(")]
    private static partial Regex WholeTable();
}
