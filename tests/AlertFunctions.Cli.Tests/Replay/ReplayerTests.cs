using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Cli.Replay;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class ReplayerTests
{
    private static readonly Detection Detection = Some.Detection("aks/thing");
    private static readonly Detection Broken = Some.Detection("aks/broken") with
    {
        Query = new DetectionQuery("Broken", new SourcePosition("broken.kql", 1, 1), 0),
    };

    private static readonly Detection Absent = Some.Detection("aks/absent") with
    {
        Query = new DetectionQuery("Absent", new SourcePosition("absent.kql", 1, 1), 0),
    };

    [Fact]
    public async Task Run_ManyTicks_DeliversInTheOrderOfTheClock()
    {
        var delivered = new List<(DateTimeOffset Time, string Names)>();

        var report = await RunAsync(Ticks(500, Detection), (time, names) => delivered.Add((time, names)));

        Assert.Equal(500, report.Evaluations);
        Assert.Equal(Enumerable.Range(1, 500).Select(index => Some.Noon.AddMinutes(5 * index)), delivered.Select(item => item.Time));
        Assert.All(delivered, item => Assert.Equal(item.Time.ToString("O"), item.Names));
    }

    [Fact]
    public async Task Run_OneDetectionFails_TheOthersGoOnAndTheReportTells()
    {
        var delivered = 0;

        var report = await RunAsync(Ticks(3, Detection, Broken, Absent), (_, names) => delivered += names.Length > 0 ? 1 : 0);

        Assert.Equal(3, delivered);
        Assert.Equal(new ReplayFailure("aks/broken", Some.Noon.AddMinutes(5), "no such thing", 3), Assert.Single(report.Failures));
        Assert.Equal(KeyValuePair.Create("aks/absent", "no table"), Assert.Single(report.Absent));
    }

    [Fact]
    public async Task Run_Tick_SeesOnlyWhatWasIngestedByThen()
    {
        var engine = new ScriptedQueryEngine(_ => new QueryAnswer(Some.Table(["Name"])));

        await new Replayer(new DetectionEvaluator(engine, Some.EmptyCatalogue)).RunAsync(
            Ticks(1, Detection), (_, _, _) => Task.CompletedTask, new Progress<Step>(), TestContext.Current.CancellationToken);

        var request = Assert.Single(engine.Requests);
        Assert.Equal((Some.Noon.AddMinutes(5), (DateTimeOffset?)Some.Noon.AddMinutes(5)), (request.Now, request.VisibleAt));
    }

    private static Task<ReplayReport> RunAsync(ImmutableArray<ReplayTick> ticks, Action<DateTimeOffset, string> delivered) =>
        new Replayer(new DetectionEvaluator(new NamedByTime(), Some.EmptyCatalogue)).RunAsync(
            ticks,
            (time, alerts, _) =>
            {
                delivered(time, string.Join(' ', alerts.Select(alert => alert.Labels["Name"])));
                return Task.CompletedTask;
            },
            new Progress<Step>(),
            TestContext.Current.CancellationToken);

    private static ImmutableArray<ReplayTick> Ticks(int count, params Detection[] detections) =>
    [
        .. Enumerable.Range(0, count).SelectMany(index => detections.Select(detection =>
            new ReplayTick(Some.Noon.AddMinutes(5 * (index + 1)), Some.Noon.AddMinutes(5 * index), detection))),
    ];

    /// <summary>Finds one row in each run, named by the run's time.</summary>
    private sealed class NamedByTime : IQueryEngine
    {
        public Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken) => Task.FromResult<QueryOutcome>(
            request.Query.EndsWith("Broken", StringComparison.Ordinal) ? new QueryFailed("no such thing", Retryable: false)
            : request.Query.EndsWith("Absent", StringComparison.Ordinal) ? new QueryTableNotFound("no table")
            : new QueryAnswer(Some.Table(["Name"], [request.Now.ToString("O")])));
    }
}
