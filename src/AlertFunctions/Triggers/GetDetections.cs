using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Composition;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// The detections of the catalogue, and how each fares in each workspace where the app runs it:
/// <c>{"detections":[{"id","name","version","severity","signal","frequencySeconds","workspaces":[{"workspace","status","detail","through","lastMatchAt"}]}]}</c>.
/// Without <c>workspaces</c> where the app is not configured.
/// </summary>
internal sealed class GetDetections(AppServices services) : IFunction
{
    public string Name => nameof(GetDetections);

    public TriggerBinding Trigger { get; } = new HttpBinding("detections", "function", "get");

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var settings = services.Settings;
        var marks = settings.Faults.IsEmpty ? new MarkBook(AzureClients.StateStore(settings.Storage!, AzureClients.Credential(settings))) : null;
        await (marks?.LoadAsync(cancellationToken) ?? Task.CompletedTask);
        var rules = await AlertRuleService.ReadAsync(settings, cancellationToken);
        return HttpResult.Json(200, json =>
        {
            json.WriteStartArray("detections");
            foreach (var detection in services.Catalogue.Detections)
            {
                json.WriteStartObject();
                json.WriteString("id", detection.Id);
                json.WriteString("name", detection.Name);
                json.WriteString("version", detection.Version);
                json.WriteString("severity", detection.Severity.ToString());
                json.WriteString("signal", detection.Signal.ToString());
                json.WriteNumber("frequencySeconds", detection.QueryFrequency.TotalSeconds);
                if (marks is not null)
                {
                    json.WriteStartArray("workspaces");
                    foreach (var workspace in AlertingService.Workspaces(settings))
                    {
                        Write(json, detection, workspace, marks.Of(detection, workspace), rules?.Contains(detection, workspace) == true);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private void Write(Utf8JsonWriter json, Detection detection, MonitoredWorkspace workspace, DetectionMark? mark, bool isRule)
    {
        json.WriteStartObject();
        json.WriteString("workspace", workspace.Name);
        if (isRule)
        {
            json.WriteString("status", "alertRule");
            json.WriteString("detail", "Azure Monitor runs it as an alert rule");
            json.WriteEndObject();
            return;
        }

        var health = DetectionHealth.Of(detection, mark, services.Time.GetUtcNow());
        json.WriteString("status", JsonNamingPolicy.CamelCase.ConvertName(health.Status.ToString()));
        json.WriteString("detail", health.Text);
        if (mark is not null)
        {
            json.WriteString("through", mark.Through);
        }

        if (mark?.LastMatchAt is { } match)
        {
            json.WriteString("lastMatchAt", match);
        }

        json.WriteEndObject();
    }
}
