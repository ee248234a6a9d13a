using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.LogAnalytics;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;

namespace AlertFunctions.Proofs.Late;

/// <summary>What a way of asking made of the day's events.</summary>
/// <param name="Way">How it asked.</param>
/// <param name="Once">Events that alerted exactly once.</param>
/// <param name="Missed">Events that never alerted.</param>
/// <param name="Again">Events that alerted more than once.</param>
internal sealed record LateColumn(string Way, int Once, int Missed, int Again)
{
    public static LateColumn Of(string way, SimulatedDay day, IReadOnlyDictionary<string, int> told)
    {
        var counts = day.Events.Select(e => told.GetValueOrDefault(e.Name)).ToArray();
        return new LateColumn(way, counts.Count(c => c == 1), counts.Count(c => c == 0), counts.Count(c => c > 1));
    }
}

/// <summary>What came of it; ours is the first column.</summary>
internal sealed record LateReport(int Events, ImmutableArray<LateColumn> Columns)
{
    public bool Holds => Columns[0].Once == Events;
}

/// <summary>
/// Runs a day of late records through the runner and the pipeline, and beside it, against the same service at the same times, asks as alert rules
/// commonly do: by event time over the last minutes.
/// </summary>
internal static class LateProof
{
    public static async Task<LateReport> RunAsync(DayOptions options, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var day = SimulatedDay.Of(options);
        await using var logs = await LogService.StartAsync(day, cancellationToken);
        var service = LogAnalyticsOptions.AzurePublic with { Endpoint = logs.Address };
        var engine = new LogAnalyticsQueryEngine(new LogAnalyticsClient(service, new NoCredential(), logs.Clock), service, "day");
        var receiver = new CollectingNotifier();
        using var app = new SimulatedApp(
            options,
            engine,
            new MemoryStateStore(),
            new Dictionary<string, INotifier>(StringComparer.Ordinal) { [DayDetections.Receiver] = receiver },
            DayDetections.Routes,
            TimeProvider.System);
        var (plain, wider) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        var ticks = day.Ticks.ToArray();
        foreach (var (index, tick) in ticks.Index())
        {
            await logs.MoveToAsync(tick, cancellationToken);
            await app.TickAsync(tick, cancellationToken);
            foreach (var name in await AskAsync(engine, tick, TimeSpan.FromMinutes(5), cancellationToken))
            {
                plain[name] = plain.GetValueOrDefault(name) + 1;
            }

            foreach (var name in await AskAsync(engine, tick, TimeSpan.FromMinutes(15), cancellationToken))
            {
                wider[name] = 1;
            }

            progress.Report(new(index, ticks.Length, string.Create(CultureInfo.InvariantCulture, $"{tick:HH:mm}")));
        }

        var ours = receiver.Taken.SelectMany(notification => notification.Group.Alerts)
            .Where(alert => alert.Labels.ContainsKey("Name"))
            .CountBy(alert => alert.Labels["Name"], StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return new LateReport(
            day.Events.Length,
            [
                LateColumn.Of("this app", day, ours),
                LateColumn.Of("every 5 min, the last 5 min", day, plain),
                LateColumn.Of("every 5 min, the last 15 min, told once", day, wider),
            ]);
    }

    private static async Task<IEnumerable<string>> AskAsync(
        LogAnalyticsQueryEngine engine, DateTimeOffset now, TimeSpan lookBack, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"KubeEvents | where TimeGenerated > ago({lookBack.TotalMinutes}m) | distinct Name");
        return await engine.QueryAsync(new QueryRequest(query, now), cancellationToken) is QueryAnswer answer
            ? answer.Table.Rows.Select(row => (string)row[0]!)
            : throw new InvalidOperationException("The log service refused the question.");
    }
}
