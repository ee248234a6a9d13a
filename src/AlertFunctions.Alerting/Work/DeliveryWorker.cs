using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Work;

/// <summary>
/// Tells receivers what there is to tell, one process at a time. What to tell is derived from what is stored, not from the message: a message only says that
/// there may be something, so that one lost is made up for by the next and one too many finds nothing to do.
/// </summary>
public sealed class DeliveryWorker(
    AlertPipeline pipeline,
    AlertBook book,
    NotificationLog log,
    AlertInbox inbox,
    IEnumerable<Detection> detections,
    Lease lease,
    IWorkQueue deliveries,
    TimeProvider time)
{
    private readonly Dictionary<string, Detection> _detections = detections.ToDictionary(d => d.Id, StringComparer.Ordinal);

    private static readonly TimeSpan WhileAnotherDelivers = TimeSpan.FromSeconds(5);

    /// <summary>Clocks of two processes may differ by so much.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private DateTimeOffset _begun = DateTimeOffset.MinValue;

    /// <summary>Asks for a delivery at once, rather than by the next tick.</summary>
    /// <param name="deliveries">The queue of such calls.</param>
    /// <param name="at">Since when there is something to tell: it is stored by then.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StateUnavailableException">The queue cannot be reached; the next tick asks anyway.</exception>
    public static Task CallAsync(IWorkQueue deliveries, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deliveries);
        return deliveries.SendAsync(new NewsMessage(at, AlertingActivities.Current).ToText(), TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Delivers. Null where a delivery that began after the message has covered it, or another process is at it and the message was put back.</summary>
    /// <exception cref="WorkMessageException">The message is not the app's.</exception>
    /// <exception cref="StateUnavailableException">The store cannot be reached; the message must come again. Nothing is lost.</exception>
    public async Task<DispatchReport?> DeliverAsync(string message, CancellationToken cancellationToken)
    {
        var news = NewsMessage.Parse(message);
        if (news.At + ClockSkew < _begun)
        {
            return null;
        }

        using var activity = AlertingActivities.Consume("deliver notifications", news.Trace);
        DispatchReport? report = null;
        if (!await lease.TryRunAsync(async token => report = await DispatchAsync(token), cancellationToken))
        {
            await deliveries.SendAsync(message, WhileAnotherDelivers, cancellationToken);
        }

        return report;
    }

    private async Task<DispatchReport> DispatchAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // What could not be recorded the last time is recorded before others' changes are read.
        await book.FlushAsync(cancellationToken);
        await log.FlushAsync(cancellationToken);
        book.Forget();
        log.Forget();
        await inbox.DrainAsync(book, _detections, now, cancellationToken);
        var report = await pipeline.DispatchAsync(now, cancellationToken);
        _begun = now;
        return report;
    }
}
