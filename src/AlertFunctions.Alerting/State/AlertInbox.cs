using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Reactions;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// Alerts on their way from the functions that react to events into the book of alerts. Those functions run in other processes than the one that
/// holds the book, so they leave what they found in the store, and the holder takes it in. What is left twice is taken in once.
/// </summary>
public sealed class AlertInbox(IStateStore store)
{
    private const string Partition = "inbox";

    /// <summary>For how long an alert that an event raised stays readable after it can be met no more.</summary>
    /// <value>The default value is 7 days.</value>
    public TimeSpan History { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Leaves an alert that fires.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="isEvent">Whether it is a thing that happened; otherwise a state, which is resolved later.</param>
    /// <param name="at">When it was found: the event's time, so that an event delivered again changes nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public Task RaiseAsync(Alert alert, bool isEvent, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var left = new InboxAlert(alert.Detection, AlertDocument.Of(AlertRecord.Of(alert, isEvent, at, at)));
        return PutAsync(at, "raise", alert.Fingerprint, JsonSerializer.SerializeToUtf8Bytes(left, StateJson.Default.InboxAlert), cancellationToken);
    }

    /// <summary>Leaves word that an alert is over, and why.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public Task ResolveAsync(string fingerprint, DateTimeOffset at, string reason, CancellationToken cancellationToken) => PutAsync(
        at, "resolve", fingerprint, JsonSerializer.SerializeToUtf8Bytes(new InboxResolution(at, reason), StateJson.Default.InboxResolution), cancellationToken);

    /// <summary>
    /// Takes everything in, oldest first, and resolves the states whose end was never told. Only the process that holds the book may call it, and
    /// before it dispatches.
    /// </summary>
    /// <param name="book">The book.</param>
    /// <param name="detections">What alerts can be of, by id; one of an unknown detection is dropped.</param>
    /// <param name="now">The pipeline's clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many alerts were raised or resolved.</returns>
    public async Task<int> DrainAsync(
        AlertBook book, IReadOnlyDictionary<string, Detection> detections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(detections);
        await book.LoadAsync(cancellationToken);
        var taken = new List<StateDocument>();
        await foreach (var document in store.ReadRangeAsync(Partition, null, null, cancellationToken))
        {
            TakeIn(document, book, detections, now);
            taken.Add(document);
        }

        EndForgotten(book, now);
        Forget(book, detections, now);

        // Only what is safely in the book leaves the inbox.
        await book.FlushAsync(cancellationToken);
        foreach (var chunk in taken.Chunk(StateLimits.MaxChanges))
        {
            await store.WriteAsync(Partition, [.. chunk.Select(d => new Remove(d.Row, StateChange.Any))], cancellationToken);
        }

        return taken.Count;
    }

    private static void TakeIn(StateDocument document, AlertBook book, IReadOnlyDictionary<string, Detection> detections, DateTimeOffset now)
    {
        var parts = document.Row.Split('|');
        var (isRaise, fingerprint) = (parts[1] == "raise", parts[2]);
        if (!isRaise)
        {
            var resolution = JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.InboxResolution)!;
            book.Update(fingerprint, known => AlertLife.Ended(known, resolution.At, resolution.Reason));
            return;
        }

        var raised = JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.InboxAlert)!;
        var left = raised.Alert.ToRecord(raised.Detection);
        if (!detections.TryGetValue(left.Detection, out var detection))
        {
            return;
        }

        var signal = left.IsEvent ? SignalKind.Event : SignalKind.Condition;
        var known = book.TryGet(fingerprint, out var entry) ? entry.Record : null;
        book.Set(
            AlertLife.Found(known, ToAlert(left, detection), detection with { Signal = signal }, left.SeenAt, left.SeenAt, now),
            left.IsEvent ? AlertLife.MemoryOf(detection) : null);
    }

    /// <summary>An event can be lost; a state that one should have ended is over when its detection says so.</summary>
    private static void EndForgotten(AlertBook book, DateTimeOffset now)
    {
        foreach (var detection in ReactionDetections.All.Where(d => d.Signal == SignalKind.Condition))
        {
            foreach (var entry in book.EntriesOf(detection.Id).Where(e => e.Record.RecordedAt + detection.ResolveAfter <= now).ToArray())
            {
                book.Set(AlertLife.Ended(entry.Record, now, $"{entry.Record.Title}: nothing has told of its end, which should have come by now."));
            }
        }
    }

    /// <summary>What detections find they forget themselves; what only an event told bears no workspace, and no evaluation looks after it.</summary>
    private void Forget(AlertBook book, IReadOnlyDictionary<string, Detection> detections, DateTimeOffset now)
    {
        foreach (var id in ReactionDetections.RaisedByEvents)
        {
            if (detections.TryGetValue(id, out var detection))
            {
                foreach (var entry in book.EntriesOf(id)
                    .Where(e => !e.Record.Labels.ContainsKey(LabelNames.Workspace) && AlertLife.IsSpent(e.Record, detection, now, now, History)).ToArray())
                {
                    book.Remove(entry);
                }
            }
        }
    }

    private static Alert ToAlert(AlertRecord record, Detection detection) => new()
    {
        Detection = record.Detection,
        Fingerprint = record.Fingerprint,
        Severity = record.Severity,
        Labels = record.Labels,
        Title = record.Title,
        Description = record.Description ?? "",
        Runbook = detection.Runbook,
        StartsAt = record.StartsAt,
        LastSeenAt = record.LastSeenAt,
        Count = record.Count,
        Rows = record.Rows ?? new Evaluation.QueryTable([], []),
        Query = new QueryLink(detection.Query.Text, record.Range, null),
    };

    private async Task PutAsync(DateTimeOffset at, string what, string fingerprint, byte[] content, CancellationToken cancellationToken) =>
        await store.WriteAsync(Partition, [new Put(StateKey.Of(StateKey.Of(at), what, fingerprint), content, StateChange.Any)], cancellationToken);
}

/// <summary>An alert that fires.</summary>
internal sealed record InboxAlert(string Detection, AlertDocument Alert);

/// <summary>Word that an alert is over.</summary>
internal sealed record InboxResolution(DateTimeOffset At, string Reason);
