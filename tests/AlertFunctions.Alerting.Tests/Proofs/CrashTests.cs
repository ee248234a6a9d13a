using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Proofs;

public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Length = TimeSpan.FromHours(1);

    [Fact]
    public async Task Process_KilledAtEachOperation_LosesNothingAndRepeatsOnlyWhatWasInFlight()
    {
        var expected = SimulatedLog.Day(1, 12, Length, TimeSpan.FromMinutes(30)).Records.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var operations = await RunAsync(null);
        var (points, repeated) = (0, 0);

        for (var point = 0; point < 2 * operations.Count; point++)
        {
            var (_, told) = await RunAsync(point);

            var lost = expected.Except(told.SelectMany(NamesOf)).ToArray();
            Assert.True(lost.Length == 0, $"Killed at {point}: lost {string.Join(", ", lost)}.");
            // What is told twice was all in one notification, the one in flight; it comes again with what is new since.
            var twice = told.SelectMany(NamesOf).GroupBy(n => n, StringComparer.Ordinal).Where(g => g.Count() > 1).ToArray();
            Assert.All(twice, g => Assert.Equal(2, g.Count()));
            Assert.True(
                twice.Length == 0 || told.Any(n => NamesOf(n).ToHashSet(StringComparer.Ordinal).SetEquals(twice.Select(g => g.Key))),
                $"Killed at {point}: {string.Join(", ", twice.Select(g => g.Key))} were told twice and were not in flight together.");
            points++;
            repeated += twice.Length > 0 ? 1 : 0;
        }

        output.WriteLine($"{points} kill points, 0 lost, {repeated} runs repeated the one notification in flight.");
        Assert.True(points > 100, "The day has too few operations to prove anything.");
        Assert.True(repeated > 0, "No kill fell between a send and its record, so the test cannot fail.");
    }

    private static async Task<(int Count, IReadOnlyList<Notification> Told)> RunAsync(int? crashAt)
    {
        var receiver = new CollectingNotifier();
        using var world = new CrashPoints(new MemoryStateStore(), receiver) { CrashAt = crashAt };
        var log = SimulatedLog.Day(1, 12, Length, TimeSpan.FromMinutes(30));
        var notifiers = new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = world };
        var app = new SimulatedApp(log, world, notifiers);
        var process = world.StartProcess();
        for (var now = Some.Noon; now <= Some.Noon + Length + TimeSpan.FromHours(1); now += TimeSpan.FromMinutes(5))
        {
            try
            {
                await app.TickAsync(now, process);
            }
            catch (OperationCanceledException) when (process.IsCancellationRequested)
            {
                app.Dispose();
                app = new SimulatedApp(log, world, notifiers);
                process = world.StartProcess();
            }
        }

        app.Dispose();
        return (world.Operations, receiver.Taken);
    }

    private static IEnumerable<string> NamesOf(Notification notification) => notification.Group.Alerts.Select(a => a.Labels["Name"]);
}
