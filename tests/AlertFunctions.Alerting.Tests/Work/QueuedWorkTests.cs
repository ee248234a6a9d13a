using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Work;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Work;

/// <summary>From tick to card by way of the queues, in as many processes as the host cares to start.</summary>
public sealed class QueuedWorkTests
{
    private readonly VirtualClock _clock = new();
    private readonly SwitchedStateStore _store = new();
    private readonly CollectingNotifier _team = new();
    private readonly WorkQueues _queues;
    private Func<QueryRequest, QueryOutcome> _answer = _ => new QueryAnswer(Some.Table(["TimeGenerated:datetime", "Name"], [Some.Noon, "a"]));
    private int _asked;

    public QueuedWorkTests() => _queues = new WorkQueues(new MemoryWorkQueue(_clock), new MemoryWorkQueue(_clock));

    [Fact]
    public void Tick_WithAMatch_EndsInOneCard()
    {
        Run(async process =>
        {
            var plan = await process.TickAsync();
            await process.WorkAsync();

            Assert.Equal(("aks/thing", 0), (Assert.Single(plan.Queued).Detection.Id, plan.Waiting));
        });

        Assert.Equal("a", Assert.Single(Assert.Single(_team.Taken).Group.Alerts).Labels["Name"]);
    }

    [Fact]
    public void Ticks_BeforeTheEvaluationIsDone_QueueItOnceAndAgainWhenItMustBeLost()
    {
        Run(async process =>
        {
            var queued = new List<int>();
            for (var minute = 0; minute < 17; minute++)
            {
                queued.Add((await process.TickAsync()).Queued.Length);
                await Task.Delay(TimeSpan.FromMinutes(1), _clock);
            }

            Assert.Equal([0, 15], queued.Index().Where(q => q.Item > 0).Select(q => q.Index));
            await process.WorkAsync();
        });

        Assert.Equal((1, 1), (_asked, _team.Taken.Count));
    }

    [Fact]
    public void Message_DeliveredToTwoProcessesAtOnce_IsOneCard()
    {
        Run(async process =>
        {
            using var other = new Process(this);
            await process.TickAsync();
            var message = Assert.Single(await _queues.Evaluations.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None)).Text;

            await Task.WhenAll(SettleAsync(process, message), SettleAsync(process, message), SettleAsync(other, message));
            await process.WorkAsync();
            await SettleAsync(process, message);
            await process.WorkAsync();
        });

        Assert.Single(_team.Taken);
        Assert.InRange(_asked, 1, 2);

        static async Task SettleAsync(Process process, string message)
        {
            try
            {
                await process.EvaluateAsync(message);
            }
            catch (StateUnavailableException)
            {
                // The other was quicker; the host brings the message again.
            }
        }
    }

    [Fact]
    public void Message_OfADetectionThatIsGone_IsDropped()
    {
        Run(async process =>
        {
            Assert.Null(await process.EvaluateAsync("""{"Detection":"aks/gone","DueAt":"2026-03-02T12:00:00Z"}"""));
            Assert.Null(await process.EvaluateAsync("""{"Detection":"aks/thing","Workspace":"gone","DueAt":"2026-03-02T12:00:00Z"}"""));
        });

        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("hello")]
    public void Message_ThatIsNotTheApps_IsRefused(string text) => Run(async process =>
    {
        await Assert.ThrowsAsync<WorkMessageException>(() => process.EvaluateAsync(text));
        await Assert.ThrowsAsync<WorkMessageException>(() => process.DeliverAsync(text));
    });

    [Fact]
    public void Store_AwayWhileAnEvaluationIsRecorded_LosesNothing()
    {
        Run(async process =>
        {
            await process.TickAsync();
            var message = Assert.Single(await _queues.Evaluations.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None)).Text;
            var answer = _answer;
            _answer = request =>
            {
                _store.Unavailable = true;
                return answer(request);
            };
            await Assert.ThrowsAsync<StateUnavailableException>(() => process.EvaluateAsync(message));
            (_store.Unavailable, _answer) = (false, answer);
            await process.EvaluateAsync(message);
            await process.WorkAsync();
        });

        Assert.Equal((2, 1), (_asked, _team.Taken.Count));
    }

    [Fact]
    public void Plan_OfMoreThanTheLimitsAllow_DelaysTheMildestAndSaysSo()
    {
        Run(
            async process =>
            {
                var first = await process.TickAsync(mostWaiting: 3);
                await process.WorkAsync();
                var second = await process.TickAsync(mostWaiting: 3);

                Assert.Equal((3, 2), (first.Queued.Length, first.Delayed.Length));
                Assert.All(first.Delayed, due => Assert.Equal(Severity.Low, due.Detection.Severity));
                Assert.Equal((2, 0), (second.Queued.Length, second.Delayed.Length));
            },
            [.. Enumerable.Range(0, 5).Select(i => Some.Detection($"aks/{i}") with { Severity = i < 3 ? Severity.High : Severity.Low })]);
    }

    [Fact]
    public void Work_GivenUp_IsAnAlertUntilItsMessageIsRemoved()
    {
        Run(async process =>
        {
            await GiveUpAsync(_queues.Evaluations, """{"Detection":"aks/thing","Workspace":"law","DueAt":"2026-03-02T12:00:00Z"}""");
            await GiveUpAsync(_queues.Deliveries, "<script>");

            Assert.Equal(2, (await process.TickAsync()).GivenUp);
            await process.WorkAsync();
        });

        var titles = _team.Taken.SelectMany(n => n.Group.Alerts).Where(a => a.Detection == OwnDetections.WorkGivenUp.Id).ToArray();
        Assert.Equal(["Given up: a message that is not the app's", "Given up: aks/thing over law"], titles.Select(a => a.Title).Order(StringComparer.Ordinal));
        Assert.All(titles, alert => Assert.Contains("az storage message", alert.Runbook, StringComparison.Ordinal));
    }

    [Fact]
    public void Deliveries_ByTwoProcessesAtOnce_SendOneCard()
    {
        Run(async process =>
        {
            using var other = new Process(this);
            await process.TickAsync();
            var due = Assert.Single(await _queues.Evaluations.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None)).Text;
            await process.EvaluateAsync(due);
            var calls = await _queues.Deliveries.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None);
            Assert.Equal(2, calls.Count);

            var reports = await Task.WhenAll(process.DeliverAsync(calls[0].Text), other.DeliverAsync(calls[1].Text));
            await Task.Delay(TimeSpan.FromSeconds(6), _clock);

            // What the second could not do is back in the queue.
            Assert.Single(reports, report => report is null);
            Assert.Single(await _queues.Deliveries.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None));
        });

        Assert.Single(_team.Taken);
    }

    [Fact]
    public void Delivery_BegunAfterTheMessage_HasCoveredIt() => Run(async process =>
    {
        var old = """{"At":"2026-03-02T11:59:00Z"}""";

        Assert.NotNull(await process.DeliverAsync(old));
        Assert.Null(await process.DeliverAsync(old));
    });

    [Fact]
    public void Delivery_ThatCouldNotBeRecorded_IsNotSentTwice()
    {
        _team.Answer = _ =>
        {
            _store.Unavailable = true;
            return null;
        };

        Run(async process =>
        {
            await process.TickAsync();
            var due = Assert.Single(await _queues.Evaluations.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None)).Text;
            await process.EvaluateAsync(due);
            var call = (await _queues.Deliveries.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None))[^1].Text;
            await Assert.ThrowsAsync<StateUnavailableException>(() => process.DeliverAsync(call));
            _store.Unavailable = false;
            await Task.Delay(TimeSpan.FromMinutes(2), _clock);
            await process.DeliverAsync(call);
        });

        Assert.Single(_team.Taken);
    }

    private static async Task GiveUpAsync(IWorkQueue queue, string text)
    {
        await queue.SendAsync(text, TimeSpan.Zero, CancellationToken.None);
        for (var delivery = 0; delivery < 6; delivery++)
        {
            foreach (var item in await queue.ReceiveAsync(32, TimeSpan.FromSeconds(1), CancellationToken.None))
            {
                await queue.ReleaseAsync(item, TimeSpan.Zero, CancellationToken.None);
            }
        }
    }

    private void Run(Func<Process, Task> work, params Detection[] detections) => _clock.Run(async () =>
    {
        using var process = new Process(this, detections);
        await work(process);
    });

    /// <summary>One process of the app.</summary>
    private sealed class Process : IDisposable
    {
        private readonly QueuedWorkTests _test;
        private readonly AlertBook _book;
        private readonly NotificationLog _log;
        private readonly Lease _lease;
        private readonly DetectionRunner _runner;
        private readonly DetectionWorker _worker;
        private readonly DeliveryWorker _deliveries;

        public Process(QueuedWorkTests test, params Detection[] detections)
        {
            var all = detections.Length == 0 ? [Some.Detection()] : detections;
            (_test, _book, _log, _lease) = (test, new AlertBook(test._store), new NotificationLog(test._store), new Lease(test._store, "deliveries", test._clock));
            var evaluator = new DetectionEvaluator(
                new ScriptedQueryEngine(request =>
                {
                    test._asked++;
                    return test._answer(request);
                }),
                Some.EmptyCatalogue);
            _runner = new DetectionRunner(evaluator, [.. all], _book, new MarkBook(test._store), QueryBudget.Unlimited(), new RunnerOptions());
            _worker = new DetectionWorker(evaluator, [.. all], [], test._store, test._queues, test._clock);
            var pipeline = new AlertPipeline(
                new PipelineOptions
                {
                    Routes = new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["detection"], GroupWait = TimeSpan.Zero } },
                    Notifiers = new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = test._team },
                    Detections = [.. all, .. OwnDetections.All],
                    SendDeadline = TimeSpan.Zero,
                },
                _book, _log, new SilenceStore(test._store), test._clock);
            _deliveries = new DeliveryWorker(pipeline, _book, _log, new AlertInbox(test._store), [.. all, .. OwnDetections.All], _lease, test._queues.Deliveries, test._clock);
        }

        public Task<PlanReport> TickAsync(int mostWaiting = 400) =>
            new WorkPlanner(_runner, _test._store, _test._queues, mostWaiting).PlanAsync(_test._clock.GetUtcNow(), CancellationToken.None);

        public Task<EvaluationReport?> EvaluateAsync(string message) => _worker.EvaluateAsync(message, CancellationToken.None);

        public Task<DispatchReport?> DeliverAsync(string message) => _deliveries.DeliverAsync(message, CancellationToken.None);

        /// <summary>Does what is queued, as the host would.</summary>
        public async Task WorkAsync()
        {
            foreach (var item in await _test._queues.Evaluations.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None))
            {
                await EvaluateAsync(item.Text);
                await _test._queues.Evaluations.CompleteAsync(item, CancellationToken.None);
            }

            foreach (var item in await _test._queues.Deliveries.ReceiveAsync(32, TimeSpan.FromMinutes(5), CancellationToken.None))
            {
                await DeliverAsync(item.Text);
                await _test._queues.Deliveries.CompleteAsync(item, CancellationToken.None);
            }
        }

        public void Dispose()
        {
            _book.Dispose();
            _log.Dispose();
            _lease.Dispose();
        }
    }
}
