using System.Collections.Immutable;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>The firing alerts that hide others, by the labels that both share.</summary>
public sealed class InhibitingAlerts
{
    private readonly ImmutableArray<(Inhibition Rule, Dictionary<string, AlertRecord> Sources)> _rules;

    public InhibitingAlerts(ImmutableArray<Inhibition> inhibitions, IEnumerable<AlertRecord> alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        _rules = [.. inhibitions.Select(rule => (rule, new Dictionary<string, AlertRecord>(StringComparer.Ordinal)))];
        if (_rules.IsEmpty)
        {
            return;
        }

        // An event has no duration in which it could explain others.
        foreach (var alert in alerts.Where(a => a is { State: AlertState.Firing, IsEvent: false }))
        {
            foreach (var (rule, sources) in _rules)
            {
                if (rule.Source.All(m => m.Matches(alert.Labels)))
                {
                    sources.TryAdd(KeyOf(rule, alert), alert);
                }
            }
        }
    }

    /// <summary>The alert that hides this one, and the rule's name; null where none does. An alert does not hide itself, nor what matches as a source.</summary>
    public (AlertRecord Source, string Rule)? Of(AlertRecord alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        foreach (var (rule, sources) in _rules)
        {
            if (sources.Count > 0
                && rule.Target.All(m => m.Matches(alert.Labels))
                && !rule.Source.All(m => m.Matches(alert.Labels))
                && sources.TryGetValue(KeyOf(rule, alert), out var source))
            {
                return (source, rule.Name);
            }
        }

        return null;
    }

    private static string KeyOf(Inhibition rule, AlertRecord alert) =>
        string.Join('\u0001', rule.Equal.Select(name => alert.Labels.TryGetValue(name, out var value) ? value : ""));
}
