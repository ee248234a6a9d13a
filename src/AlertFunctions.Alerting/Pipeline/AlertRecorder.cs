using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>Puts what evaluations found, and did not find, into the book of alerts. The book is flushed before a mark moves.</summary>
/// <param name="book">Where alerts are remembered.</param>
/// <param name="history">For how long an alert stays readable after it can be met no more.</param>
public sealed class AlertRecorder(AlertBook book, TimeSpan history)
{
    /// <summary>Records all that is found of a state which the product watches of itself; what it found before and is not among them is over.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public static async Task RecordAllAsync(
        IStateStore store, Detection detection, IReadOnlyList<Alert> alerts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(detection);
        using var book = new AlertBook(store, [detection.Id]);
        await book.LoadAsync(cancellationToken);
        new AlertRecorder(book, new RunnerOptions().History).Record(new EvaluationRequest(detection, now, new TimeRange(now, now)), alerts, now, isComplete: true);
        await book.FlushAsync(cancellationToken);
    }

    /// <summary>Records an evaluation of a detection that ran.</summary>
    /// <param name="request">What was evaluated; its <c>Now</c> is the scheduled time.</param>
    /// <param name="alerts">What was found.</param>
    /// <param name="now">The pipeline's clock: later than the scheduled time where a gap is filled.</param>
    /// <param name="isComplete">
    /// Whether what was not found is not there: false for a window that is only evaluated again for late rows, and for a result that was cut.
    /// </param>
    public void Record(EvaluationRequest request, IReadOnlyList<Alert> alerts, DateTimeOffset now, bool isComplete)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(alerts);
        var detection = request.Detection;
        TimeSpan? memory = detection.Signal == SignalKind.Event ? AlertLife.MemoryOf(detection) : null;
        foreach (var alert in alerts)
        {
            var known = book.TryGet(alert.Fingerprint, out var entry) ? entry.Record : null;
            book.Set(AlertLife.Found(known, Dated(alert, request, now), detection, request.Interval.Start, request.Now, now), memory);
            if (entry is not null && isComplete)
            {
                entry.IsAsStored = false;
            }
        }

        if (detection.Signal == SignalKind.Condition && isComplete)
        {
            var found = alerts.Select(a => a.Fingerprint).ToHashSet(StringComparer.Ordinal);
            foreach (var entry in EntriesOf(request).Where(e => !found.Contains(e.Record.Fingerprint)).ToArray())
            {
                book.Set(AlertLife.Absent(AsSeen(entry, request), detection, request.Now));
                entry.IsAsStored = false;
            }
        }

        Forget(request, now);
    }

    /// <summary>
    /// A condition as it was before a restart: what is stored may not say that it was seen again, but would say that it was missed. So the
    /// evaluation before this one found it, or as late a one as could have been left out.
    /// </summary>
    private static AlertRecord AsSeen(AlertEntry entry, EvaluationRequest request)
    {
        if (entry is not { IsAsStored: true, Record: { MissedSince: null, State: AlertState.Firing, IsEvent: false } record })
        {
            return entry.Record;
        }

        var before = request.Now - request.Detection.QueryFrequency;
        var latest = record.SeenAt + AlertBook.SeenIsWrittenEvery;
        var seen = before < latest ? before : latest;
        return seen > record.SeenAt ? record with { SeenAt = seen } : record;
    }

    /// <summary>An alert that was found long after it could have been says so itself.</summary>
    private static Alert Dated(Alert alert, EvaluationRequest request, DateTimeOffset now)
    {
        var late = now - request.Now;
        if (late < 2 * request.Detection.QueryFrequency)
        {
            return alert;
        }

        var due = request.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
        return alert with { Description = $"{alert.Description}\n\nFound late by {Durations.Format(late)}: the run of {due} was missed and made up for." };
    }

    private void Forget(EvaluationRequest request, DateTimeOffset now)
    {
        foreach (var entry in EntriesOf(request).Where(e => AlertLife.IsSpent(e.Record, request.Detection, request.Interval.Start, now, history)).ToArray())
        {
            book.Remove(entry);
        }
    }

    private IEnumerable<AlertEntry> EntriesOf(EvaluationRequest request) => book.EntriesOf(request.Detection.Id)
        .Where(e => (e.Record.Labels.TryGetValue(LabelNames.Workspace, out var name) ? name : null) == request.Workspace?.Name);
}
