using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>The detections that the app runs: <c>{"detections":[{"id","name","version","severity","signal","frequencySeconds"}]}</c>.</summary>
internal sealed class GetDetections(AppServices services) : IFunction
{
    public string Name => nameof(GetDetections);

    public TriggerBinding Trigger { get; } = new HttpBinding("detections", "function", "get");

    public Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken) => Task.FromResult<FunctionResult>(
        HttpResult.Json(200, json =>
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
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
}
