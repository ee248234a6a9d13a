using AlertFunctions.Alerting.State;
using AlertFunctions.Composition;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>Ends every link to an alert that any card has carried so far: <c>{"fingerprint","revoked":true}</c>. All links of all alerts end with another key.</summary>
internal sealed class RevokeAlertLinks(AppServices services) : IFunction
{
    private const int FingerprintLength = 32;

    private readonly HttpBinding _binding = new("alerts/{fingerprint}/revoke-links", "function", "post");

    public string Name => nameof(RevokeAlertLinks);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var fingerprint = invocation.Request(_binding).RouteValues.GetValueOrDefault("fingerprint") ?? "";
        services.Settings.ThrowIfFaulty();
        if (fingerprint.Length != FingerprintLength || !fingerprint.All(char.IsAsciiHexDigitLower))
        {
            return HttpResult.Json(400, json => json.WriteString("error", "The path holds no fingerprint: 32 lower-case hexadecimal digits, as api/alerts gives them."));
        }

        var desk = new AlertDesk(AzureClients.StateStore(services.Settings.Storage!, AzureClients.Credential(services.Settings)));
        await desk.RevokeLinksAsync(fingerprint, services.Time.GetUtcNow(), cancellationToken);
        return HttpResult.Json(200, json =>
        {
            json.WriteString("fingerprint", fingerprint);
            json.WriteBoolean("revoked", true);
        });
    }
}
