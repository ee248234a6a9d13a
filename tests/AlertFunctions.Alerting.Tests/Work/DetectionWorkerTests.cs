using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Tests.Proofs;
using AlertFunctions.Alerting.Work;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.Work;

/// <summary>What one message costs the store, and that a detection's fault ends with it, wherever the process ends.</summary>
public sealed class DetectionWorkerTests : IDisposable
{
    private static readonly QueryTable Empty = Some.Table(["TimeGenerated:datetime", "Name"]);

    private readonly MemoryStateStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly CrashPoints _world;
    private QueryOutcome _answer = new QueryAnswer(Empty);

    public DetectionWorkerTests() => _world = new CrashPoints(_store, new CollectingNotifier());

    [Fact]
    public async Task Event_ThatIsNotFound_ReadsAndWritesItsMarkOnly()
    {
        _time.Advance(TimeSpan.FromMinutes(5));
        var worker = Worker();

        Assert.Equal((2, 2), (await OperationsOfAsync(worker), await OperationsOfAsync(worker)));
    }

    [Theory]
    [InlineData(5, 24, 2)]
    [InlineData(60, 24, 2)]
    [InlineData(180, 24, 3)]
    [InlineData(1440, 2, 2)]
    public async Task Event_ThatIsNotFound_LooksAfterItsAlertsEveryTwelfthTimeAndOnceADay(int minutes, int evaluations, int tended)
    {
        var frequency = TimeSpan.FromMinutes(minutes);
        var worker = Worker(frequency: frequency);
        var operations = new List<int>();
        while (operations.Count < evaluations)
        {
            operations.Add(await OperationsOfAsync(worker, frequency));
        }

        Assert.Equal((evaluations - tended, tended), (operations.Count(o => o == 2), operations.Count(o => o == 4)));
    }

    [Fact]
    public async Task Condition_ThatIsNotFound_ReadsItsAlerts() => Assert.Equal(4, await OperationsOfAsync(Worker(SignalKind.Condition)));

    public static TheoryData<QueryOutcome> Faults() =>
    [
        new QueryFailed("HTTP 400: the query is wrong", Retryable: false),
        new QueryAnswer(Empty, "the result was cut"),
        new QueryAnswer(Some.Table(["TimeGenerated:datetime", "Name"], [Some.Noon, "a"]), "the result was cut"),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_WithTheProcessKilledAtEachOperation_EndsWithTheFault(QueryOutcome fault)
    {
        var operations = await LiveAsync(fault, crashAt: null);
        for (var point = 0; point < 2 * operations; point++)
        {
            using var test = new DetectionWorkerTests();
            await test.LiveAsync(fault, point);

            Assert.False(await test.IsFailingAsync(), $"Killed at {point}: the alert of the failing detection stayed.");
        }
    }

    public void Dispose() => _world.Dispose();

    /// <summary>A detection that fails once and then does well for an hour, in processes of which one is killed. Gives the operations that its failing took.</summary>
    private async Task<int> LiveAsync(QueryOutcome fault, int? crashAt)
    {
        _world.CrashAt = crashAt;
        _answer = fault;
        var worker = await EvaluateAsync(Worker());
        var operations = _world.Operations;
        Assert.True(crashAt is not null || await IsFailingAsync(), "The fault is no alert, so the test cannot fail.");

        _answer = new QueryAnswer(Empty);
        for (var minute = 0; minute < 60; minute += 5)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            worker = await EvaluateAsync(worker);
        }

        return operations;
    }

    private async Task<DetectionWorker> EvaluateAsync(DetectionWorker worker)
    {
        var process = _world.StartProcess();
        try
        {
            await worker.EvaluateAsync(Message(), process);
            return worker;
        }
        catch (OperationCanceledException) when (process.IsCancellationRequested)
        {
            return Worker();
        }
    }

    private async Task<int> OperationsOfAsync(DetectionWorker worker, TimeSpan? frequency = null)
    {
        var before = _world.Operations;
        Assert.NotNull(await worker.EvaluateAsync(Message(), _world.StartProcess()));
        _time.Advance(frequency ?? TimeSpan.FromMinutes(5));
        return _world.Operations - before;
    }

    private async Task<bool> IsFailingAsync()
    {
        using var book = new AlertBook(_store);
        await book.LoadAsync(CancellationToken.None);
        return book.EntriesOf(OwnDetections.EvaluationFailed.Id).Any(entry => entry.Record.State == AlertState.Firing);
    }

    private DetectionWorker Worker(SignalKind signal = SignalKind.Event, TimeSpan? frequency = null) => new(
        new DetectionEvaluator(new ScriptedQueryEngine(_ => _answer), Some.EmptyCatalogue),
        [Some.Detection(signal: signal) with { Lateness = TimeSpan.Zero, QueryFrequency = frequency ?? TimeSpan.FromMinutes(5) }],
        [],
        _world,
        new WorkQueues(new MemoryWorkQueue(_time), new MemoryWorkQueue(_time)),
        _time);

    private string Message() => $$"""{"Detection":"aks/thing","DueAt":{{JsonSerializer.Serialize(_time.GetUtcNow())}} }""";
}
