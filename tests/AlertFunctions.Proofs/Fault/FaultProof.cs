using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.LogAnalytics;
using AlertFunctions.AzureServices.Storage;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage;

namespace AlertFunctions.Proofs.Fault;

/// <summary>How the fault proof is run.</summary>
internal sealed record FaultOptions
{
    public DayOptions Day { get; init; } = new() { Events = 120, Tick = TimeSpan.FromMinutes(5) };

    /// <value>The share of queries that fail. Default: a fifth.</value>
    public double LogService { get; init; } = 0.2;

    /// <value>The share of storage requests that fail. Default: one in twenty; a start takes some twenty of them.</value>
    public double Store { get; init; } = 0.05;

    /// <value>The share of requests to the queue that fail. Default: a fifth.</value>
    public double Queue { get; init; } = 0.2;

    /// <value>The share of posts that fail. Default: four in ten.</value>
    public double Receiver { get; init; } = 0.4;

    /// <value>How long the day goes on after its last record, so that what is tried again later comes.</value>
    public TimeSpan Aftermath { get; init; } = TimeSpan.FromHours(6);
}

/// <summary>What a service was asked and how it failed.</summary>
internal sealed record FaultLine(string Service, int Requests, int Faults);

/// <summary>What a receiver was told, or what was worked of a queue.</summary>
/// <param name="Receiver">Its name.</param>
/// <param name="Expected">Events or items that had to arrive.</param>
/// <param name="Lost">Those that did not.</param>
/// <param name="Repeated">Those that came again.</param>
/// <param name="InFlight">Of those, how many were in flight at a fault.</param>
internal sealed record DeliveryLine(string Receiver, int Expected, int Lost, int Repeated, int InFlight);

/// <summary>What came of it.</summary>
internal sealed record FaultReport(ImmutableArray<FaultLine> Services, ImmutableArray<DeliveryLine> Deliveries, int LateAtTheOther)
{
    public bool Holds => Deliveries.All(line => line.Lost == 0 && line.Repeated == line.InFlight) && LateAtTheOther == 0;
}

/// <summary>
/// Runs a day while everything around the app fails at random, over real HTTP. A notification is in flight from its being posted until its record is
/// stored: where a fault falls between the two, it is told again, and nothing else is.
/// </summary>
internal sealed class FaultProof(
    FaultOptions options, Uri tables, TableSharedKeyCredential credential, Uri queues, StorageSharedKeyCredential queueCredential)
{
    private const string Failing = "failing";
    private const string Steady = "steady";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly Routes Routes = new()
    {
        Root = new Route
        {
            Id = "root",
            Receiver = Steady,
            Routes =
            [
                RouteTo(Failing) with { Continue = true },
                RouteTo(Steady),
            ],
        },
        StormLimit = 10_000,
    };

    private readonly SimulatedDay _day = SimulatedDay.Of(options.Day);

    public async Task<FaultReport> RunAsync(IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var all = await RunDayAsync(options, "everything fails", progress, cancellationToken);
        var one = await RunDayAsync(options with { LogService = 0, Store = 0, Receiver = 1 }, "one receiver fails", progress, cancellationToken);
        var none = await RunDayAsync(options with { LogService = 0, Store = 0, Receiver = 0 }, "nothing fails", progress, cancellationToken);
        var late = FirstTold(none.Cards[Steady]).Count(told => FirstTold(one.Cards[Steady]).GetValueOrDefault(told.Key, DateTimeOffset.MaxValue) > told.Value);
        var queueFaults = new FaultSource(options.Queue, options.Day.Seed + 4);
        var queue = await new QueueFaultProof(queues, queueCredential, queueFaults).RunAsync(cancellationToken);
        return new FaultReport(
            [.. all.Services, LineOf("queue", queueFaults)], [.. all.Cards.Keys.Select(receiver => LineOf(receiver, all)), queue], late);
    }

    private static Route RouteTo(string receiver) => new()
    {
        Id = $"root/{receiver}",
        Receiver = receiver,
        Matchers = [Matcher.Parse("detection=~proof/.*", out _)!],
        GroupBy = ["detection", "Namespace"],
        GroupWait = TimeSpan.FromSeconds(30),
        GroupInterval = TimeSpan.FromMinutes(5),
    };

    private async Task<DayOutcome> RunDayAsync(FaultOptions rates, string what, IProgress<Step> progress, CancellationToken cancellationToken)
    {
        var (logFaults, storeFaults) = (new FaultSource(rates.LogService, options.Day.Seed), new FaultSource(rates.Store, options.Day.Seed + 1));
        var receiverFaults = new FaultSource(rates.Receiver, options.Day.Seed + 2);
        await using var logs = await LogService.StartAsync(_day, cancellationToken);
        await using var logProxy = await FaultProxy.StartAsync(logs.Address, logFaults);
        await using var storeProxy = await FaultProxy.StartAsync(tables, storeFaults);
        await using var failing = await FaultyReceiver.StartAsync(receiverFaults);
        // The other one fails only where everything does.
        await using var steady = await FaultyReceiver.StartAsync(
            rates.Store > 0 ? new FaultSource(rates.Receiver, options.Day.Seed + 3) : new FaultSource(0, 0));
        using var impatient = new HttpClient { Timeout = Patience };
        var service = LogAnalyticsOptions.AzurePublic with { Endpoint = logProxy.Address, MaxRetries = 0 };
        var store = await StoreAsync(storeProxy.Address, impatient, cancellationToken);
        using var app = new SimulatedApp(
            options.Day,
            new LogAnalyticsQueryEngine(
                new LogAnalyticsClient(service, new NoCredential(), logs.Clock, new HttpClientTransport(impatient)), service, "day"),
            store,
            new Dictionary<string, INotifier>(StringComparer.Ordinal) { [Failing] = failing.Notifier, [Steady] = steady.Notifier },
            Routes,
            TimeProvider.System);

        var broken = new HashSet<DateTimeOffset>();
        var ticks = Ticks().ToArray();
        foreach (var (index, tick) in ticks.Index())
        {
            await logs.MoveToAsync(tick, cancellationToken);
            (failing.Tick, steady.Tick) = (tick, tick);
            try
            {
                await app.TickAsync(tick, cancellationToken);
            }
            catch (StateUnavailableException)
            {
                broken.Add(tick);
            }

            progress.Report(new(index, ticks.Length, string.Create(CultureInfo.InvariantCulture, $"{what}, {tick:HH:mm}")));
        }

        return new DayOutcome(
            new Dictionary<string, IReadOnlyList<TakenCard>>(StringComparer.Ordinal) { [Failing] = failing.Taken, [Steady] = steady.Taken },
            broken,
            [LineOf("log service", logFaults), LineOf("store", storeFaults), LineOf("failing receiver", receiverFaults)]);
    }

    private IEnumerable<DateTimeOffset> Ticks()
    {
        var last = SimulatedDay.Start;
        foreach (var tick in _day.Ticks)
        {
            yield return last = tick;
        }

        for (var end = last + options.Aftermath; last < end;)
        {
            yield return last += options.Day.Tick;
        }
    }

    private async Task<TableStateStore> StoreAsync(Uri address, HttpClient impatient, CancellationToken cancellationToken)
    {
        var name = $"t{Guid.NewGuid():N}";
        await new TableClient(tables, name, credential).CreateAsync(cancellationToken);
        var retries = new TableClientOptions { Transport = new HttpClientTransport(impatient) };
        retries.Retry.MaxRetries = 0;
        return new TableStateStore(new TableClient(address, name, credential, retries));
    }

    private DeliveryLine LineOf(string receiver, DayOutcome day)
    {
        var told = EventsOf(day.Cards[receiver].SelectMany(card => card.Alerts)).CountBy(name => name, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        // In flight: taken without the sender's knowing, or taken in a tick in which the store failed, the last card of it.
        var inFlight = day.Cards[receiver].Where(card => card.IsAnswerLost)
            .Concat(day.Cards[receiver].Where(card => !card.IsAnswerLost && day.Broken.Contains(card.Tick)).GroupBy(card => card.Tick).Select(tick => tick.Last()))
            .SelectMany(card => EventsOf(card.Alerts)).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return new DeliveryLine(
            receiver,
            _day.Events.Length,
            _day.Events.Count(e => !told.ContainsKey(e.Name)),
            told.Values.Sum(count => count - 1),
            told.Sum(name => Math.Min(name.Value - 1, inFlight.GetValueOrDefault(name.Key))));
    }

    /// <summary>When each event was first told.</summary>
    private static Dictionary<string, DateTimeOffset> FirstTold(IReadOnlyList<TakenCard> cards) => cards
        .SelectMany(card => EventsOf(card.Alerts).Select(name => (Name: name, card.Tick)))
        .GroupBy(told => told.Name, StringComparer.Ordinal)
        .ToDictionary(told => told.Key, told => told.Min(t => t.Tick), StringComparer.Ordinal);

    /// <summary>The names of the events among a card's alerts; nodes come and go as the queries that fail let them.</summary>
    private static IEnumerable<string> EventsOf(IEnumerable<string> alerts) =>
        alerts.Select(alert => alert.Split(' ')).Where(words => words[1].StartsWith("pod-", StringComparison.Ordinal)).Select(words => words[1]);

    private static FaultLine LineOf(string service, FaultSource faults) => new(
        service, faults.Counts.Values.Sum(), faults.Counts.Where(count => count.Key != FaultKind.None).Sum(count => count.Value));

    private sealed record DayOutcome(Dictionary<string, IReadOnlyList<TakenCard>> Cards, HashSet<DateTimeOffset> Broken, ImmutableArray<FaultLine> Services);
}
