using AlertFunctions.Alerting.State;
using AlertFunctions.Composition;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// The alerts that are remembered, the latest first:
/// <c>{"alerts":[{..., "held","acknowledged":{"at","by"}}]}</c> with the members of <see cref="AlertJson"/>. <c>?state=firing|resolved</c>.
/// </summary>
internal sealed class GetAlerts(AppServices services) : IFunction
{
    private readonly HttpBinding _binding = new("alerts", "function", "get");

    public string Name => nameof(GetAlerts);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var state = invocation.Request(_binding).Query.GetValueOrDefault("state");
        services.Settings.ThrowIfFaulty();

        // The function that evaluates runs on another instance: only the store knows.
        using var book = new AlertBook(AzureClients.StateStore(services.Settings.Storage!, AzureClients.Credential(services.Settings)));
        await book.LoadAsync(cancellationToken);
        var records = book.Entries.Select(entry => entry.Record)
            .Where(record => state is null || record.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(record => record.LastSeenAt)
            .ThenBy(record => record.Fingerprint, StringComparer.Ordinal);
        return HttpResult.Json(200, json =>
        {
            json.WriteStartArray("alerts");
            foreach (var record in records)
            {
                json.WriteStartObject();
                AlertJson.Write(json, record);
                json.WriteString("held", record.Held?.Detail);
                if (record.Acknowledged is { } acknowledged)
                {
                    json.WriteStartObject("acknowledged");
                    json.WriteString("at", acknowledged.At);
                    json.WriteString("by", acknowledged.By);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
