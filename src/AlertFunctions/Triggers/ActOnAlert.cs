using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Composition;
using AlertFunctions.Hosting;
using AlertFunctions.Pages;

namespace AlertFunctions.Triggers;

/// <summary>
/// What the buttons of a card open. GET shows the alert and asks, and changes nothing, since mail filters and previews open links too; POST does it. The token in
/// the address is the right to do it: no key, no sign-in. It names one alert and one action, ends within a day, and can be revoked.
/// </summary>
internal sealed class ActOnAlert(AppServices services) : IFunction
{
    private const int LongestName = 60;
    private const int LongestForm = 4096;
    private const string Nobody = "somebody with the link of the card";

    private readonly HttpBinding _binding = new("alert-links/{token}", "anonymous", "get", "post");

    public string Name => nameof(ActOnAlert);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var call = invocation.Request(_binding);
        services.Settings.ThrowIfFaulty();
        var now = services.Time.GetUtcNow();
        if (services.Settings.Links is not { } links || !links.TryRead(call.RouteValues.GetValueOrDefault("token") ?? "", now, out var link))
        {
            return AlertPage.NotValid();
        }

        var desk = new AlertDesk(AzureClients.StateStore(services.Settings.Storage!, AzureClients.Credential(services.Settings)));
        if (await desk.IsRevokedAsync(link.Fingerprint, link.IssuedAt, cancellationToken))
        {
            return AlertPage.NotValid();
        }

        if (await desk.FindAsync(link.Fingerprint, cancellationToken) is not { } alert)
        {
            return AlertPage.Message(404, "This alert is no longer remembered", "It has been over for some time.");
        }

        if (!call.Method.Equals("POST", StringComparison.OrdinalIgnoreCase))
        {
            return AlertPage.Ask(alert, link);
        }

        var form = call.Body.Length <= LongestForm ? WebForm.Parse(call.Body) : [];
        var by = form.GetValueOrDefault("by")?.Trim() is { Length: > 0 } name ? name[..Math.Min(name.Length, LongestName)] : Nobody;
        return link.Action == LinkAction.Acknowledge
            ? await AcknowledgeAsync(desk, alert, by, now, cancellationToken)
            : await SilenceAsync(desk, alert, form.GetValueOrDefault("hours"), by, now, cancellationToken);
    }

    private static async Task<HttpResult> AcknowledgeAsync(AlertDesk desk, AlertRecord alert, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await desk.AcknowledgeAsync(alert, by, now, cancellationToken))
        {
            return AlertPage.Message(200, "Acknowledged", "It is not repeated until it is over or becomes worse.");
        }

        var known = await desk.FindAsync(alert.Fingerprint, cancellationToken);
        return known?.Acknowledged is { } before
            ? AlertPage.Message(200, "Acknowledged before", $"By {before.By}, {AlertPage.Time(before.At)}.")
            : AlertPage.Message(409, "Nothing to acknowledge", "The alert is over.");
    }

    private static async Task<HttpResult> SilenceAsync(
        AlertDesk desk, AlertRecord alert, string? hours, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (AlertPage.Durations.FirstOrDefault(duration => duration.Key == hours).Value is not { Length: > 0 } words)
        {
            return AlertPage.Message(400, "For how long?", "Go back and choose one of the durations.");
        }

        var duration = TimeSpan.FromHours(int.Parse(hours!, System.Globalization.CultureInfo.InvariantCulture));
        return await desk.SilenceAsync(alert, by, now, duration, cancellationToken)
            ? AlertPage.Message(200, "Silenced", $"Nothing is heard of this alert for {words}, until {AlertPage.Time(now + duration)}. If it still fires then, it is told.")
            : AlertPage.Message(409, "It cannot be silenced here", "A label of it has a name that no matcher can be written for.");
    }
}
