using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// A rule's properties in one form, so that what was sent and what the service gives back compare equal when they mean the same: the service changes the
/// case of resource ids, writes an hour as PT60M or PT1H, and fills in defaults. Properties that it only reports are left out, as are those that it has
/// had since: a rule is not written again for what the app does not know.
/// </summary>
public static class AlertRuleForm
{
    private const string Resolve = "resolve.";

    private static readonly HashSet<string> Durations = new(StringComparer.OrdinalIgnoreCase)
    {
        "evaluationFrequency", "windowSize", "overrideQueryTimeRange", "muteActionsDuration", "timeToResolve",
    };

    /// <summary>What the service assumes where the property is absent. Source: the specification of scheduledQueryRules, 2023-12-01.</summary>
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["enabled"] = "true",
        ["autoMitigate"] = "true",
        ["muteActionsDuration"] = "PT0S",
        ["resolve.autoResolved"] = "true",
        ["targetResourceTypes"] = "microsoft.operationalinsights/workspaces",
        ["checkWorkspaceAlertsStorageConfigured"] = "false",
        ["failingPeriods.numberOfEvaluationPeriods"] = "1",
        ["failingPeriods.minFailingPeriodsToAlert"] = "1",
    };

    /// <summary>Name of a property, with dots below the top and <c>condition</c> for the first of the criteria → its value as text.</summary>
    public static ImmutableSortedDictionary<string, string> Of(JsonElement properties)
    {
        var form = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Members(properties))
        {
            switch (name.ToLowerInvariant())
            {
                case "displayname" or "description" or "severity" or "enabled" or "automitigate" or "checkworkspacealertsstorageconfigured"
                    or "evaluationfrequency" or "windowsize" or "overridequerytimerange" or "muteactionsduration":
                    Add(form, name, Scalar(name, value));
                    break;
                case "scopes" or "targetresourcetypes":
                    Add(form, name, Set(value));
                    break;
                case "criteria":
                    AddCriteria(form, value);
                    break;
                case "actions":
                    AddActions(form, value);
                    break;

                // The second is its name in later versions of the API.
                case "ruleresolveconfiguration" or "resolveconfiguration":
                    foreach (var (member, text) in Members(value))
                    {
                        Add(form, $"{Resolve}{member}", Scalar(member, text));
                    }

                    break;
            }
        }

        return form.ToImmutable();
    }

    /// <summary>What differs between two rules; empty where the service would do the same with both.</summary>
    public static ImmutableArray<AlertRuleDifference> Compare(JsonElement stored, JsonElement wanted)
    {
        var before = Of(stored);
        var after = Of(wanted);
        return
        [
            .. before.Keys.Union(after.Keys, StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase)
                .Select(name => new AlertRuleDifference(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
                .Where(difference => difference.Before != difference.After),
        ];
    }

    /// <summary>
    /// Whether the service may have taken what was written and not give it back: the specification names how a rule resolves and says no more of it than that.
    /// </summary>
    public static bool IsUntold(AlertRuleDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        return difference.Before is null && difference.Property.StartsWith(Resolve, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>16 hexadecimal digits, the same for rules that mean the same.</summary>
    public static string ContentOf(JsonElement properties)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Of(properties))
        {
            text.Append(name.ToLowerInvariant()).Append('\n').Append(value.Length).Append('\n').Append(value).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    private static void AddCriteria(ImmutableSortedDictionary<string, string>.Builder form, JsonElement criteria)
    {
        var conditions = Members(criteria)
            .Where(member => member.Name.Equals("allOf", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.Array)
            .SelectMany(member => member.Value.EnumerateArray());
        foreach (var (index, condition) in conditions.Index())
        {
            var prefix = index == 0 ? "condition." : string.Create(CultureInfo.InvariantCulture, $"condition{index + 1}.");
            foreach (var (name, value) in Members(condition))
            {
                switch (name.ToLowerInvariant())
                {
                    case "query" or "timeaggregation" or "metricmeasurecolumn" or "resourceidcolumn" or "operator" or "threshold":
                        Add(form, prefix + name, Scalar(name, value));
                        break;
                    case "failingperiods":
                        foreach (var (member, number) in Members(value))
                        {
                            Add(form, $"{prefix}failingPeriods.{member}", Scalar(member, number), $"failingPeriods.{member}");
                        }

                        break;
                    case "dimensions" when value.ValueKind == JsonValueKind.Array:
                        Add(form, prefix + name, string.Join(", ", value.EnumerateArray().Select(Dimension).Order(StringComparer.Ordinal)));
                        break;
                }
            }
        }
    }

    private static void AddActions(ImmutableSortedDictionary<string, string>.Builder form, JsonElement actions)
    {
        foreach (var (name, value) in Members(actions))
        {
            if (name.Equals("actionGroups", StringComparison.OrdinalIgnoreCase))
            {
                Add(form, "actions.actionGroups", Set(value));
            }
            else if (name.Equals("customProperties", StringComparison.OrdinalIgnoreCase) || name.Equals("actionProperties", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var (member, text) in Members(value))
                {
                    Add(form, $"actions.{name}.{member}", Scalar(member, text));
                }
            }
        }
    }

    private static void Add(ImmutableSortedDictionary<string, string>.Builder form, string name, string value, string? defaultOf = null)
    {
        if (value.Length > 0 && Defaults.GetValueOrDefault(defaultOf ?? name) != value)
        {
            form[name] = value;
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).Select(member => (member.Name, member.Value))
        : [];

    /// <summary>Such as <c>Node</c> for all values, <c>Node in (a, b)</c> for some and <c>Node not in (a)</c>.</summary>
    private static string Dimension(JsonElement dimension)
    {
        var members = Members(dimension).ToLookup(member => member.Name, member => member.Value, StringComparer.OrdinalIgnoreCase);
        var name = members["name"].Select(value => Scalar("name", value)).FirstOrDefault() ?? "";
        var excludes = members["operator"].Any(value => Scalar("operator", value).Equals("Exclude", StringComparison.OrdinalIgnoreCase));
        var values = members["values"].SelectMany(value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [])
            .Select(value => Scalar("value", value))
            .Order(StringComparer.Ordinal)
            .ToArray();
        return values is ["*"] && !excludes ? name : $"{name} {(excludes ? "not in" : "in")} ({string.Join(", ", values)})";
    }

    /// <summary>Resource ids and types do not depend on case or order.</summary>
    private static string Set(JsonElement values) => values.ValueKind == JsonValueKind.Array
        ? string.Join(", ", values.EnumerateArray().Select(value => Scalar("", value).TrimEnd('/').ToLowerInvariant()).Order(StringComparer.Ordinal))
        : "";

    private static string Scalar(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!.ReplaceLineEndings("\n").Trim();
                return Durations.Contains(name) && TryDuration(text) is { } duration ? XmlConvert.ToString(duration) : text;
            case JsonValueKind.Number:
                return value.GetDouble().ToString("R", CultureInfo.InvariantCulture);
            case JsonValueKind.True:
                return "true";
            case JsonValueKind.False:
                return "false";
            default:
                return value.GetRawText();
        }
    }

    private static TimeSpan? TryDuration(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            return null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}

/// <summary>One property that is not as it should be; null where it is absent.</summary>
public sealed record AlertRuleDifference(string Property, string? Before, string? After);
