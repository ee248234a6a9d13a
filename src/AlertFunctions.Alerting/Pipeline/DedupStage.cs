namespace AlertFunctions.Alerting.Pipeline;

/// <summary>Decides whether the group says anything that its receiver does not know, and takes out what it knows and what does not stand.</summary>
public sealed class DedupStage : IAlertStage
{
    public Task<AlertBatch> ExecuteAsync(AlertBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var news = batch.Alerts.Where(a => a.IsPendingOn(batch.Route.Id)).ToArray();
        // Who takes care of an alert need not be reminded of it.
        var standing = batch.Alerts
            .Where(a => a is { IsEvent: false, State: AlertState.Firing, Acknowledged: null } && !a.IsPendingOn(batch.Route.Id)).ToArray();
        // An alert that came and went before anybody was told is news as a whole, not as a resolution.
        var over = news.Count(a => a.Deliveries.ContainsKey(batch.Route.Id));
        var oldest = news.Select(a => a.ResolvedAt ?? a.RecordedAt).DefaultIfEmpty(batch.Now).Min();
        var decision = NotifyDecision.Of(batch.Notice, news.Length - over, over, standing.Length, oldest, batch.Route, batch.Now);
        var kept = decision.Reason is null ? [] : news.Concat(standing).Select(a => a.Fingerprint).ToHashSet(StringComparer.Ordinal);
        return Task.FromResult(batch.Without(batch.Alerts
            .Where(a => !kept.Contains(a.Fingerprint))
            .Select(a => a is { Acknowledged: { } taken, State: AlertState.Firing } && !a.IsPendingOn(batch.Route.Id)
                ? new SuppressedAlert(a.Fingerprint, SuppressionReason.Acknowledged, $"acknowledged by {taken.By}: it is not repeated until it is over")
                : a.IsPendingOn(batch.Route.Id) || decision.Wait == SuppressionReason.AlreadyNotified
                ? new SuppressedAlert(a.Fingerprint, decision.Wait, decision.Detail)
                : new SuppressedAlert(a.Fingerprint, SuppressionReason.AlreadyNotified, "the receiver was told"))) with
        {
            Reason = decision.Reason,
        });
    }
}
