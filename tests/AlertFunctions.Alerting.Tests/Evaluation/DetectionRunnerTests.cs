using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Evaluation;

public sealed class DetectionRunnerTests : IDisposable
{
    private static readonly DateTimeOffset Noon = Some.Noon;
    private readonly MemoryStateStore _store = new();
    private readonly AlertBook _book;

    public DetectionRunnerTests() => _book = new AlertBook(_store);

    public void Dispose() => _book.Dispose();

    [Fact]
    public async Task Run_Event_CoversEveryMomentWithTheSettleMargin()
    {
        var engine = new ScriptedQueryEngine(_ => Rows());
        var runner = Runner(engine, Some.Detection());

        await RunAsync(runner, 0, 3, 5, 12);

        // Ticks that come late do not shift the schedule.
        Assert.Equal([Noon, Noon.AddMinutes(5), Noon.AddMinutes(10)], engine.Requests.Select(r => r.Now));
    }

    [Fact]
    public async Task Run_AfterAnOutage_FillsTheGapOldestFirstAndSaysSo()
    {
        var engine = new ScriptedQueryEngine(r => r.Now == Noon.AddHours(2) ? Rows("a") : Rows());
        var runner = Runner(engine, Some.Detection() with { QueryPeriod = TimeSpan.FromDays(1) });
        await RunAsync(runner, 0);

        var report = Assert.Single(await RunAsync(runner, 200));

        Assert.Equal(
            [Noon, Noon.AddHours(1), Noon.AddHours(2), Noon.AddHours(3), Noon.AddMinutes(200)], engine.Requests.Select(r => r.Now));
        var gap = Assert.Single(report.Gaps);
        Assert.Equal((new TimeRange(Noon, Noon.AddHours(3)), 1), (gap.Range, gap.Alerts));
        Assert.Contains("Found late by 1h20m", Assert.Single(_book.Entries).Record.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a quarter of the look-back", 60, 15)]
    [InlineData("one interval at least", 10, 5)]
    [InlineData("an hour at most", 1440, 60)]
    public async Task Run_AfterAnOutage_PiecesAreCoveredByTheLookBack(string why, int period, int piece)
    {
        var engine = new ScriptedQueryEngine(_ => Rows());
        var runner = Runner(engine, Some.Detection() with { QueryPeriod = TimeSpan.FromMinutes(period) });
        await RunAsync(runner, 0);

        await RunAsync(runner, 120);

        var ends = engine.Requests.Select(r => r.Now).ToList();
        Assert.True(ends.Zip(ends.Skip(1)).All(pair => pair.Second - pair.First == TimeSpan.FromMinutes(piece)), why);
        Assert.Equal(Noon.AddMinutes(120), ends[^1]);
    }

    [Fact]
    public async Task Run_ManyDue_AsksNoMoreThanAllowedAtATime()
    {
        var engine = new GatedEngine(5);
        var detections = Enumerable.Range(0, 20).Select(i => Some.Detection($"aks/{i:00}")).ToArray();
        var runner = new DetectionRunner(
            new DetectionEvaluator(engine, Some.EmptyCatalogue), [.. detections], _book, new MarkBook(_store), new QueryBudget(), new RunnerOptions());

        await runner.RunAsync(Noon, TestContext.Current.CancellationToken);

        Assert.Equal(5, engine.Most);
    }

    [Fact]
    public async Task Run_Condition_EvaluatesAWindowAgainForLateRows()
    {
        var detection = Some.Detection(signal: SignalKind.Condition) with { Lateness = TimeSpan.FromMinutes(10) };
        var asked = 0;
        // The window of noon shows the state only when it is looked at again.
        var engine = new ScriptedQueryEngine(r => r.Now == Noon && asked++ > 0 ? Rows("a") : Rows());
        var runner = Runner(engine, detection);

        await RunAsync(runner, 0, 5, 10);

        var record = Assert.Single(_book.Entries).Record;
        Assert.Equal(Noon, record.SeenAt);
        Assert.Equal(AlertState.Firing, record.State);
        await RunAsync(runner, 15);
        Assert.Equal(AlertState.Resolved, Assert.Single(_book.Entries).Record.State);
    }

    [Fact]
    public async Task Run_Failing_KeepsItsMarkBacksOffAndRaisesOneAlertThatResolves()
    {
        var broken = true;
        var engine = new ScriptedQueryEngine(_ => broken ? new QueryFailed("no access", Retryable: false) : Rows("late"));
        var runner = Runner(engine, Some.Detection() with { QueryPeriod = TimeSpan.FromDays(1) });

        await RunAsync(runner, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        var failing = Assert.Single(_book.Entries).Record;
        broken = false;
        await RunAsync(runner, 60);

        Assert.Equal("aks/thing cannot be evaluated", failing.Title);
        Assert.Contains("no access", failing.Description, StringComparison.Ordinal);
        // Five minutes after, then ten more: the wait grows, the mark stays, and the interval still begins where it did.
        Assert.Equal(AlertState.Resolved, _book.Entries.Single(e => e.Record.Detection == OwnDetections.EvaluationFailed.Id).Record.State);
        Assert.Contains(_book.Entries, e => e.Record.Labels.TryGetValue("Name", out var name) && name == "late");
        Assert.Equal([Noon, Noon.AddMinutes(5), Noon.AddMinutes(55), Noon.AddMinutes(60)], engine.Requests.Select(r => r.Now));
        Assert.All(engine.Requests.Take(3), r => Assert.Equal(engine.Requests[0].TimeRange!.Value.Start, r.TimeRange!.Value.Start));
    }

    [Fact]
    public async Task Run_Throwing_StopsNoOther()
    {
        var engine = new ScriptedQueryEngine(r => r.Query.Contains("Broken", StringComparison.Ordinal) ? throw new InvalidOperationException("bug") : Rows("a"));
        var broken = Some.Detection("aks/broken") with { Query = Some.Detection().Query with { Text = "Broken" } };
        var runner = Runner(engine, broken, Some.Detection());

        var report = Assert.Single(await RunAsync(runner, 0));

        Assert.Equal("aks/broken", Assert.Single(report.Failures).Detection);
        Assert.Contains(_book.Entries, e => e.Record.Detection == "aks/thing");
    }

    [Fact]
    public async Task Run_TableAbsent_IsNotAFailure()
    {
        var engine = new ScriptedQueryEngine(_ => new QueryTableNotFound("no Heartbeat"));
        var runner = Runner(engine, Some.Detection());

        var reports = await RunAsync(runner, 0, 5);

        Assert.All(reports, r => Assert.Equal("no Heartbeat", Assert.Single(r.NotApplicable).Detail));
        Assert.Empty(_book.Entries);
    }

    [Fact]
    public async Task Run_StoreDown_MovesNoMark()
    {
        var engine = new ScriptedQueryEngine(_ => Rows("a"));
        var store = new FailingStore(_store);
        using var book = new AlertBook(store);
        var runner = Runner(engine, book, store, new QueryBudget(), Some.Detection());
        store.IsDown = true;

        await Assert.ThrowsAsync<StateUnavailableException>(() => runner.RunAsync(Noon, TestContext.Current.CancellationToken));
        store.IsDown = false;
        await runner.RunAsync(Noon.AddMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(2, engine.Requests.Count(r => r.Now == Noon));
        Assert.Single(book.Entries);
    }

    [Fact]
    public async Task Run_ScarceBudget_DelaysTheMildestAndSaysSo()
    {
        var engine = new ScriptedQueryEngine(_ => Rows());
        var detections = new[] { Severity.Low, Severity.High, Severity.Informational, Severity.Medium }
            .Select(s => Some.Detection($"aks/{s}") with { Severity = s, Query = Some.Detection().Query with { Text = s.ToString() } }).ToArray();
        var runner = Runner(engine, _book, _store, new QueryBudget(2, TimeSpan.FromMinutes(1)), detections);

        var report = await runner.RunAsync(Noon, TestContext.Current.CancellationToken);
        var next = await runner.RunAsync(Noon.AddMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(["Low", "Informational"], report.Delayed.Select(d => d.Detection.Query.Text));
        Assert.Empty(next.Delayed);
        Assert.Equal(["High", "Informational", "Low", "Medium"], engine.Requests.Select(r => r.Query).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_ScarceBudget_CountsBothQueriesOfACondition()
    {
        var engine = new ScriptedQueryEngine(_ => Rows());
        var condition = Some.Detection("aks/condition", SignalKind.Condition) with { Severity = Severity.High };
        var runner = Runner(engine, _book, _store, new QueryBudget(3, TimeSpan.FromMinutes(1)), condition, Some.Detection("aks/a"), Some.Detection("aks/b"));

        var report = await runner.RunAsync(Noon, TestContext.Current.CancellationToken);

        Assert.Equal(3, engine.Requests.Count);
        Assert.Equal("aks/b", Assert.Single(report.Delayed).Detection.Id);
    }

    [Fact]
    public void Plan_TakesWorkspacesInTurnAndLetsNobodyWaitForEver()
    {
        var (a, b) = (new MonitoredWorkspace("a", "a", null), new MonitoredWorkspace("b", "b", null));
        var low = Some.Detection("aks/low") with { Severity = Severity.Low };
        DueDetection[] due =
        [
            new(Some.Detection("aks/1"), a, Noon), new(Some.Detection("aks/2"), a, Noon), new(Some.Detection("aks/3"), a, Noon),
            new(Some.Detection("aks/1"), b, Noon), new(low, b, Noon), new(low, a, Noon.AddMinutes(-30)),
        ];

        var planned = DueDetection.Plan(due, Noon).Select(d => $"{d.Workspace!.Name}:{d.Detection.Id}");

        Assert.Equal(["a:aks/low", "b:aks/1", "a:aks/1", "a:aks/2", "a:aks/3", "b:aks/low"], planned);
    }

    [Fact]
    public async Task Marks_OutliveTheProcess()
    {
        var engine = new ScriptedQueryEngine(_ => Rows());
        await RunAsync(Runner(engine, Some.Detection()), 0, 5);
        using var book = new AlertBook(_store);

        await Runner(engine, book, _store, new QueryBudget(), Some.Detection()).RunAsync(Noon.AddMinutes(10), TestContext.Current.CancellationToken);

        Assert.Equal([Noon, Noon.AddMinutes(5), Noon.AddMinutes(10)], engine.Requests.Select(r => r.Now));
    }

    private static QueryAnswer Rows(params string[] names) =>
        new(Some.Table(["Name"], [.. names.Select(n => new object?[] { n })]));

    private DetectionRunner Runner(IQueryEngine engine, params Detection[] detections) => Runner(engine, _book, _store, new QueryBudget(), detections);

    private static DetectionRunner Runner(IQueryEngine engine, AlertBook book, IStateStore store, QueryBudget budget, params Detection[] detections) => new(
        new DetectionEvaluator(engine, Some.EmptyCatalogue), [.. detections], book, new MarkBook(store), budget, new RunnerOptions { Concurrency = 1 });

    private static async Task<IReadOnlyList<RunReport>> RunAsync(DetectionRunner runner, params int[] minutes)
    {
        var reports = new List<RunReport>();
        foreach (var minute in minutes)
        {
            reports.Add(await runner.RunAsync(Noon.AddMinutes(minute), TestContext.Current.CancellationToken));
        }

        return reports;
    }

    /// <summary>Answers when so many queries are waiting, and says how many waited at most.</summary>
    private sealed class GatedEngine(int many) : IQueryEngine
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;

        public int Most { get; private set; }

        public async Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken)
        {
            Task gate;
            lock (_lock)
            {
                Most = Math.Max(Most, ++_waiting);
                gate = _gate.Task;
                if (_waiting == many)
                {
                    _waiting = 0;
                    _gate.SetResult();
                    _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            await gate.WaitAsync(cancellationToken);
            return Rows();
        }
    }

    private sealed class FailingStore(IStateStore store) : IStateStore
    {
        public bool IsDown { get; set; }

        public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken) =>
            store.ReadAsync(partition, row, cancellationToken);

        public IAsyncEnumerable<StateDocument> ReadRangeAsync(string partition, string? from, string? to, CancellationToken cancellationToken) =>
            store.ReadRangeAsync(partition, from, to, cancellationToken);

        public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) => IsDown
            ? throw new StateUnavailableException("down")
            : store.WriteAsync(partition, changes, cancellationToken);
    }
}
