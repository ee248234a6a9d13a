using System.Text.Json;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// An alert as programs read it, from commands and from the app: <c>"fingerprint","detection","severity","state":"Firing|Resolved","title",
/// "labels":{name: text},"startsAt","lastSeenAt","count"</c>; times in UTC.
/// </summary>
public static class AlertJson
{
    /// <summary>Writes the members into the object that was begun.</summary>
    public static void Write(Utf8JsonWriter json, AlertRecord record)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(record);
        json.WriteString("fingerprint", record.Fingerprint);
        json.WriteString("detection", record.Detection);
        json.WriteString("severity", record.Severity.ToString());
        json.WriteString("state", record.State.ToString());
        json.WriteString("title", record.Title);
        json.WriteStartObject("labels");
        foreach (var (name, value) in record.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("startsAt", record.StartsAt.UtcDateTime);
        json.WriteString("lastSeenAt", record.LastSeenAt.UtcDateTime);
        json.WriteNumber("count", record.Count);
    }
}
