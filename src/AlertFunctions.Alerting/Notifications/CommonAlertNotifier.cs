namespace AlertFunctions.Alerting.Notifications;

/// <summary>Posts each alert of a group to a webhook in the common alert schema, which holds one alert a message.</summary>
/// <remarks>
/// A message that is not taken ends the sending, and the group is sent again whole: a receiver tells an alert that it has already had by its
/// <c>originAlertId</c> and <c>monitorCondition</c>.
/// </remarks>
public sealed class CommonAlertNotifier(SecretUri address, WebhookOptions options, CardOptions cards, TimeProvider time) : INotifier, IDisposable
{
    private readonly WebhookClient _client = new(address, options, time);

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        foreach (var alert in notification.Group.Alerts)
        {
            var result = await _client.PostAsync(CommonAlert.Render(alert, cards.PortalHost), cancellationToken);
            if (result is not Sent)
            {
                return result;
            }
        }

        return new Sent();
    }

    public void Dispose() => _client.Dispose();
}
