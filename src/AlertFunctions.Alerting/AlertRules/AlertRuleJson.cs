using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>The resource that a rule is to Azure Resource Manager: <c>{"location","kind":"LogAlert","identity","tags":{},"properties":{}}</c>.</summary>
public static class AlertRuleJson
{
    public const string Type = "Microsoft.Insights/scheduledQueryRules";

    /// <summary>The newest stable version. Source: azure-rest-api-specs, Microsoft.Insights, scheduledQueryRule_API.</summary>
    public const string ApiVersion = "2023-12-01";

    /// <summary>The body that creates the rule, or replaces the one that is there without taking others' tags or its identity away.</summary>
    public static byte[] Write(AlertRule rule, StoredAlertRule? stored, string location)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMembers(json, rule, stored, location);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The members of <see cref="Write"/> into an object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, AlertRule rule, StoredAlertRule? stored, string location)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(rule);
        json.WriteString("location", location);
        json.WriteString("kind", "LogAlert");
        if (stored?.Identity.ValueKind == JsonValueKind.Object)
        {
            json.WritePropertyName("identity");
            stored.Identity.WriteTo(json);
        }

        json.WriteStartObject("tags");
        foreach (var (name, value) in (stored?.Tags ?? ImmutableSortedDictionary<string, string>.Empty).SetItems(rule.Tags))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WritePropertyName("properties");
        rule.Properties.WriteTo(json);
    }
}
