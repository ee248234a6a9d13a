using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Xml;
using AlertFunctions.Alerting.AlertRules;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// An alert in Azure Monitor's common alert schema, as a log search alert rule sends it, so that what takes those takes ours:
/// <c>{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{},"alertContext":{},"customProperties":{}}}</c>. The schema holds no rows; the link
/// leads to them. Source: learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema and .../alerts-payload-samples.
/// </summary>
public static class CommonAlert
{
    private const int MaxText = 4096;

    // What Azure Monitor calls the resources that an alert is about, in its order.
    private static readonly string[] ResourceColumns = ["_ResourceId", "ResourceId", "Resource", "Computer", "ClusterId", "RegistryId", "VaultId"];

    /// <summary>The whole message, UTF-8.</summary>
    public static byte[] Render(Alert alert, string portalHost)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("schemaId", "azureMonitorCommonAlertSchema");
            json.WritePropertyName("data");
            WriteData(json, alert, portalHost);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What lies under <c>data</c>.</summary>
    public static void WriteData(Utf8JsonWriter json, Alert alert, string portalHost)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(alert);
        json.WriteStartObject();
        WriteEssentials(json, alert);
        WriteContext(json, alert, portalHost);
        json.WriteStartObject("customProperties");
        json.WriteString("detection", alert.Detection);
        json.WriteString("title", Excerpt.Of(alert.Title, MaxText));
        json.WriteString("runbook", Excerpt.Of(alert.Runbook, MaxText));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEssentials(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject("essentials");
        json.WriteString("alertId", $"{alert.Query.WorkspaceResourceId}/providers/AlertFunctions/alerts/{alert.Fingerprint}");
        json.WriteString("alertRule", alert.Detection);
        json.WriteString("severity", string.Create(CultureInfo.InvariantCulture, $"Sev{AlertRuleWriter.SeverityOf(alert.Severity)}"));
        json.WriteString("signalType", "Log");
        json.WriteString("monitorCondition", alert.State == AlertState.Resolved ? "Resolved" : "Fired");
        json.WriteString("monitoringService", "Log Alerts V2");
        json.WriteStartArray("alertTargetIDs");
        if (alert.Query.WorkspaceResourceId is { } workspace)
        {
            json.WriteStringValue(workspace);
        }

        json.WriteEndArray();
        json.WriteStartArray("configurationItems");
        foreach (var name in ResourceColumns)
        {
            if (alert.Labels.TryGetValue(name, out var resource) && resource.Length > 0)
            {
                json.WriteStringValue(resource);
            }
        }

        json.WriteEndArray();
        json.WriteString("originAlertId", alert.Fingerprint);
        json.WriteString("firedDateTime", Iso(alert.StartsAt));
        if (alert.State == AlertState.Resolved)
        {
            json.WriteString("resolvedDateTime", Iso(alert.LastSeenAt));
        }

        json.WriteString("description", Excerpt.Of(alert.Description, MaxText));
        json.WriteString("essentialsVersion", "1.0");
        json.WriteString("alertContextVersion", "1.0");
        json.WriteEndObject();
    }

    private static void WriteContext(Utf8JsonWriter json, Alert alert, string portalHost)
    {
        var range = alert.Query.Range;
        json.WriteStartObject("alertContext");
        json.WriteStartObject("properties");
        json.WriteEndObject();
        json.WriteString("conditionType", "LogQueryCriteria");
        json.WriteStartObject("condition");
        json.WriteString("windowSize", XmlConvert.ToString(range.End - range.Start));
        json.WriteStartArray("allOf");
        json.WriteStartObject();
        json.WriteString("searchQuery", alert.Query.Text);
        json.WriteNull("metricMeasureColumn");
        json.WriteString("targetResourceTypes", "['Microsoft.OperationalInsights/workspaces']");
        json.WriteString("operator", "GreaterThan");
        json.WriteString("threshold", "0");
        json.WriteString("timeAggregation", "Count");
        json.WriteStartArray("dimensions");
        foreach (var (name, value) in alert.Labels.Where(label => !LabelNames.Reserved.Contains(label.Key)).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("metricValue", alert.Count);
        json.WriteStartObject("failingPeriods");
        json.WriteNumber("numberOfEvaluationPeriods", 1);
        json.WriteNumber("minFailingPeriodsToAlert", 1);
        json.WriteEndObject();
        if (alert.Query is { WorkspaceResourceId: { } id, Text.Length: > 0 })
        {
            json.WriteString("linkToSearchResultsUI", PortalLink.To(portalHost, id, alert.Query));
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("windowStartTime", Iso(range.Start));
        json.WriteString("windowEndTime", Iso(range.End));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
