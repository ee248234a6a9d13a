using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// Writes a detection as an Azure Monitor rule: it counts the rows of each identity and fires at the first. Source: the specification of
/// Microsoft.Insights/scheduledQueryRules, 2023-12-01.
/// </summary>
public sealed class AlertRuleWriter
{
    private const int HashLength = 8;

    private readonly QueryComposer _composer;
    private readonly AlertRuleTarget _target;

    public AlertRuleWriter(DetectionCatalogue catalogue, AlertRuleTarget target)
    {
        _composer = new QueryComposer(catalogue);
        _target = target;
    }

    /// <summary>The rule of a detection that <see cref="AlertRuleLint"/> finds nothing against.</summary>
    public AlertRule Write(Detection detection, string workspaceId)
    {
        ArgumentNullException.ThrowIfNull(detection);
        ArgumentNullException.ThrowIfNull(workspaceId);
        var properties = Properties(detection, workspaceId);
        return new AlertRule
        {
            Name = NameOf(detection, workspaceId),
            Detection = detection.Id,
            Workspace = workspaceId,
            Properties = properties,
            Tags = ImmutableSortedDictionary.CreateRange(StringComparer.OrdinalIgnoreCase,
            [
                KeyValuePair.Create(AlertRuleTags.Owner, _target.Owner),
                KeyValuePair.Create(AlertRuleTags.Detection, detection.Id),
                KeyValuePair.Create(AlertRuleTags.Content, AlertRuleForm.ContentOf(properties)),
            ]),
        };
    }

    /// <summary>Azure's severities count down: 1 is an error, 4 is verbose. 0, critical, is nobody's here.</summary>
    public static int SeverityOf(Severity severity) => severity switch
    {
        Severity.High => 1,
        Severity.Medium => 2,
        Severity.Low => 3,
        _ => 4,
    };

    /// <summary>Whether it is the name of one of the detection's rules, over whichever workspace.</summary>
    internal static bool IsNameOf(string name, Detection detection) =>
        Beginning(detection) is var beginning && name.Length == beginning.Length + HashLength && name.StartsWith(beginning, StringComparison.Ordinal);

    /// <summary>Such as <c>alertfn-aks-node-not-ready-1a2b3c4d</c>. The end tells apart what a detection is over several workspaces.</summary>
    private static string NameOf(Detection detection, string workspaceId)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{detection.Id}\n{workspaceId.ToLowerInvariant()}")))[..HashLength];
        return $"{Beginning(detection)}{hash}";
    }

    private static string Beginning(Detection detection)
    {
        var id = new string([.. detection.Id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
        return $"alertfn-{id[..Math.Min(id.Length, 100)]}-";
    }

    private JsonElement Properties(Detection detection, string workspaceId)
    {
        var workspace = ResourceId.Name(workspaceId);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("displayName", $"{detection.Name} ({workspace})");
            json.WriteString("description", Description(detection));
            json.WriteNumber("severity", SeverityOf(detection.Severity));
            json.WriteBoolean("enabled", true);
            WriteTexts(json, "scopes", [workspaceId]);
            json.WriteString("evaluationFrequency", XmlConvert.ToString(detection.QueryFrequency));
            json.WriteString("windowSize", XmlConvert.ToString(detection.QueryPeriod));
            json.WriteBoolean("autoMitigate", true);
            json.WriteStartObject("ruleResolveConfiguration");
            json.WriteBoolean("autoResolved", true);
            json.WriteString("timeToResolve", XmlConvert.ToString(detection.ResolveAfter));
            json.WriteEndObject();
            WriteCriteria(json, detection);
            json.WriteStartObject("actions");
            WriteTexts(json, "actionGroups", [_target.ActionGroup]);
            json.WriteStartObject("customProperties");
            json.WriteString("detection", detection.Id);
            json.WriteString("detectionVersion", detection.Version);
            json.WriteString("workspace", workspace);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }

    private void WriteCriteria(Utf8JsonWriter json, Detection detection)
    {
        json.WriteStartObject("criteria");
        json.WriteStartArray("allOf");
        json.WriteStartObject();
        json.WriteString("query", _composer.Compose(detection.Query.Text).ReplaceLineEndings("\n").Trim());
        json.WriteString("timeAggregation", "Count");
        json.WriteStartArray("dimensions");
        foreach (var column in detection.Identity)
        {
            json.WriteStartObject();
            json.WriteString("name", column);
            json.WriteString("operator", "Include");
            WriteTexts(json, "values", ["*"]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("operator", "GreaterThan");
        json.WriteNumber("threshold", 0);
        json.WriteStartObject("failingPeriods");
        json.WriteNumber("numberOfEvaluationPeriods", 1);
        json.WriteNumber("minFailingPeriodsToAlert", 1);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ReadOnlySpan<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>What it means and what to do, as much as fits: mail and ticket show nothing else of the detection.</summary>
    private static string Description(Detection detection) =>
        Excerpt.Of($"{detection.Description.Trim()}\n\n{detection.Runbook.Trim()}".ReplaceLineEndings("\n"), AlertRuleLimits.MaxDescription);
}
