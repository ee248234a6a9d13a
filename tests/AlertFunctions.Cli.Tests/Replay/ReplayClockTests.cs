using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Replay;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class ReplayClockTests
{
    private static readonly DateTimeOffset Noon = Some.Noon;
    private static readonly Detection Thing = Pods.Detection("aks/thing");

    private readonly MemoryStateStore _store = new();
    private readonly CollectingNotifier _notifier = new();
    private readonly Route _route = new() { Id = "root", Receiver = "team", GroupWait = TimeSpan.FromSeconds(30), GroupInterval = TimeSpan.FromMinutes(5) };

    [Fact]
    public async Task Run_YearsBetweenTwoRows_AsksOnlyWhereSomethingIsNew()
    {
        var engine = Rows();

        var report = await RunAsync(engine, [Thing], Noon.AddMinutes(2), Noon.AddYears(8).AddMinutes(3));

        Assert.Equal(4, report.Evaluations);
        Assert.Equal(
            ["2026 12:05", "2026 12:10", "2034 12:05", "2034 12:10"],
            engine.Requests.Select(request => request.Now.ToString("yyyy HH:mm", CultureInfo.InvariantCulture)));
        Assert.All(engine.Requests, request => Assert.Equal(request.Now, request.VisibleAt));
    }

    [Fact]
    public async Task Run_AlertsOfAGroup_AreSentWhenItHasWaited()
    {
        await RunAsync(Rows((5, "a"), (10, "b"), (15, "c")), [Thing], Noon.AddMinutes(2), Noon.AddMinutes(12));

        // Half a minute for the first, and never twice within five; the last is sent although the clock's last run is over.
        Assert.Equal(["12:06 a", "12:11 b", "12:16 c"], Told());
    }

    [Fact]
    public async Task Run_Again_AsksNothingAndSendsNothing()
    {
        await RunAsync(Rows((5, "a")), [Thing], Noon.AddMinutes(2));
        var again = Rows((5, "a"));

        var report = await RunAsync(again, [Thing], Noon.AddMinutes(2));

        Assert.Empty(again.Requests);
        Assert.Empty(report.Sent);
        Assert.Equal(["12:06 a"], Told());
    }

    [Fact]
    public async Task Run_OtherRecordsOrQuery_BeginsAnewAndSendsWhatIsNewToIt()
    {
        await RunAsync(Rows((5, "a")), [Thing], "monday", Noon.AddMinutes(2));

        await RunAsync(Rows((5, "a"), (5, "b")), [Thing], "tuesday", Noon.AddMinutes(2));
        await RunAsync(Rows((5, "a"), (5, "b"), (5, "c")), [Pods.Detection("aks/thing", query: "Pods | where true")], "tuesday", Noon.AddMinutes(2));

        // The group was last told at 12:06 and 12:11 by the clock of the runs before.
        Assert.Equal(["12:06 a", "12:11 b", "12:16 c"], Told());
    }

    [Fact]
    public async Task Run_NotTaken_IsToldAndTheNextRunSendsIt()
    {
        _notifier.Answer = _ => new Retry(FailureReason.ServerError, "The disk is full.");
        var failed = await RunAsync(Rows((5, "a")), [Thing], Noon.AddMinutes(2));
        _notifier.Answer = _ => null;

        await RunAsync(Rows((5, "a")), [Thing], "other records", Noon.AddMinutes(2), Noon.AddHours(2));

        Assert.Equal("The disk is full.", Assert.Single(failed.Untaken).Value);
        Assert.EndsWith(" a", Assert.Single(Told()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneDetectionFails_TheOthersGoOnAndTheReportTells()
    {
        var broken = Pods.Detection("aks/broken", query: "Broken");
        var engine = new ScriptedQueryEngine(request => request.Query.EndsWith("Broken", StringComparison.Ordinal)
            ? new QueryFailed("no such thing", Retryable: false)
            : new QueryAnswer(Some.Table(["Name"], ["a"])));

        var report = await RunAsync(engine, [broken, Thing], Noon.AddMinutes(2));

        var failure = Assert.Single(report.Failures);
        Assert.Equal(("aks/broken", Noon.AddMinutes(5), "no such thing"), (failure.Detection, failure.First, failure.Detail));
        Assert.Contains(report.Sent.SelectMany(sent => sent.Group.Alerts), alert => alert.Title == "aks/broken cannot be evaluated");
        Assert.Contains(report.Sent.SelectMany(sent => sent.Group.Alerts), alert => alert.Detection == "aks/thing");
    }

    /// <summary>Finds rows of these names in the runs of these minutes after noon, and those after within the hour.</summary>
    private static ScriptedQueryEngine Rows(params (int Minute, string Name)[] rows) => new(request => new QueryAnswer(Some.Table(
        ["Name"],
        [.. rows.Where(row => request.Now == Noon.AddMinutes(row.Minute)).Select(row => new object?[] { row.Name })])));

    private IEnumerable<string> Told() => _notifier.Taken.Select(sent =>
        $"{sent.Now:HH:mm} {string.Join(' ', sent.Group.Alerts.Select(alert => alert.Labels["Name"]))}");

    private Task<ReplayReport> RunAsync(ScriptedQueryEngine engine, Detection[] detections, params DateTimeOffset[] minutes) =>
        RunAsync(engine, detections, "records", minutes);

    private async Task<ReplayReport> RunAsync(ScriptedQueryEngine engine, Detection[] detections, string records, params DateTimeOffset[] minutes)
    {
        var catalogue = Pods.Catalogue([.. detections]);
        var plan = Pods.Plan(catalogue, minutes);
        using var book = new AlertBook(_store);
        using var log = new NotificationLog(_store);
        var marks = new MarkBook(_store);
        var cancellationToken = TestContext.Current.CancellationToken;
        await new ReplayMarks(_store, marks, catalogue).PlaceAsync(records, Noon, cancellationToken);
        var runner = new DetectionRunner(
            new DetectionEvaluator(engine, catalogue), catalogue.Detections, book, marks, new QueryBudget(int.MaxValue),
            new RunnerOptions { Concurrency = 1, SeesOnlyThePast = true, IsUnchanged = plan.IsUnchanged });
        var pipeline = new AlertPipeline(
            new PipelineOptions
            {
                Routes = new Routes { Root = _route },
                Notifiers = new Dictionary<string, INotifier> { ["team"] = _notifier },
                Detections = catalogue.Detections,
                SendDeadline = TimeSpan.Zero,
            },
            book, log, new SilenceStore(_store), TimeProvider.System);
        return await new ReplayClock(catalogue.Detections, plan, book, marks, runner, pipeline)
            .RunAsync(Noon.AddYears(9), new Progress<Step>(), cancellationToken);
    }
}
