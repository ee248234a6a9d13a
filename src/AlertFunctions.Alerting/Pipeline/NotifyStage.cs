using System.Diagnostics;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// Sends the group, and tries again while its deadline lasts. A receiver that asks to come back later than that is asked at a later
/// tick: nothing waits here for long.
/// </summary>
public sealed class NotifyStage(IReadOnlyDictionary<string, INotifier> notifiers, TimeProvider time, TimeSpan deadline) : IAlertStage
{
    private const int MaximumAttempts = 3;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    public async Task<AlertBatch> ExecuteAsync(AlertBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var group = batch.Group ?? throw new InvalidOperationException("Unreachable: the enrich stage makes the group.");
        if (!notifiers.TryGetValue(group.Receiver, out var notifier))
        {
            return batch with { Result = new Failed(FailureReason.ClientError, $"No notifier is set up for the receiver {group.Receiver}.") };
        }

        var reason = batch.Reason ?? throw new InvalidOperationException("Unreachable: the dedup stage gives the reason.");
        using var activity = AlertingActivities.Source.StartActivity("notify", ActivityKind.Producer);
        var result = await SendAsync(notifier, new Notification(group, reason, batch.Now), cancellationToken);
        activity?.SetTag("receiver", group.Receiver).SetTag("reason", reason.ToString()).SetTag("alerts", group.Alerts.Count).SetTag("result", result.GetType().Name);
        return batch with { Result = result };
    }

    private async Task<NotifyResult> SendAsync(INotifier notifier, Notification notification, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var result = await TryAsync(notifier, notification, cancellationToken);
            var delay = (result as Retry)?.After ?? FirstDelay * (1 << (attempt - 1));
            if (result is not Retry || attempt == MaximumAttempts || time.GetElapsedTime(started) + delay >= deadline)
            {
                return result;
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private static async Task<NotifyResult> TryAsync(INotifier notifier, Notification notification, CancellationToken cancellationToken)
    {
        try
        {
            return await notifier.NotifyAsync(notification, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One receiver's bug must not keep the others from being told. Its message could hold an address, so only its kind is kept.
            return new Failed(FailureReason.ClientError, $"The notifier failed: {exception.GetType().Name}.");
        }
    }
}
