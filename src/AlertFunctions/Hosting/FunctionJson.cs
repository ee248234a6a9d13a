using System.Text;
using System.Text.Json;

namespace AlertFunctions.Hosting;

/// <summary>
/// Writes <c>{name}/function.json</c> of every function, from which the host knows what to call when. Source:
/// learn.microsoft.com/azure/azure-functions/functions-reference (function.json) and the pages of each binding.
/// </summary>
internal static class FunctionJson
{
    /// <summary>Writes one folder a function below <paramref name="folder"/>.</summary>
    public static void WriteAll(string folder, IReadOnlyList<IFunction> functions)
    {
        foreach (var function in functions)
        {
            var path = Path.Combine(folder, function.Name, "function.json");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Of(function));
        }
    }

    public static string Of(IFunction function)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("bindings");
            WriteTrigger(json, function.Trigger);
            if (function.Trigger is HttpBinding)
            {
                WriteBinding(json, "http", "out", "response");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)) + "\n";
    }

    private static void WriteTrigger(Utf8JsonWriter json, TriggerBinding trigger)
    {
        WriteBinding(json, Type(trigger), "in", trigger.Name);
        switch (trigger)
        {
            case TimerBinding timer:
                json.WriteString("schedule", timer.Schedule);
                json.WriteBoolean("runOnStartup", false);
                json.WriteBoolean("useMonitor", true);
                break;
            case QueueBinding queue:
                json.WriteString("queueName", queue.Queue);
                json.WriteString("connection", "AzureWebJobsStorage");
                break;
            case HttpBinding http:
                json.WriteString("authLevel", http.AuthorizationLevel);
                json.WriteStartArray("methods");
                foreach (var method in http.Methods)
                {
                    json.WriteStringValue(method);
                }

                json.WriteEndArray();
                json.WriteString("route", http.Route);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteBinding(Utf8JsonWriter json, string type, string direction, string name)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("direction", direction);
        json.WriteString("name", name);
    }

    private static string Type(TriggerBinding trigger) => trigger switch
    {
        TimerBinding => "timerTrigger",
        QueueBinding => "queueTrigger",
        EventGridBinding => "eventGridTrigger",
        HttpBinding => "httpTrigger",
        _ => throw new InvalidOperationException($"Unreachable: {trigger.GetType().Name} is no trigger."),
    };
}
