using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.State;

public sealed class DispatchLeaseTests
{
    private readonly MemoryStateStore _store = new();
    private readonly FakeTimeProvider _time = new(Some.Noon);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hold_HeldByAnother_IsRefusedUntilItEnds()
    {
        using var a = new DispatchLease(_store, "a", _time);
        using var b = new DispatchLease(_store, "b", _time);

        Assert.Equal(LeaseOutcome.Held, await a.HoldAsync(Token));
        Assert.Equal(LeaseOutcome.Refused, await b.HoldAsync(Token));
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(LeaseOutcome.Held, await a.HoldAsync(Token));
        _time.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(LeaseOutcome.Refused, await b.HoldAsync(Token));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(LeaseOutcome.TakenOver, await b.HoldAsync(Token));
        Assert.Equal(LeaseOutcome.Refused, await a.HoldAsync(Token));
    }

    [Fact]
    public async Task Release_LetsAnotherTakeItAtOnce()
    {
        using var a = new DispatchLease(_store, "a", _time);
        using var b = new DispatchLease(_store, "b", _time);
        await a.HoldAsync(Token);
        await a.ReleaseAsync(Token);

        // Nobody else was there in between.
        Assert.Equal(LeaseOutcome.Held, await a.HoldAsync(Token));
        await a.ReleaseAsync(Token);

        Assert.Equal(LeaseOutcome.TakenOver, await b.HoldAsync(Token));
        await b.ReleaseAsync(Token);
        Assert.Equal(LeaseOutcome.TakenOver, await a.HoldAsync(Token));
    }

    [Fact]
    public async Task Dispatch_TwoProcessesOverOneState_TellEachAlertOnce()
    {
        var sending = new TaskCompletionSource();
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (slow, quick) = (new CollectingNotifier(), new CollectingNotifier());
        slow.Answer = _ =>
        {
            sending.TrySetResult();
            taken.Task.Wait(Token);
            return null;
        };
        using var first = new Process(_store, "a", slow, _time);
        await first.FindAsync("a");
        using var second = new Process(_store, "b", quick, _time);

        var telling = Task.Run(() => first.Pipeline.DispatchAsync(Some.Noon, Token), Token);
        await sending.Task;
        var elsewhere = await second.Pipeline.DispatchAsync(Some.Noon, Token);
        taken.SetResult();
        await telling;

        // What the second had read before the first sent is read again.
        await second.Pipeline.DispatchAsync(Some.Noon.AddMinutes(1), Token);
        await second.FindAsync("b");
        await second.Pipeline.DispatchAsync(Some.Noon.AddMinutes(2), Token);
        Assert.True(elsewhere.IsLeasedElsewhere);
        Assert.Equal("a", Assert.Single(slow.Taken).Group.Alerts[0].Labels["Name"]);
        Assert.Equal("b", Assert.Single(quick.Taken).Group.Alerts[0].Labels["Name"]);
    }

    [Fact]
    public async Task Dispatch_LastsLongerThanItsLease_StopsTelling()
    {
        var notifier = new CollectingNotifier();
        using var other = new DispatchLease(_store, "other", _time);
        notifier.Answer = _ =>
        {
            if (notifier.Taken.Count == 0)
            {
                // The process stood still while it sent, and another went on.
                _time.Advance(TimeSpan.FromMinutes(10));
                Assert.Equal(LeaseOutcome.TakenOver, other.HoldAsync(Token).GetAwaiter().GetResult());
            }

            return null;
        };
        using var process = new Process(_store, "a", notifier, _time);
        await process.FindAsync("a", "b");

        await process.Pipeline.DispatchAsync(Some.Noon, Token);

        Assert.Single(notifier.Taken);
    }

    private sealed class Process : IDisposable
    {
        private static readonly Detection Detection = Some.Detection();
        private readonly AlertBook _book;
        private readonly NotificationLog _log;
        private readonly DispatchLease _lease;

        public Process(IStateStore store, string owner, INotifier notifier, TimeProvider time)
        {
            _book = new AlertBook(store);
            _log = new NotificationLog(store);
            _lease = new DispatchLease(store, owner, time);
            Pipeline = new AlertPipeline(
                new PipelineOptions
                {
                    Routes = new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["Name"] } },
                    Notifiers = new Dictionary<string, INotifier> { ["team"] = notifier },
                    SendDeadline = TimeSpan.Zero,
                    Lease = _lease,
                },
                _book, _log, new SilenceStore(store), time);
        }

        public AlertPipeline Pipeline { get; }

        public async Task FindAsync(params string[] names)
        {
            await _book.LoadAsync(Token);
            var request = new EvaluationRequest(Detection, Some.Noon, DetectionEvaluator.IntervalOf(Detection, Some.Noon, Some.Noon));
            new AlertRecorder(_book, TimeSpan.FromDays(7)).Record(request, [.. names.Select(name => Some.Alert(name))], Some.Noon, isComplete: true);
            await _book.FlushAsync(Token);
        }

        public void Dispose()
        {
            _book.Dispose();
            _log.Dispose();
            _lease.Dispose();
        }
    }
}
