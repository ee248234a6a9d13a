using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Work;

/// <summary>The queues between the functions.</summary>
/// <param name="Evaluations">Detections to be evaluated, one message each and workspace.</param>
/// <param name="Deliveries">Calls to tell receivers what there is to tell.</param>
public sealed record WorkQueues(IWorkQueue Evaluations, IWorkQueue Deliveries);

/// <summary>What a tick queued.</summary>
/// <param name="Queued">Due detections that were queued.</param>
/// <param name="Waiting">How many were queued before and are not done.</param>
/// <param name="Delayed">Due detections that the limits have no room for before the next tick: the mildest.</param>
/// <param name="GivenUp">Messages that were received too often and given up.</param>
public sealed record PlanReport(ImmutableArray<DueDetection> Queued, int Waiting, ImmutableArray<DueDetection> Delayed, int GivenUp);

/// <summary>
/// Puts what is due into the queue, and no more of it than the identity may ask before the next tick. What is queued already is not queued again while it may
/// still be done; a message that was lost or given up is replaced after a while. A tick that runs twice queues twice, which changes nothing: a detection
/// that is no longer due when its message comes is not evaluated.
/// </summary>
/// <param name="runner">Knows what is due.</param>
/// <param name="store">Remembers what was queued.</param>
/// <param name="queues">Where it is queued.</param>
/// <param name="mostWaiting">At most so many evaluations wait at a time.</param>
public sealed class WorkPlanner(DetectionRunner runner, IStateStore store, WorkQueues queues, int mostWaiting)
{
    private const string Partition = "work";
    private const string Row = "planned";
    private const int SentTogether = 16;
    private const int MostGivenUp = 32;
    private static readonly TimeSpan ReplacedAfter = TimeSpan.FromMinutes(15);

    /// <exception cref="StateUnavailableException">Store or queue cannot be reached; the next tick does what this one did not.</exception>
    public async Task<PlanReport> PlanAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await runner.PlanAsync(now, cancellationToken);
        var known = await ReadAsync(cancellationToken);
        var waiting = due.Where(d => known.TryGetValue(KeyOf(d), out var queued) && IsWaiting(queued, d, now)).ToImmutableArray();
        var open = due.RemoveRange(waiting);
        var queued = open[..Math.Clamp(mostWaiting - waiting.Length, 0, open.Length)];

        // First there, then remembered: a crash between both queues it twice and loses nothing.
        foreach (var together in queued.Chunk(SentTogether))
        {
            await Task.WhenAll(together.Select(d =>
                queues.Evaluations.SendAsync(new DueMessage(d.Detection.Id, d.Workspace?.Name, d.DueAt, AlertingActivities.Current).ToText(), TimeSpan.Zero, cancellationToken)));
        }

        if (queued.Length > 0 || known.Count > waiting.Length)
        {
            await WriteAsync(waiting.ToDictionary(KeyOf, d => known[KeyOf(d)], StringComparer.Ordinal), queued, now, cancellationToken);
        }

        var givenUp = await ReportGivenUpAsync(now, cancellationToken);

        // Groups wait, are repeated and are tried again by time, whether or not anything is found.
        await DeliveryWorker.CallAsync(queues.Deliveries, now, cancellationToken);
        return new PlanReport(queued, waiting.Length, open[queued.Length..], givenUp);
    }

    private static bool IsWaiting(long[] queued, DueDetection due, DateTimeOffset now) =>
        queued is [var dueAt, var at] && dueAt == due.DueAt.UtcTicks && new DateTimeOffset(at, TimeSpan.Zero) + ReplacedAfter > now;

    private async Task<Dictionary<string, long[]>> ReadAsync(CancellationToken cancellationToken) =>
        await store.ReadAsync(Partition, Row, cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.PlannedWork)?.Queued ?? []
            : [];

    private Task<StateWriteResult> WriteAsync(Dictionary<string, long[]> planned, ImmutableArray<DueDetection> queued, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var due in queued)
        {
            planned[KeyOf(due)] = [due.DueAt.UtcTicks, now.UtcTicks];
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(new PlannedWork(planned), StateJson.Default.PlannedWork);
        return store.WriteAsync(Partition, [new Put(Row, content, StateChange.Any)], cancellationToken);
    }

    /// <summary>Work that was given up is an alert for as long as its message lies in the poison queue, where people can read it.</summary>
    private async Task<int> ReportGivenUpAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var alerts = new List<Alert>();
        foreach (var (name, queue) in new[] { ("evaluations", queues.Evaluations), ("deliveries", queues.Deliveries) })
        {
            var texts = await queue.PeekPoisonAsync(MostGivenUp, cancellationToken);
            alerts.AddRange(texts.GroupBy(DescriptionOf, StringComparer.Ordinal).Select(work => OwnDetections.GivenUp(name, work.Key, work.Count(), now)));
        }

        await AlertRecorder.RecordAllAsync(store, OwnDetections.WorkGivenUp, alerts, now, cancellationToken);
        return alerts.Count;
    }

    /// <summary>What people are told of a message. One that is not the app's may hold anything, so its text is not shown.</summary>
    private static string DescriptionOf(string text)
    {
        try
        {
            var due = DueMessage.Parse(text);
            return due.Workspace is null ? due.Detection : $"{due.Detection} over {due.Workspace}";
        }
        catch (WorkMessageException)
        {
            try
            {
                NewsMessage.Parse(text);
                return "a call to deliver notifications";
            }
            catch (WorkMessageException)
            {
                return "a message that is not the app's";
            }
        }
    }

    private static string KeyOf(DueDetection due) => StateKey.Of(due.Workspace?.Name ?? "-", due.Detection.Id);
}
