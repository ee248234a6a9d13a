using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>Why a detection cannot be an Azure Monitor rule: where its file says so, and what to do.</summary>
public sealed record AlertRuleFault(SourcePosition Position, string Message, string? Hint = null);

/// <summary>
/// Finds what the service would refuse, or do otherwise than the detection means. Such a detection is not made a rule that is nearly it: the app evaluates
/// it itself. Queries are read by their names, as elsewhere in the app, which has no compiler.
/// </summary>
public sealed partial class AlertRuleLint
{
    private static readonly string[] Operators = ["search", "union", "find"];
    private static readonly string[] Plugins = ["bag_unpack", "pivot", "narrow"];
    private static readonly string[] Elsewhere = ["adx", "arg", "cluster"];

    /// <summary>What a rule that runs every minute cannot have besides.</summary>
    private static readonly string[] NotEveryMinute = ["take", "limit"];

    private readonly Dictionary<string, SavedFunction> _functions;

    public AlertRuleLint(DetectionCatalogue catalogue)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        _functions = catalogue.Functions.ToDictionary(function => function.Name, StringComparer.Ordinal);
    }

    /// <summary>Everything that keeps this detection from being a rule; empty where it can be one.</summary>
    public ImmutableArray<AlertRuleFault> Check(Detection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return [.. Meaning(detection), .. Schedule(detection), .. Query(detection)];
    }

    /// <summary>What a rule cannot say.</summary>
    private static IEnumerable<AlertRuleFault> Meaning(Detection detection)
    {
        if (detection.Signal == SignalKind.Event)
        {
            yield return new AlertRuleFault(
                At(detection, "alertFunctions.signal"), "A rule sees only its window of event time, and an event is found however late its record comes.",
                "leave 'deliver' away: the app evaluates it");
        }

        if (detection is not { TriggerOperator: TriggerOperator.GreaterThan, TriggerThreshold: 0 })
        {
            yield return new AlertRuleFault(
                At(detection, "triggerThreshold"), "A rule counts the rows of each identity by itself, so only 'more than 0' means the same.",
                "put the threshold into the query");
        }

        if (detection.SeverityColumn is not null)
        {
            yield return new AlertRuleFault(
                At(detection, "alertDetailsOverride.alertSeverityColumnName"), "A rule has one severity, not one for each row.", "split the detection in two");
        }

        if (!detection.Exceptions.IsEmpty)
        {
            yield return new AlertRuleFault(detection.Exceptions[0].Position, "A rule does not know exceptions.", "put what is expected into the query");
        }

        if (detection.SuppressionDuration is not null)
        {
            yield return new AlertRuleFault(
                At(detection, "suppressionDuration"), "A rule that resolves by itself cannot be muted after an alert.", "leave suppression away");
        }

        if (detection.Identity.Length is 0 or > AlertRuleLimits.MaxDimensions)
        {
            yield return new AlertRuleFault(
                At(detection, "alertFunctions.identity"),
                $"A rule is split by 1 to {AlertRuleLimits.MaxDimensions} columns, and the identity has {detection.Identity.Length}.");
        }
    }

    private static IEnumerable<AlertRuleFault> Schedule(Detection detection)
    {
        if (!AlertRuleLimits.Frequencies.Contains(detection.QueryFrequency) || detection.QueryFrequency > AlertRuleLimits.LongestStatefulFrequency)
        {
            yield return new AlertRuleFault(
                At(detection, "queryFrequency"), $"A rule that resolves does not run every {Durations.Format(detection.QueryFrequency)}.",
                $"it runs every {Listed(AlertRuleLimits.Frequencies.Where(f => f <= AlertRuleLimits.LongestStatefulFrequency))}");
        }

        var windows = detection.QueryFrequency == TimeSpan.FromMinutes(1)
            ? AlertRuleLimits.Windows.Where(window => window < TimeSpan.FromDays(1))
            : AlertRuleLimits.Windows.Where(window => window > TimeSpan.FromMinutes(1));
        if (!windows.Contains(detection.QueryPeriod))
        {
            yield return new AlertRuleFault(
                At(detection, "queryPeriod"), $"A rule that runs every {Durations.Format(detection.QueryFrequency)} does not look back {Durations.Format(detection.QueryPeriod)}.",
                $"it looks back {Listed(windows)}");
        }
    }

    private IEnumerable<AlertRuleFault> Query(Detection detection)
    {
        var everyMinute = detection.QueryFrequency == TimeSpan.FromMinutes(1);
        foreach (var (offset, message, hint) in Refused(detection.Query.Text, everyMinute, []))
        {
            yield return new AlertRuleFault(detection.Query.PositionAt(offset), message, hint);
        }
    }

    private IEnumerable<(int Offset, string Message, string? Hint)> Refused(string text, bool everyMinute, HashSet<string> seen)
    {
        var names = KqlNames.In(text);
        var own = names.Where(name => name.IsDeclared).Select(name => name.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (Refusal(text, name, everyMinute) is { } refusal)
            {
                yield return (name.Offset, refusal.Message, refusal.Hint);
            }
            else if (!own.Contains(name.Name) && _functions.TryGetValue(name.Name, out var function))
            {
                if (everyMinute)
                {
                    yield return (name.Offset, $"A rule that runs every minute cannot call '{name.Name}', which reads tables.", "run it every 5 minutes");
                }

                // One place a function is enough to be told by.
                if (seen.Add(function.Name) && Refused(function.Text, everyMinute, seen).Select(inner => inner.Message).FirstOrDefault() is { } inside)
                {
                    yield return (name.Offset, $"It calls '{name.Name}': {inside}", "read the tables without it");
                }
            }
        }
    }

    private static (string Message, string? Hint)? Refusal(string text, KqlName name, bool everyMinute) => name.Name switch
    {
        _ when StartsPipe(name) && Operators.Contains(name.Name) =>
            ($"A rule's query cannot use '{name.Name}'.", "begin with the one table that it is about"),
        _ when name.IsCall && Plugins.Contains(name.Name) => ($"A rule's query cannot use '{name.Name}'.", "name the columns one by one"),
        _ when name.IsCall && name.Before != '.' && Elsewhere.Contains(name.Name) =>
            ($"A rule's query needs an identity of its own to ask '{name.Name}'.", null),
        "AggregatedValue" => ("'AggregatedValue' is a name of the service's own.", "rename the column"),
        "ago" when name.IsCall && !AgoLiteral().IsMatch(text, name.Offset) =>
            ("A rule's query takes in 'ago' only a duration itself, such as ago(1h).", "write the duration out"),
        "ingestion_time" when everyMinute && name.IsCall => ("A rule that runs every minute cannot use 'ingestion_time'.", "run it every 5 minutes"),
        _ when everyMinute && name.Before == '|' && NotEveryMinute.Contains(name.Name) =>
            ($"A rule that runs every minute cannot use '{name.Name}'.", "run it every 5 minutes"),
        _ => null,
    };

    /// <summary>Where an operator stands that gives rows by itself, or after a bar: a column of the same name stands elsewhere.</summary>
    private static bool StartsPipe(KqlName name) => name.Before is '\0' or '|' or ';' or '(' or '{' or '=';

    private static SourcePosition At(Detection detection, string field) => detection.Source.PositionOf(field);

    private static string Listed(IEnumerable<TimeSpan> durations) => string.Join(", ", durations.Select(Durations.Format));

    // learn.microsoft.com/kusto/query/scalar-data-types/timespan: timespan literals.
    [GeneratedRegex(
        @"\Gago\s*\(\s*\d+(\.\d+)?\s*(d|days?|h|hrs?|hours?|m|min|minutes?|s|sec|seconds?|ms|milliseconds?)\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex AgoLiteral();
}
