using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>
/// Takes out what nobody wants to hear now: alerts that an exception expects, a silence covers or another alert explains, and all of
/// them where the route is not active.
/// </summary>
public sealed class MuteStage(
    IReadOnlyDictionary<string, Detection> detections, ImmutableArray<Silence> silences, InhibitingAlerts inhibiting) : IAlertStage
{
    public Task<AlertBatch> ExecuteAsync(AlertBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var muted = batch.Without(batch.Alerts.Select(alert => Mute(alert, batch.Now)).OfType<SuppressedAlert>());
        if (!batch.Route.IsActive(batch.Now))
        {
            var windows = string.Join(", ", batch.Route.ActiveTimes.Select(w => w.Name));
            muted = muted.Without(muted.Alerts.Select(alert => new SuppressedAlert(
                alert.Fingerprint, SuppressionReason.OutsideActiveTime, $"the route {batch.Route.Id} sends only within {windows}")));
        }

        return Task.FromResult(muted);
    }

    private SuppressedAlert? Mute(AlertRecord alert, DateTimeOffset now)
    {
        if (detections.TryGetValue(alert.Detection, out var detection)
            && detection.Exceptions.FirstOrDefault(e => e.Hides(alert.Labels, now)) is { } exception)
        {
            return new SuppressedAlert(
                alert.Fingerprint, SuppressionReason.Excepted,
                $"expected until {Day(exception.Expires)} by an exception of {exception.Owner}: {exception.Reason}");
        }

        if (silences.FirstOrDefault(s => s.Hides(alert.Labels, now)) is { } silence)
        {
            return new SuppressedAlert(
                alert.Fingerprint, SuppressionReason.Silenced,
                $"silenced by {silence.Owner} until {Day(silence.End)} ({silence.Id}): {silence.Comment}");
        }

        return inhibiting.Of(alert) is { } hidden
            ? new SuppressedAlert(alert.Fingerprint, SuppressionReason.Inhibited, $"explained by '{hidden.Source.Title}' ({hidden.Rule})")
            : null;
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
