using AlertFunctions.Alerting.Detections;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// Whether the app can do its work, and what keeps it from it: <c>{"status":"healthy|unconfigured|faulty","settings":[{"name","message"}],"catalogue":{"detections","faults":[]}}</c>.
/// 200, or 503 where it cannot. No setting's value is in it.
/// </summary>
internal sealed class GetHealth(AppServices services) : IFunction
{
    public string Name => nameof(GetHealth);

    public TriggerBinding Trigger { get; } = new HttpBinding("health", "function", "get");

    public Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken) => Task.FromResult<FunctionResult>(Report());

    private HttpResult Report()
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
        });
    }
}
