using System.Collections.Immutable;
using System.Diagnostics;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Proofs.Throughput;

/// <summary>One way of all alerts through record, route, group, dedup and notify.</summary>
/// <param name="Name">What the pass is.</param>
/// <param name="Alerts">How many alerts went through it.</param>
/// <param name="Notifications">How many the receiver was posted.</param>
/// <param name="Time">On the clock.</param>
/// <param name="Processor">Of all cores, the receiver's share included.</param>
/// <param name="StateBytes">What the store holds after it, keys included.</param>
internal sealed record ThroughputPass(string Name, int Alerts, int Notifications, TimeSpan Time, TimeSpan Processor, long StateBytes);

/// <summary>What came of one store.</summary>
internal sealed record ThroughputReport(string Store, ImmutableArray<ThroughputPass> Passes, IReadOnlyList<string> Wrong);

/// <summary>
/// Sends alerts through the pipeline to a receiver over HTTP: new, the same three times more, then over. The alerts are made before the clock runs;
/// the query that would find them is not measured.
/// </summary>
internal static class ThroughputProof
{
    private static readonly Routes Routes = new()
    {
        Root = new Route { Id = "root", Receiver = "team", GroupBy = [LabelNames.Detection, "Cluster"] },
        StormLimit = int.MaxValue,
    };

    public static async Task<ThroughputReport> RunAsync(
        string name, IStateStore store, Func<long> stateBytes, int alerts, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var found = PodAlerts.Make(alerts);
        var none = found.Select(_ => ImmutableArray<Alert>.Empty).ToImmutableArray();
        var posted = 0;
        await using var receiver = await LoopbackServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            Interlocked.Increment(ref posted);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        });
        if (!SecretUri.TryCreate($"{receiver.Address}", out var address))
        {
            throw new InvalidOperationException("Unreachable: the server's address is one.");
        }

        using var notifier = new WebhookNotifier(address!, new WebhookOptions { AllowedHosts = ["127.0.0.1"] }, CardOptions.Default, TimeProvider.System);
        using var book = new AlertBook(store);
        using var log = new NotificationLog(store);
        var recorder = new AlertRecorder(book, TimeSpan.FromDays(7));
        var pipeline = new AlertPipeline(
            new PipelineOptions
            {
                Routes = Routes,
                Notifiers = new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = notifier },
                Detections = PodAlerts.All,
            },
            book, log, new SilenceStore(store), TimeProvider.System);
        await book.LoadAsync(cancellationToken);

        (string Name, ImmutableArray<ImmutableArray<Alert>> Found)[] plan =
            [("new", found), ("the same", found), ("the same", found), ("the same", found), ("over", none)];
        var passes = ImmutableArray.CreateBuilder<ThroughputPass>();
        var wrong = new List<string>();
        foreach (var (index, (pass, what)) in plan.Index())
        {
            progress.Report(new(index, plan.Length, $"{name}, {pass}"));
            var now = PodAlerts.Start + (index * PodAlerts.Every);
            var before = posted;
            GC.Collect();
            var (clock, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            for (var d = 0; d < PodAlerts.All.Length; d++)
            {
                var request = new EvaluationRequest(
                    PodAlerts.All[d], now, DetectionEvaluator.IntervalOf(PodAlerts.All[d], now - PodAlerts.Every, now));
                recorder.Record(request, what[d], now, isComplete: true);
            }

            await book.FlushAsync(cancellationToken);
            var report = await pipeline.DispatchAsync(now, cancellationToken);
            passes.Add(new ThroughputPass(
                pass, alerts, posted - before, Stopwatch.GetElapsedTime(clock), Environment.CpuUsage.TotalTime - processor, stateBytes()));
            var expected = pass == "the same" ? 0 : PodAlerts.Detections * PodAlerts.Clusters;
            if (posted - before != expected || report.Failed.Count > 0)
            {
                wrong.Add($"{name}, {pass}: {posted - before} notifications instead of {expected}, {report.Failed.Count} failed");
            }
        }

        return new ThroughputReport(name, passes.ToImmutable(), wrong);
    }
}
