using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Evaluation;

/// <summary>The limits of learn.microsoft.com/azure/azure-monitor/service-limits: 5 queries of an identity at a time, 200 within 30 s.</summary>
public sealed class QuerySlotsTests
{
    private readonly VirtualClock _clock = new();
    private readonly SwitchedStateStore _store = new();
    private readonly List<(DateTimeOffset Start, DateTimeOffset End)> _queries = [];
    private int _running;
    private int _most;

    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(1, 4)]
    [InlineData(3, 0.05)]
    [InlineData(7, 1)]
    public void Queries_OfAnyNumberOfProcesses_KeepToTheLimitsOfTheIdentity(int processes, double seconds)
    {
        var slots = Enumerable.Range(0, processes).Select(_ => new QuerySlots(_store, new QueryLimits(), _clock)).ToArray();

        _clock.Run(() => Task.WhenAll(Enumerable.Range(0, 700).Select(i => QueryAsync(slots[i % processes], TimeSpan.FromSeconds(seconds)))));

        Assert.Equal((700, 5), (_queries.Count, _most));

        // Even where each query reached the service as late as it could, and the one that came 200 later as early as it could.
        Assert.All(_queries.OrderBy(q => q.End).Zip(_queries.OrderBy(q => q.Start).Skip(200)), pair =>
            Assert.True(pair.Second.Start - pair.First.End >= TimeSpan.FromSeconds(30), $"{pair.First.End:mm:ss.fff} and {pair.Second.Start:mm:ss.fff}"));
    }

    [Theory]
    [InlineData(1_000_000, 10, 1.1)]
    [InlineData(200, 150, 1.05)]
    public void Queries_OfATwoHundredDetectionsOverFiveWorkspaces_TakeLittleLongerThanTheLimitsSet(int requests, int seconds, double times)
    {
        var slots = new QuerySlots(_store, new QueryLimits { Requests = requests }, _clock);

        _clock.Run(() => Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => QueryAsync(slots, TimeSpan.FromMilliseconds(50)))));

        Assert.InRange(_queries.Max(q => q.End) - Some.Noon, TimeSpan.Zero, seconds * times * TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Query_WhileTheFirstRuns_GetsASlotAtOnce()
    {
        var slots = new QuerySlots(_store, new QueryLimits(), _clock);

        _clock.Run(async () =>
        {
            var first = QueryAsync(slots, TimeSpan.FromSeconds(4));
            await Task.Delay(TimeSpan.FromMilliseconds(20), _clock);
            await Task.WhenAll(first, QueryAsync(slots, TimeSpan.FromSeconds(4)));
        });

        Assert.InRange(_queries[1].Start - Some.Noon, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(40));
    }

    [Fact]
    public void Slots_OfAProcessThatDied_AreFreeWhenWhatItAskedCountsNoMore()
    {
        var dead = new QuerySlots(_store, new QueryLimits(), _clock);
        var alive = new QuerySlots(_store, new QueryLimits(), _clock);
        var lease = TimeSpan.FromSeconds(65);

        _clock.Run(async () =>
        {
            // Its store is gone for it from now on, so that it can neither renew nor give back.
            _ = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => dead.RunAsync(_ => new TaskCompletionSource<int>().Task, CancellationToken.None)));
            await Task.Delay(TimeSpan.FromSeconds(1), _clock);
            _store.Unavailable = true;
            await Task.Delay(TimeSpan.FromSeconds(70), _clock);
            _store.Unavailable = false;
            await QueryAsync(alive, TimeSpan.FromSeconds(1));
        });

        Assert.InRange(Assert.Single(_queries).Start - Some.Noon, lease, 2 * lease);
    }

    [Fact]
    public void Slots_OfAnIdleProcess_GoToOneThatWaits()
    {
        var first = new QuerySlots(_store, new QueryLimits(), _clock);
        var second = new QuerySlots(_store, new QueryLimits(), _clock);

        _clock.Run(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => QueryAsync(first, TimeSpan.FromSeconds(1))));
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => QueryAsync(second, TimeSpan.FromSeconds(1))));
        });

        Assert.InRange(_queries.Max(q => q.End) - Some.Noon, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(14));
    }

    [Fact]
    public void Query_WhileTheStoreIsAway_FailsAndRunsWhenItIsBack()
    {
        var slots = new QuerySlots(_store, new QueryLimits(), _clock);
        var engine = new LimitedQueryEngine(new ScriptedQueryEngine(_ => new QueryAnswer(Some.Table(["Name"]))), slots);
        var request = new QueryRequest("Heartbeat", Some.Noon);
        var outcomes = new List<QueryOutcome>();

        _clock.Run(async () =>
        {
            _store.Unavailable = true;
            outcomes.Add(await engine.QueryAsync(request, CancellationToken.None));
            _store.Unavailable = false;
            outcomes.Add(await engine.QueryAsync(request, CancellationToken.None));
        });

        Assert.True(Assert.IsType<QueryFailed>(outcomes[0]).Retryable);
        Assert.IsType<QueryAnswer>(outcomes[1]);
    }

    [Fact]
    public void Query_ThatTheServiceThrottles_StopsTheOthersForAsLongAsItSays()
    {
        var asked = new List<DateTimeOffset>();
        var engine = new LimitedQueryEngine(
            new ScriptedQueryEngine(_ =>
            {
                asked.Add(_clock.GetUtcNow());
                return new QueryThrottled(TimeSpan.FromSeconds(20), "slow down");
            }),
            new QuerySlots(_store, new QueryLimits(), _clock));

        _clock.Run(async () =>
        {
            await engine.QueryAsync(new QueryRequest("Heartbeat", Some.Noon), CancellationToken.None);
            await engine.QueryAsync(new QueryRequest("Heartbeat", Some.Noon), CancellationToken.None);
        });

        Assert.True(asked[1] - asked[0] >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Query_GivenUpWhileItWaits_LeavesItsPlaceToTheNext()
    {
        var slots = new QuerySlots(_store, new QueryLimits { Concurrent = 1 }, _clock);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(2), _clock);

        _clock.Run(async () =>
        {
            var longer = QueryAsync(slots, TimeSpan.FromSeconds(10));
            var givenUp = slots.RunAsync(_ => Task.FromResult(0), end.Token);
            var next = QueryAsync(slots, TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
            await Task.WhenAll(longer, next);
        });

        Assert.Equal(2, _queries.Count);
    }

    private Task<int> QueryAsync(QuerySlots slots, TimeSpan duration) => slots.RunAsync(
        async token =>
        {
            var start = _clock.GetUtcNow();
            _most = Math.Max(_most, ++_running);
            await Task.Delay(duration, _clock, token);
            _running--;
            _queries.Add((start, _clock.GetUtcNow()));
            return 0;
        },
        CancellationToken.None);
}
