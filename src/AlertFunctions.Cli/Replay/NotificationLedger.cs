using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Cli.Replay;

/// <summary>
/// What a replay found and sent: every alert once, and of each tick one notification a detection with what was new in it.
/// </summary>
internal sealed class NotificationLedger(INotifier notifier, string receiver)
{
    private readonly OrderedDictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private readonly List<Notification> _notifications = [];

    /// <summary>The alerts, oldest first.</summary>
    public IReadOnlyList<Alert> Alerts => [.. _alerts.Values.OrderBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal)];

    public IReadOnlyList<Notification> Notifications => _notifications;

    public async Task DeliverAsync(DateTimeOffset now, IReadOnlyList<Alert> alerts, CancellationToken cancellationToken)
    {
        var news = alerts.Where(Remember).ToList();
        foreach (var detection in news.GroupBy(alert => alert.Detection))
        {
            var group = new AlertGroup(
                $"{receiver}/{detection.Key}",
                receiver,
                new Dictionary<string, string> { [LabelNames.Detection] = detection.Key },
                [.. detection.OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.StartsAt)]);
            var isFirst = !_notifications.Exists(sent => sent.Group.Key == group.Key);
            var notification = new Notification(group, isFirst ? NotifyReason.FirstNotification : NotifyReason.NewAlertsInGroup, now);
            if (await notifier.NotifyAsync(notification, cancellationToken) is not Sent)
            {
                throw new IOException($"A card could not be written for {receiver}.");
            }

            _notifications.Add(notification);
        }
    }

    // The first evaluation's words are what people were told; a later one may have seen more rows of it.
    private bool Remember(Alert alert)
    {
        if (_alerts.TryAdd(alert.Fingerprint, alert))
        {
            return true;
        }

        var known = _alerts[alert.Fingerprint];
        _alerts[alert.Fingerprint] = known with
        {
            LastSeenAt = alert.LastSeenAt > known.LastSeenAt ? alert.LastSeenAt : known.LastSeenAt,
            Count = Math.Max(alert.Count, known.Count),
        };
        return false;
    }
}
