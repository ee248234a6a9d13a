using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace AlertFunctions.Cli.KubeAudit;

/// <summary>
/// A kube-apiserver audit event (audit.k8s.io) as the row that AKS makes of it in AKSAudit and AKSAuditAdmin.
/// Columns: learn.microsoft.com/azure/azure-monitor/reference/tables/aksaudit; fields: kubernetes.io/docs/reference/config-api/apiserver-audit.v1.
/// </summary>
internal sealed class AksAuditRow
{
    private static readonly string[] TimeFields = ["stageTimestamp", "requestReceivedTimestamp", "timestamp"];

    private readonly JsonElement _event;

    private AksAuditRow(JsonElement auditEvent, string verb, DateTimeOffset time)
    {
        _event = auditEvent;
        Verb = verb;
        TimeGenerated = time;
    }

    public string Verb { get; }

    public DateTimeOffset TimeGenerated { get; }

    /// <summary>Whether AKSAuditAdmin has it too: that table leaves out the verbs get and list.</summary>
    public bool IsAdministrative => Verb is not ("get" or "list");

    /// <summary>Makes a row of an event, or says why it is none.</summary>
    public static bool TryCreate(
        JsonElement value,
        [NotNullWhen(true)] out AksAuditRow? row,
        [NotNullWhen(false)] out string? fault)
    {
        row = null;
        fault = FindFault(value);
        if (fault is not null)
        {
            return false;
        }

        DateTimeOffset? time = null;
        foreach (var field in TimeFields)
        {
            if (!TryGetTime(value, field, out var read, out fault))
            {
                return false;
            }

            time ??= read;
        }

        // Events of audit.k8s.io/v1alpha1 carry their time only here.
        if (time is null
            && value.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            && !TryGetTime(metadata, "creationTimestamp", out time, out fault))
        {
            return false;
        }

        if (time is null)
        {
            fault = "the event has no time: stageTimestamp, requestReceivedTimestamp and timestamp are missing";
            return false;
        }

        row = new(value, value.GetProperty("verb").GetString()!, time.Value);
        return true;
    }

    /// <summary>Writes the row's columns. Missing fields are left out, as in the service.</summary>
    /// <param name="writer">Stands where a value may begin.</param>
    /// <param name="table">AKSAudit or AKSAuditAdmin.</param>
    /// <param name="clusterId">The cluster's Azure resource id, if the caller knows it.</param>
    public void WriteTo(Utf8JsonWriter writer, string table, string? clusterId)
    {
        writer.WriteStartObject();
        writer.WriteString(nameof(TimeGenerated), TimeGenerated.UtcDateTime);
        Copy(writer, "level", "Level");
        Copy(writer, "auditID", "AuditId");
        Copy(writer, "stage", "Stage");
        Copy(writer, "requestURI", "RequestUri");
        Copy(writer, "verb", "Verb");
        Copy(writer, "user", "User");
        Copy(writer, "sourceIPs", "SourceIps");
        Copy(writer, "userAgent", "UserAgent");
        Copy(writer, "objectRef", "ObjectRef");
        Copy(writer, "responseStatus", "ResponseStatus");
        Copy(writer, "requestObject", "RequestObject");
        Copy(writer, "responseObject", "ResponseObject");
        Copy(writer, _event.TryGetProperty("requestReceivedTimestamp", out _) ? "requestReceivedTimestamp" : "timestamp", "RequestReceivedTime");
        Copy(writer, "stageTimestamp", "StageReceivedTime");
        Copy(writer, "annotations", "Annotations");
        writer.WriteString("SourceSystem", "Azure");
        writer.WriteString("Type", table);
        if (clusterId is not null)
        {
            writer.WriteString("_ResourceId", clusterId);
        }

        writer.WriteEndObject();
    }

    private static string? FindFault(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"an audit event is an object, not {Describe(value)}";
        }

        if (value.TryGetProperty("kind", out var kind) && !(kind.ValueKind == JsonValueKind.String && kind.ValueEquals("Event")))
        {
            return $"kind is {Describe(kind)}, not Event";
        }

        foreach (var field in (ReadOnlySpan<string>)["auditID", "verb"])
        {
            if (!value.TryGetProperty(field, out var text))
            {
                return $"the event has no {field}; is this a kube-apiserver audit log?";
            }

            if (text.ValueKind != JsonValueKind.String || text.ValueEquals(""))
            {
                return $"{field} is {Describe(text)}, not a text";
            }
        }

        foreach (var field in (ReadOnlySpan<string>)["user", "objectRef", "responseStatus", "annotations"])
        {
            if (value.TryGetProperty(field, out var part) && part.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                return $"{field} is {Describe(part)}, not an object";
            }
        }

        return null;
    }

    private static bool TryGetTime(JsonElement value, string field, out DateTimeOffset? time, [NotNullWhen(false)] out string? fault)
    {
        time = null;
        fault = null;
        if (!value.TryGetProperty(field, out var text) || text.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (text.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            time = parsed;
            return true;
        }

        fault = $"{field} is {Describe(text)}, not a time";
        return false;
    }

    private static string Describe(JsonElement value)
    {
        var text = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => text.Length <= 40 ? text : text[..40] + "...",
        };
    }

    private void Copy(Utf8JsonWriter writer, string field, string column)
    {
        if (_event.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            writer.WritePropertyName(column);
            value.WriteTo(writer);
        }
    }
}
