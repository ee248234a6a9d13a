using System.Collections.Concurrent;
using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Work;

/// <summary>What came of a message.</summary>
/// <param name="Due">What was evaluated.</param>
/// <param name="Lag">How long after it was due.</param>
/// <param name="Run">What it came to.</param>
public sealed record EvaluationReport(DueDetection Due, TimeSpan Lag, RunReport Run);

/// <summary>
/// Evaluates one detection over one workspace for each message, any number at a time and in any number of processes. A message that comes again finds the
/// detection not due, and one that comes twice at once is merged when it records: neither changes what people are told.
/// </summary>
public sealed class DetectionWorker
{
    private readonly DetectionEvaluator _evaluator;
    private readonly Dictionary<string, Detection> _detections;
    private readonly Dictionary<string, MonitoredWorkspace> _workspaces;
    private readonly IStateStore _store;
    private readonly WorkQueues _queues;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string, string?), bool> _running = new();

    public DetectionWorker(
        DetectionEvaluator evaluator,
        ImmutableArray<Detection> detections,
        ImmutableArray<MonitoredWorkspace> workspaces,
        IStateStore store,
        WorkQueues queues,
        TimeProvider time)
    {
        (_evaluator, _store, _queues, _time) = (evaluator, store, queues, time);
        _detections = detections.ToDictionary(d => d.Id, StringComparer.Ordinal);
        _workspaces = workspaces.ToDictionary(w => w.Name, StringComparer.Ordinal);
    }

    /// <summary>Does what the message asks for. Null where there is nothing to do: it is done, being done, or asks for what the catalogue no longer has.</summary>
    /// <exception cref="WorkMessageException">The message is not the app's.</exception>
    /// <exception cref="StateUnavailableException">The store cannot be reached; the message must come again. No mark moved past what is not recorded.</exception>
    public async Task<EvaluationReport?> EvaluateAsync(string message, CancellationToken cancellationToken)
    {
        var asked = DueMessage.Parse(message);
        MonitoredWorkspace? workspace = null;
        if (!_detections.TryGetValue(asked.Detection, out var detection)
            || (asked.Workspace is not null && !_workspaces.TryGetValue(asked.Workspace, out workspace))
            || !_running.TryAdd((asked.Detection, asked.Workspace), true))
        {
            return null;
        }

        using var activity = AlertingActivities.Consume("evaluate detection", asked.Trace);
        activity?.SetTag("detection", asked.Detection).SetTag("workspace", asked.Workspace);
        try
        {
            return await EvaluateAsync(new DueDetection(detection, workspace, asked.DueAt), cancellationToken);
        }
        finally
        {
            _running.TryRemove((asked.Detection, asked.Workspace), out _);
        }
    }

    private async Task<EvaluationReport?> EvaluateAsync(DueDetection due, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        using var book = new AlertBook(_store, [due.Detection.Id, OwnDetections.EvaluationFailed.Id]);
        var runner = new DetectionRunner(
            _evaluator,
            [due.Detection],
            book,
            new MarkBook(_store, due),
            QueryBudget.Unlimited(),
            new RunnerOptions { Workspaces = due.Workspace is null ? [] : [due.Workspace] });
        var run = await runner.RunAsync(now, cancellationToken);
        if (book.Changes > 0)
        {
            // After it is recorded: a delivery that begins from here on sees it.
            await DeliveryWorker.CallAsync(_queues.Deliveries, _time.GetUtcNow(), cancellationToken);
        }

        return run.Evaluations > 0 ? new EvaluationReport(due, now - due.DueAt, run) : null;
    }
}
