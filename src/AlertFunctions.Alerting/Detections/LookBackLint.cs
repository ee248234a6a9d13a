using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Detections;

/// <summary>
/// Looks at how far a query's own text looks back. It must say so, because the text is also run by hand, where nothing else limits
/// it; and what it says must fit the schedule. It reads names and durations, not the grammar: a filter on TimeGenerated or
/// ingestion_time() anywhere in the text or in a function that it calls counts.
/// </summary>
internal sealed partial class LookBackLint(DetectionCatalogue catalogue)
{
    private readonly Dictionary<string, string> _functions = catalogue.Functions.ToDictionary(f => f.Name, f => f.Text, StringComparer.Ordinal);

    public IEnumerable<CatalogueDiagnostic> Check(Detection detection)
    {
        // Sentinel itself limits its rules to their queryPeriod.
        if (!CatalogueChecker.IsOurs(detection))
        {
            yield break;
        }

        var text = detection.Query.Text;
        if (!FiltersTime(text, []))
        {
            yield return new CatalogueDiagnostic(
                FirstName(detection), CatalogueSeverity.Error, CatalogueCodes.MissingTimeFilter,
                "The query does not limit TimeGenerated: by hand it reads all that the workspace keeps.",
                $"add '| where TimeGenerated > ago({Durations.Format(detection.QueryPeriod)})'");
            yield break;
        }

        var lookBacks = LookBacks(text).ToArray();
        if (lookBacks.Length == 0)
        {
            yield break;
        }

        var longest = lookBacks.MaxBy(l => l.Span);
        if (longest.Span < detection.QueryFrequency)
        {
            yield return new CatalogueDiagnostic(
                detection.Query.PositionAt(longest.Offset), CatalogueSeverity.Error, CatalogueCodes.Schedule,
                $"The query looks back {Durations.Format(longest.Span)} and runs every {Durations.Format(detection.QueryFrequency)}: the time between is never seen.");
        }
        else if (detection.Signal == SignalKind.Condition && longest.Span > detection.QueryPeriod)
        {
            yield return new CatalogueDiagnostic(
                detection.Query.PositionAt(longest.Offset), CatalogueSeverity.Error, CatalogueCodes.Schedule,
                $"The query looks back {Durations.Format(longest.Span)}, and its queryPeriod of {Durations.Format(detection.QueryPeriod)} is all that it is given.");
        }
        else if (detection.Signal == SignalKind.Event && longest.Span < detection.QueryPeriod)
        {
            yield return new CatalogueDiagnostic(
                detection.Query.PositionAt(longest.Offset), CatalogueSeverity.Warning, CatalogueCodes.Schedule,
                $"The query looks back {Durations.Format(longest.Span)}, less than its queryPeriod of {Durations.Format(detection.QueryPeriod)}: records that come later than that are lost.");
        }
    }

    private bool FiltersTime(string text, HashSet<string> seen)
    {
        foreach (var name in KqlNames.In(text))
        {
            if (name.Name is "TimeGenerated" or "ingestion_time" && IsCompared(text, name))
            {
                return true;
            }

            if (_functions.TryGetValue(name.Name, out var function) && seen.Add(name.Name) && FiltersTime(function, seen))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCompared(string text, KqlName name)
    {
        var after = text.AsSpan(name.Offset + name.Name.Length).TrimStart("() \t\r\n");
        var before = text.AsSpan(0, name.Offset).TrimEnd();
        return after is ['>' or '<', ..] || after.StartsWith("between") || after.StartsWith("!between")
            || before is [.., '>' or '<'] || before.EndsWith(">=", StringComparison.Ordinal) || before.EndsWith("<=", StringComparison.Ordinal);
    }

    /// <summary>The durations that <c>ago()</c> is given in the text, as literals or by a <c>let</c> with one.</summary>
    private static IEnumerable<(TimeSpan Span, int Offset)> LookBacks(string text)
    {
        var lets = LetDuration().Matches(text).ToLookup(m => m.Groups["name"].Value, m => m.Groups["span"].Value, StringComparer.Ordinal);
        foreach (var ago in KqlNames.In(text).Where(n => n.Name == "ago" && n.IsCall))
        {
            var argument = AgoArgument().Match(text, ago.Offset);
            if (argument.Success
                && Durations.TryParse(lets[argument.Groups["span"].Value].FirstOrDefault() ?? argument.Groups["span"].Value, out var span))
            {
                yield return (span, ago.Offset);
            }
        }
    }

    private static SourcePosition FirstName(Detection detection) =>
        detection.Query.PositionAt(KqlNames.In(detection.Query.Text).Select(n => n.Offset).FirstOrDefault());

    [GeneratedRegex(@"\Gago\s*\(\s*(?<span>\w+)\s*\)", RegexOptions.CultureInvariant)]
    private static partial Regex AgoArgument();

    [GeneratedRegex(@"\blet\s+(?<name>\w+)\s*=\s*(?<span>\d+[dhms])\s*;", RegexOptions.CultureInvariant)]
    private static partial Regex LetDuration();
}
