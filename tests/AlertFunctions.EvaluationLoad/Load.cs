using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Work;
using AlertFunctions.AzureServices.LogAnalytics;

namespace AlertFunctions.EvaluationLoad;

/// <summary>
/// Detections over workspaces from the tick through the queue to the last recorded evaluation, against a log service that enforces Log Analytics' limits. State
/// and queue are in memory; twelve messages are worked on at a time, as host.json has the host do it.
/// </summary>
internal sealed class Load
{
    private const int AtATime = 12;

    private static readonly TimeSpan LookedAgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly WorkQueues _queues;
    private readonly WorkPlanner _planner;
    private readonly DetectionWorker _worker;
    private readonly int _evaluations;

    public Load(Uri service, int requests, int detections, int workspaces)
    {
        var time = TimeProvider.System;
        var store = new MemoryStateStore();
        ImmutableArray<Detection> all = [.. Enumerable.Range(0, detections).Select(Detection)];
        ImmutableArray<MonitoredWorkspace> over = [.. Enumerable.Range(0, workspaces).Select(i => new MonitoredWorkspace($"law-{i}", $"law-{i}", null))];
        var options = LogAnalyticsOptions.AzurePublic with { Endpoint = service };
        var engine = new LogAnalyticsQueryEngine(new LogAnalyticsClient(options, new NoToken(), time), options, over[0].Id);
        var slots = new QuerySlots(store, new QueryLimits { Requests = requests }, time);
        var evaluator = new DetectionEvaluator(new LimitedQueryEngine(engine, slots), new DetectionCatalogue(all, [], ["KubeEvents"], []));
        var runner = new DetectionRunner(evaluator, all, new AlertBook(store), new MarkBook(store), QueryBudget.Unlimited(), new RunnerOptions { Workspaces = over });
        _queues = new WorkQueues(new MemoryWorkQueue(time), new MemoryWorkQueue(time));
        _planner = new WorkPlanner(runner, store, _queues, (int)Math.Min(100_000, 2L * requests));
        _worker = new DetectionWorker(evaluator, all, over, store, _queues, time);
        _evaluations = detections * workspaces;
    }

    /// <summary>How long it took until the last was recorded.</summary>
    public async Task<TimeSpan> RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clock = Stopwatch.StartNew();
        await _planner.PlanAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
        var ticking = TickAsync(end.Token);
        await DispatchAsync(cancellationToken);
        var elapsed = clock.Elapsed;
        await end.CancelAsync();
        await ticking;
        return elapsed;
    }

    /// <summary>Hands out messages as the host does: it looks for them at one place, and not often where there are none. In Azure that is another process's work.</summary>
    private async Task DispatchAsync(CancellationToken cancellationToken)
    {
        using var free = new SemaphoreSlim(AtATime);
        var running = new List<Task>();
        while (running.Count < _evaluations)
        {
            await free.WaitAsync(cancellationToken);
            if (await _queues.Evaluations.ReceiveAsync(1, TimeSpan.FromMinutes(10), cancellationToken) is [var item])
            {
                running.Add(EvaluateAsync(item, free, cancellationToken));
                continue;
            }

            free.Release();
            await Task.Delay(LookedAgainAfter, cancellationToken);
        }

        await Task.WhenAll(running);
    }

    private async Task EvaluateAsync(WorkItem item, SemaphoreSlim free, CancellationToken cancellationToken)
    {
        try
        {
            if (await _worker.EvaluateAsync(item.Text, cancellationToken) is not { Run.Failures.Count: 0 })
            {
                throw new InvalidOperationException($"Not evaluated: {item.Text}");
            }

            await _queues.Evaluations.CompleteAsync(item, cancellationToken);
        }
        finally
        {
            free.Release();
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
                await _planner.PlanAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // All is done.
        }
    }

    private static Detection Detection(int number) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"aks/detection-{number:D3}"),
        Name = "A detection",
        Version = "1.0.0",
        Description = "Something is wrong.",
        Severity = (Severity)(number % 3),
        QueryFrequency = TimeSpan.FromHours(1),
        QueryPeriod = TimeSpan.FromHours(1),
        Query = new DetectionQuery("KubeEvents | where TimeGenerated > ago(1h) | where Reason == \"Failed\" | project TimeGenerated, Name", new SourcePosition("x", 1, 1), 0),
        Signal = SignalKind.Event,
        Identity = ["Name"],
        Settle = TimeSpan.FromMinutes(5),
        Lateness = TimeSpan.Zero,
        ResolveAfter = TimeSpan.Zero,
        Runbook = "Look at it.",
        Source = new DetectionSource("x", ImmutableDictionary<string, SourcePosition>.Empty),
    };
}
