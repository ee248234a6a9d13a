using System.Text.Json;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.State;
using AlertFunctions.Composition;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// Whether the app can do its work, and what keeps it from it: <c>{"status":"healthy|unconfigured|faulty","settings":[{"name","message"}],"catalogue":{"detections","faults":[]}}</c>,
/// and where it manages alert rules <c>"alertRules":{"kept","notKept":[{"detection","reason"}]}</c> as the last sync left them, or <c>"alertRules":{"unknown"}</c>.
/// 200, or 503 where it cannot. No setting's value is in it.
/// </summary>
internal sealed class GetHealth(AppServices services) : IFunction
{
    public string Name => nameof(GetHealth);

    public TriggerBinding Trigger { get; } = new HttpBinding("health", "function", "get");

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        try
        {
            var rules = await AlertRuleService.ReadAsync(services.Settings, cancellationToken);
            return Report(json => Write(json, rules));
        }
        catch (StateUnavailableException exception)
        {
            return Report(json =>
            {
                json.WriteStartObject("alertRules");
                json.WriteString("unknown", exception.Message);
                json.WriteEndObject();
            });
        }
    }

    private static void Write(Utf8JsonWriter json, KeptRules? rules)
    {
        if (rules is null)
        {
            return;
        }

        json.WriteStartObject("alertRules");
        json.WriteNumber("kept", rules.Count);
        json.WriteStartArray("notKept");
        foreach (var (detection, reason) in rules.NotKept)
        {
            json.WriteStartObject();
            json.WriteString("detection", detection);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private HttpResult Report(Action<Utf8JsonWriter> writeAlertRules)
    {
        var settings = services.Settings;
        DetectionCatalogue? catalogue = Directory.Exists(settings.Catalogue) ? services.Catalogue : null;
        var status = !settings.Faults.IsEmpty ? "unconfigured" : catalogue!.HasErrors ? "faulty" : "healthy";
        return HttpResult.Json(status == "healthy" ? 200 : 503, json =>
        {
            json.WriteString("status", status);
            json.WriteStartArray("settings");
            foreach (var fault in settings.Faults)
            {
                json.WriteStartObject();
                json.WriteString("name", fault.Name);
                json.WriteString("message", fault.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("catalogue");
            json.WriteNumber("detections", catalogue?.Detections.Length ?? 0);
            json.WriteStartArray("faults");
            foreach (var fault in catalogue?.Diagnostics.Where(diagnostic => diagnostic.IsError) ?? [])
            {
                json.WriteStringValue(fault.ToString());
            }

            json.WriteEndArray();
            json.WriteEndObject();
            writeAlertRules(json);
        });
    }
}
