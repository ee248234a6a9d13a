namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// Posts cards to a Teams Workflows webhook. A 2xx means that the flow was started; what the flow then does is not told to its caller.
/// </summary>
public sealed class WebhookNotifier(SecretUri address, WebhookOptions options, CardOptions cards, TimeProvider time) : INotifier, IDisposable
{
    private readonly WebhookClient _client = new(address, options, time);

    public Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken) =>
        _client.PostAsync(WorkflowsMessage.Wrap(AdaptiveCard.Render(notification, cards)), cancellationToken);

    public void Dispose() => _client.Dispose();
}
