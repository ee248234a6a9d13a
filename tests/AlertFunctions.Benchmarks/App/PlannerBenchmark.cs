using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Work;
using AlertFunctions.AzureServices.LogAnalytics;
using Azure.Core;
using Spectre.Console;

namespace AlertFunctions.Benchmarks.App;

/// <summary>
/// 200 detections over 5 workspaces, 1,000 queries, from the tick through the queue to the last recorded evaluation, against a log service with 50 ms latency
/// that enforces Log Analytics' limits. State and queue are in memory; twelve messages are worked on at a time, as host.json has the host do it.
/// </summary>
internal static class PlannerBenchmark
{
    private const int Detections = 200;
    private const int Workspaces = 5;
    private const int AtATime = 12;

    public static Command Create()
    {
        var command = new Command("planner", "Measures a thousand evaluations within Log Analytics' limits: time beside what the limits set, and our own CPU. Takes four minutes.");
        command.SetAction((_, cancellationToken) => RunAsync(AnsiConsole.Console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IAnsiConsole console, CancellationToken cancellationToken)
    {
        // Compiled code, not the compiler, is what is measured.
        await MeasureAsync(1_000_000, 20, cancellationToken);
        var concurrent = await MeasureAsync(1_000_000, Detections, cancellationToken);
        var both = await MeasureAsync(200, Detections, cancellationToken);

        var table = new Table().AddColumns("Limits", "Took, s", "The limits set, s", "Ratio", "Aim", "429", "Most at a time", "Own CPU an evaluation, ms");
        var isGood = Add(table, "5 at a time", concurrent, 10, 1.1) & Add(table, "and 200 within 30 s", both, 150, 1.05);
        console.Write(table);
        return isGood ? 0 : 1;
    }

    private static bool Add(Table table, string limits, Measured measured, double set, double aim)
    {
        var ratio = measured.Elapsed.TotalSeconds / set;
        table.AddRow(
            limits, Text(measured.Elapsed.TotalSeconds, "0.00"), Text(set, "0"), Text(ratio, "0.000"), Text(aim, "0.00"),
            Text(measured.Throttled, "0"), Text(measured.Most, "0"), Text(measured.Processor.TotalMilliseconds / measured.Evaluations, "0.000"));
        return ratio <= aim && measured.Throttled == 0 && measured.Processor.TotalMilliseconds / measured.Evaluations < 1;
    }

    private static async Task<Measured> MeasureAsync(int requests, int detections, CancellationToken cancellationToken)
    {
        using var service = await LogServiceProcess.StartAsync(requests, cancellationToken);
        var time = TimeProvider.System;
        var store = new MemoryStateStore();
        var queues = new WorkQueues(new MemoryWorkQueue(time), new MemoryWorkQueue(time));
        ImmutableArray<Detection> all = [.. Enumerable.Range(0, detections).Select(Detection)];
        ImmutableArray<MonitoredWorkspace> workspaces = [.. Enumerable.Range(0, Workspaces).Select(i => new MonitoredWorkspace($"law-{i}", $"law-{i}", null))];
        var options = LogAnalyticsOptions.AzurePublic with { Endpoint = service.Address };
        var limits = new QueryLimits { Requests = requests };
        var engine = new LogAnalyticsQueryEngine(new LogAnalyticsClient(options, new NoToken(), time), options, workspaces[0].Id);
        var evaluator = new DetectionEvaluator(new LimitedQueryEngine(engine, new QuerySlots(store, limits, time)), new DetectionCatalogue(all, [], [], []));
        using var book = new AlertBook(store);
        var runner = new DetectionRunner(evaluator, all, book, new MarkBook(store), QueryBudget.Unlimited(), new RunnerOptions { Workspaces = workspaces });
        var planner = new WorkPlanner(runner, store, queues, (int)Math.Min(100_000, 2L * requests));
        var worker = new DetectionWorker(evaluator, all, workspaces, store, queues, time);

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var left = detections * Workspaces;
        var ticking = TickAsync(planner, time, end.Token);
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => WorkAsync()));
        var elapsed = clock.Elapsed;
        await end.CancelAsync();
        await ticking;
        var (answered, throttled, most) = await service.CountAsync(cancellationToken);
        return new Measured(elapsed, Process.GetCurrentProcess().TotalProcessorTime - processor, answered, throttled, most);

        async Task WorkAsync()
        {
            while (Volatile.Read(ref left) > 0)
            {
                if (await queues.Evaluations.ReceiveAsync(1, TimeSpan.FromMinutes(10), end.Token) is not [var item])
                {
                    await Task.Delay(10, end.Token);
                    continue;
                }

                if (await worker.EvaluateAsync(item.Text, end.Token) is { Run.Failures.Count: 0 })
                {
                    Interlocked.Decrement(ref left);
                }

                await queues.Evaluations.CompleteAsync(item, end.Token);
            }
        }
    }

    private static async Task TickAsync(WorkPlanner planner, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await planner.PlanAsync(time.GetUtcNow(), cancellationToken);
                await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);
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

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed record Measured(TimeSpan Elapsed, TimeSpan Processor, int Evaluations, int Throttled, int Most);

    /// <summary>Plain http on this machine takes no token.</summary>
    private sealed class NoToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException("No token is needed.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No token is needed.");
    }
}
