using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Proofs;

public sealed class LateRecordTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Length = TimeSpan.FromHours(24);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Events_LateByUpToAnHour_AlertExactlyOnce(int seed)
    {
        var log = SimulatedLog.Day(seed, 400, Length, TimeSpan.FromHours(1));
        var expected = log.Records.Select(r => r.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var receiver = new CollectingNotifier();
        using var app = new SimulatedApp(log, new MemoryStateStore(), new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = receiver });

        foreach (var now in Ticks())
        {
            await app.TickAsync(now, TestContext.Current.CancellationToken);
        }

        var told = receiver.Taken.SelectMany(n => n.Group.Alerts).Select(a => a.Labels["Name"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(expected, told);

        var plain = Naive(log, TimeSpan.FromMinutes(5), dedup: false);
        var wider = Naive(log, TimeSpan.FromMinutes(15), dedup: true);
        output.WriteLine($"seed {seed}: ours {told.Length} of {expected.Length}, each once; "
            + $"look back 5m {plain.Found} found, {plain.Repeated} repeated; look back 15m with dedup {wider.Found} found");
        Assert.True(plain.Found < expected.Length && wider.Found < expected.Length, "The records are not late enough to prove anything.");
    }

    /// <summary>What a rule "every five minutes over the event times of the last so many" would have given.</summary>
    private static (int Found, int Repeated) Naive(SimulatedLog log, TimeSpan lookBack, bool dedup)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var repeated = 0;
        foreach (var now in Ticks())
        {
            foreach (var name in log.Seen(now).Where(r => r.Happened >= now - lookBack && r.Happened < now).Select(r => r.Name).Distinct())
            {
                repeated += found.Add(name) || dedup ? 0 : 1;
            }
        }

        return (found.Count, repeated);
    }

    private static IEnumerable<DateTimeOffset> Ticks()
    {
        for (var now = Some.Noon; now <= Some.Noon + Length + TimeSpan.FromHours(2); now += Every)
        {
            yield return now;
        }
    }
}
