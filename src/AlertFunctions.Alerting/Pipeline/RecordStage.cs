using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// Records what was sent, after it was sent, and why the rest was not. A crash before it has written repeats this one notification.
/// </summary>
public sealed class RecordStage(Routes routes, AlertBook book, NotificationLog log) : IAlertStage
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);

    public async Task<AlertBatch> ExecuteAsync(AlertBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var suppressed = batch.Suppressed;
        switch (batch.Result)
        {
            case null:
                break;
            case Sent:
                foreach (var alert in batch.Alerts)
                {
                    book.Update(alert.Fingerprint, r => Told(r, batch, alert));
                }

                log.Set(batch.Route.Receiver, batch.GroupKey, new GroupNotice
                {
                    NotifiedAt = batch.Now,
                    Repeats = batch.Reason == NotifyReason.RepeatIntervalElapsed ? batch.Notice.Repeats + 1 : 0,
                });
                break;
            case var failure:
                var (detail, after) = failure switch
                {
                    Retry retry => ($"{retry.Reason}: {retry.Detail}", Longer(retry.After, BackOff(batch.Notice.Failures))),
                    // It may be set right by hand (a wrong address, a full channel), and nothing may be lost until then.
                    Failed failed => ($"{failed.Reason}: {failed.Detail}", LongestRetry),
                    _ => throw new System.Diagnostics.UnreachableException($"Notify result {failure.GetType().Name}."),
                };
                log.Set(batch.Route.Receiver, batch.GroupKey, batch.Notice with
                {
                    Failures = batch.Notice.Failures + 1,
                    LastFailure = detail,
                    RetryAt = batch.Now + after,
                });
                suppressed = suppressed.AddRange(batch.Alerts.Select(a => new SuppressedAlert(
                    a.Fingerprint, SuppressionReason.DeliveryFailed, $"the receiver did not take it: {detail}")));
                break;
        }

        foreach (var kept in suppressed)
        {
            book.Update(kept.Fingerprint, r => KeptBack(r, batch, kept));
        }

        if (batch.Result is not null)
        {
            await log.FlushAsync(cancellationToken);
            await book.FlushAsync(cancellationToken);
        }

        return batch with { Suppressed = suppressed };
    }

    private AlertRecord Told(AlertRecord record, AlertBatch batch, AlertRecord told)
    {
        var deliveries = record.Deliveries.SetItem(batch.Route.Id, new Delivery(told.State, batch.Now, Detail: batch.Note));
        return WithoutSpentEvidence(record with { Deliveries = deliveries, Held = null });
    }

    /// <summary>
    /// An event, or an alert that is over, is sent no more once every route knows of it: what is remembered of it from then on serves only
    /// to meet it again. A condition that fires keeps its evidence, because it is repeated and resolved with it.
    /// </summary>
    private AlertRecord WithoutSpentEvidence(AlertRecord record) =>
        (record.IsEvent || record.State == AlertState.Resolved) && !routes.Match(record.Labels).Any(route => record.IsPendingOn(route.Id))
            ? record with { Description = null, Rows = null }
            : record;

    /// <summary>
    /// An event, or an alert that is over, that somebody did not want to hear of is closed: it would be no news later. A condition
    /// that still fires waits, and is told when nothing hides it any more.
    /// </summary>
    private AlertRecord KeptBack(AlertRecord record, AlertBatch batch, SuppressedAlert kept)
    {
        if (!record.IsPendingOn(batch.Route.Id))
        {
            return record;
        }

        var unwanted = kept.Reason is SuppressionReason.Silenced or SuppressionReason.Inhibited or SuppressionReason.Excepted;
        if (unwanted && (record.IsEvent || record.State == AlertState.Resolved))
        {
            var closed = new Delivery(record.State, batch.Now, kept.Reason, kept.Detail);
            return WithoutSpentEvidence(record with { Deliveries = record.Deliveries.SetItem(batch.Route.Id, closed), Held = null });
        }

        return record.Held is { } held && held.Reason == kept.Reason && held.Detail == kept.Detail
            ? record
            : record with { Held = new HeldBack(kept.Reason, kept.Detail, batch.Now) };
    }

    private static TimeSpan BackOff(int failures) => failures > 6 ? LongestRetry : FirstRetry * (1 << failures);

    private static TimeSpan Longer(TimeSpan? asked, TimeSpan backOff) => asked > backOff ? asked.Value : backOff;
}
