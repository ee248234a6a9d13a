using System.Collections.Concurrent;
using System.Globalization;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;

namespace AlertFunctions.Proofs.Crash;

/// <summary>How the crash proof is run.</summary>
internal sealed record CrashOptions
{
    public DayOptions Day { get; init; } = new();

    /// <value>How many kill points are tried, chosen by the day's seed; null for every one.</value>
    public int? Sample { get; init; }

    /// <value>Runs at a time. Default: one a processor.</value>
    public int Parallel { get; init; } = Environment.ProcessorCount;
}

/// <summary>What came of it.</summary>
/// <param name="Store">The store's name.</param>
/// <param name="Operations">Operations on the store and deliveries of the uninterrupted run.</param>
/// <param name="Alerts">Alerts that it told, resolutions and repetitions included.</param>
/// <param name="Points">Kill points that were tried.</param>
/// <param name="Lost">Alerts that were not told although the uninterrupted run told them, over all runs.</param>
/// <param name="Repeated">Runs that told the notification in flight again.</param>
/// <param name="Wrong">What must not be, in words: a loss, a repetition beyond the one in flight, a run that was not as it should.</param>
internal sealed record CrashReport(string Store, int Operations, int Alerts, int Points, int Lost, int Repeated, IReadOnlyList<string> Wrong);

/// <summary>
/// Kills the app at every operation in turn, starts it again, and compares what the receiver was told by the end of the day with what a run that was
/// never interrupted told it.
/// </summary>
internal sealed class CrashProof(CrashOptions options, string storeName, Func<string, Task<string>> store)
{
    private readonly SimulatedDay _day = SimulatedDay.Of(options.Day);

    public async Task<CrashReport> RunAsync(IProgress<Step> progress, CancellationToken cancellationToken)
    {
        await using var world = await CrashWorld.StartAsync(_day, cancellationToken);
        var (operations, expected) = await UninterruptedAsync(world, cancellationToken);
        var points = Points(2 * operations);
        var (lost, repeated, done) = (0, 0, 0);
        var wrong = new ConcurrentQueue<string>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken };
        await System.Threading.Tasks.Parallel.ForEachAsync(points, parallel, async (point, token) =>
        {
            var outcome = await KilledAtAsync(world, point, expected, token);
            Interlocked.Add(ref lost, outcome.Lost);
            Interlocked.Add(ref repeated, outcome.IsRepeated ? 1 : 0);
            foreach (var fault in outcome.Wrong)
            {
                wrong.Enqueue(string.Create(CultureInfo.InvariantCulture, $"Killed {(point % 2 == 0 ? "before" : "after")} operation {point / 2}: {fault}"));
            }

            progress.Report(new(Interlocked.Increment(ref done), points.Length, $"{done} of {points.Length} kill points, {storeName}"));
        });
        return new CrashReport(storeName, operations, expected.Values.Sum(), points.Length, lost, repeated, [.. wrong]);
    }

    private async Task<(int Operations, Dictionary<string, int> Told)> UninterruptedAsync(CrashWorld world, CancellationToken cancellationToken)
    {
        const string Name = "uninterrupted";
        var run = world.Begin(Name, isFirst: true);
        using var app = KilledApp.Start((await ArgumentsAsync(world, Name, null)).ToArray());
        var operations = 0;
        foreach (var tick in _day.Ticks)
        {
            await world.MoveToAsync(tick, cancellationToken);
            run.Tick = tick;
            operations = await app.TickAsync(tick, cancellationToken)
                ?? throw new InvalidOperationException("The uninterrupted run was killed.");
        }

        return run.Faults.TryPeek(out var fault) ? throw new InvalidOperationException(fault) : (operations, Count(run.Cards));
    }

    private async Task<Outcome> KilledAtAsync(CrashWorld world, int point, Dictionary<string, int> expected, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"run-{point}");
        var run = world.Begin(name, isFirst: false);
        var arguments = await ArgumentsAsync(world, name, point);
        var app = KilledApp.Start(arguments.ToArray());
        var before = -1;
        try
        {
            foreach (var tick in _day.Ticks)
            {
                run.Tick = tick;
                while (await app.TickAsync(tick, cancellationToken) is null)
                {
                    before = run.Cards.Count;
                    app.Dispose();
                    app = KilledApp.Start((arguments with { KillAt = null }).ToArray());
                }
            }
        }
        finally
        {
            app.Dispose();
        }

        return Outcome.Of(run, before, expected);
    }

    private async Task<CrashArguments> ArgumentsAsync(CrashWorld world, string run, int? killAt) => new(
        run, world.Address, new Uri(world.Address, $"/alerts/{run}"), await store(run), options.Day.Tick, killAt);

    private int[] Points(int count)
    {
        var all = Enumerable.Range(0, count).ToArray();
        if (options.Sample is not { } sample || sample >= count)
        {
            return all;
        }

        new Random(options.Day.Seed).Shuffle(all);
        return [.. all.Take(sample).Order()];
    }

    private static Dictionary<string, int> Count(IEnumerable<ReceivedCard> cards) =>
        cards.SelectMany(card => card.Alerts).CountBy(alert => alert, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>How a run differs from the uninterrupted one.</summary>
    private sealed record Outcome(int Lost, bool IsRepeated, IReadOnlyList<string> Wrong)
    {
        /// <param name="run">The run.</param>
        /// <param name="before">How many cards the receiver had when the process was killed; -1 where it was not.</param>
        /// <param name="expected">What the uninterrupted run told, and how often.</param>
        public static Outcome Of(CrashWorld.Run run, int before, Dictionary<string, int> expected)
        {
            var told = Count(run.Cards);
            var lost = Beyond(expected, told);
            var more = Beyond(told, expected);
            // What is told twice must have been on the last card before the kill: the one in flight. It comes again as what it is by then.
            var inFlight = before > 0 ? CountTitles(run.Cards[before - 1].Alerts) : [];
            var beyond = Beyond(CountTitles(more), inFlight);
            List<string> wrong = [.. run.Faults, .. lost.Select(alert => $"lost: {alert}"), .. beyond.Select(alert => $"told once too often: {alert}")];
            if (before < 0)
            {
                wrong.Add("the process was not killed");
            }

            return new Outcome(lost.Count, more.Count > 0 && beyond.Count == 0, wrong);
        }

        /// <summary>Alerts without the first word, their severity or state.</summary>
        private static Dictionary<string, int> CountTitles(IEnumerable<string> alerts) => alerts
            .CountBy(alert => alert[(alert.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

        private static List<string> Beyond(Dictionary<string, int> left, Dictionary<string, int> right) =>
            [.. left.SelectMany(alert => Enumerable.Repeat(alert.Key, Math.Max(0, alert.Value - right.GetValueOrDefault(alert.Key))))];
    }
}
