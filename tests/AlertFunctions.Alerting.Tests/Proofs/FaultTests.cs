using System.Runtime.CompilerServices;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Proofs;

public sealed class FaultTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task EverythingFailingAtRandom_IsDeliveredInTheEndAndOnce(int seed)
    {
        var random = new Random(seed);
        var log = SimulatedLog.Day(seed, 150, TimeSpan.FromHours(12), TimeSpan.FromMinutes(30));
        log.Trouble = () => random.Next(10) switch
        {
            0 => new QueryThrottled(TimeSpan.FromSeconds(random.Next(600)), "429"),
            1 => new QueryFailed("500", Retryable: true),
            _ => null,
        };
        var receiver = new CollectingNotifier
        {
            Answer = _ => random.Next(4) switch
            {
                0 => new Retry(FailureReason.RateLimited, "429", TimeSpan.FromSeconds(random.Next(300))),
                1 => new Retry(FailureReason.Timeout, "no answer"),
                _ => null,
            },
        };
        var store = new TroubledStore(new MemoryStateStore(), random);
        using var app = new SimulatedApp(log, store, new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = receiver });
        var outages = 0;

        for (var now = Some.Noon; now <= Some.Noon.AddHours(18); now += TimeSpan.FromMinutes(1))
        {
            try
            {
                await app.TickAsync(now, TestContext.Current.CancellationToken);
            }
            catch (StateUnavailableException)
            {
                outages++;
            }
        }

        var told = receiver.Taken.SelectMany(n => n.Group.Alerts).Where(a => a.Detection == SimulatedLog.Detection.Id)
            .Select(a => a.Labels["Name"]).Order(StringComparer.Ordinal).ToArray();
        var expected = log.Records.Select(r => r.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, told);
        Assert.True(outages > 50, "The store hardly failed.");
    }

    [Fact]
    public async Task Receiver_Down_DelaysNoOther()
    {
        var log = SimulatedLog.Day(5, 40, TimeSpan.FromHours(1), TimeSpan.Zero);
        var down = new CollectingNotifier { Answer = _ => new Retry(FailureReason.ConnectionFailed, "reset") };
        var up = new CollectingNotifier();
        var routes = new Routes
        {
            Root = new Route
            {
                Id = "root",
                Receiver = "up",
                Routes = [new Route { Id = "root/down", Receiver = "down", Matchers = [Matcher.Parse("detection=~.+", out _)!], Continue = true },
                    new Route { Id = "root/up", Receiver = "up", Matchers = [Matcher.Parse("detection=~.+", out _)!] }],
            },
        };
        using var app = new SimulatedApp(
            log, new MemoryStateStore(), new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["down"] = down, ["up"] = up }, routes);

        for (var now = Some.Noon; now <= Some.Noon.AddMinutes(75); now += TimeSpan.FromMinutes(5))
        {
            await app.TickAsync(now, TestContext.Current.CancellationToken);
            var due = log.Seen(now).Where(r => r.Ingested < now).Select(r => r.Name).Distinct().Count();
            Assert.Equal(due, up.Taken.Sum(n => n.Group.Alerts.Count));
        }

        Assert.Empty(down.Taken);
        Assert.Equal(40, up.Taken.Sum(n => n.Group.Alerts.Count));
    }

    private sealed class TroubledStore(IStateStore store, Random random) : IStateStore
    {
        public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
        {
            Fail();
            return store.ReadAsync(partition, row, cancellationToken);
        }

        public async IAsyncEnumerable<StateDocument> ReadRangeAsync(
            string partition, string? from, string? to, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var document in store.ReadRangeAsync(partition, from, to, cancellationToken))
            {
                Fail();
                yield return document;
            }
        }

        public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
        {
            Fail();
            return store.WriteAsync(partition, changes, cancellationToken);
        }

        private void Fail()
        {
            if (random.Next(5) == 0)
            {
                throw new StateUnavailableException("The store does not answer.");
            }
        }
    }
}
