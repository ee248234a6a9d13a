using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Proofs.Day;

/// <summary>
/// A day of a cluster: containers that are killed and images that cannot be pulled, each told once or twice, late and out of order; and nodes
/// that say every five minutes whether they are ready, some of them off and on.
/// </summary>
internal sealed class SimulatedDay
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(5);

    private SimulatedDay(DayOptions options, ImmutableArray<DayEvent> events, ImmutableArray<DayRecord> records)
    {
        Options = options;
        Events = events;
        Records = records;
    }

    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public DayOptions Options { get; }

    /// <summary>What happened, by name.</summary>
    public ImmutableArray<DayEvent> Events { get; }

    /// <summary>In the order in which queries begin to see them.</summary>
    public ImmutableArray<DayRecord> Records { get; }

    /// <summary>The times at which detections run, until the last record can matter no more.</summary>
    public IEnumerable<DateTimeOffset> Ticks
    {
        get
        {
            var end = Start + Options.Length + Options.Lateness + Options.Hidden + (4 * Options.Tick);
            for (var tick = Start + Options.Tick; tick <= end; tick += Options.Tick)
            {
                yield return tick;
            }
        }
    }

    public static SimulatedDay Of(DayOptions options)
    {
        var random = new Random(options.Seed);
        var events = ImmutableArray.CreateBuilder<DayEvent>();
        var records = new List<DayRecord>();
        for (var i = 0; i < options.Events; i++)
        {
            var happened = Start + (options.Length * random.NextDouble());
            var name = string.Create(CultureInfo.InvariantCulture, $"pod-{i:0000}");
            events.Add(new DayEvent(name, happened));
            for (var copy = 0; copy < (i % 3 == 0 ? 2 : 1); copy++)
            {
                records.Add(EventRecord(options, random, i, name, happened));
            }
        }

        for (var node = 0; node < options.Nodes; node++)
        {
            AddNode(options, random, node, records);
        }

        return new SimulatedDay(options, events.ToImmutable(), [.. records.OrderBy(r => r.VisibleAt).ThenBy(r => r.Row.IngestedAt)]);
    }

    private static DayRecord EventRecord(DayOptions options, Random random, int index, string name, DateTimeOffset happened)
    {
        var ingested = happened + (options.Lateness * random.NextDouble());
        return new DayRecord(
            "KubeEvents",
            new IngestRow(
                new Dictionary<string, object?>
                {
                    ["TimeGenerated"] = happened,
                    ["Name"] = name,
                    ["Namespace"] = string.Create(CultureInfo.InvariantCulture, $"team-{index % 10}"),
                    ["ObjectKind"] = "Pod",
                    ["Reason"] = index % 4 == 0 ? "Failed" : "OOMKilling",
                    ["ClusterName"] = "prod",
                },
                ingested),
            ingested + (options.Hidden * random.NextDouble()));
    }

    /// <summary>A node is not ready for some stretches of half an hour or more; in some of them one report in three says that it is.</summary>
    private static void AddNode(DayOptions options, Random random, int node, List<DayRecord> records)
    {
        var (down, flapping) = (false, false);
        var until = Start;
        for (var time = Start + TimeSpan.FromSeconds(node); time < Start + options.Length; time += Heartbeat)
        {
            if (time >= until)
            {
                down = until > Start && !down;
                flapping = random.Next(2) == 0;
                until = time + (down ? TimeSpan.FromMinutes(30 + random.Next(60)) : TimeSpan.FromHours(2 + random.Next(6)));
            }

            var ready = !down || (flapping && random.Next(3) == 0);
            var ingested = time + TimeSpan.FromSeconds(random.Next(10, 60));
            records.Add(new DayRecord(
                "KubeNodeInventory",
                new IngestRow(
                    new Dictionary<string, object?>
                    {
                        ["TimeGenerated"] = time,
                        ["Computer"] = string.Create(CultureInfo.InvariantCulture, $"node-{node}"),
                        ["ClusterName"] = "prod",
                        ["Status"] = ready ? "Ready" : "MemoryPressure",
                    },
                    ingested),
                ingested + (options.Hidden * random.NextDouble())));
        }
    }
}

/// <summary>Something that happened and must alert once.</summary>
internal sealed record DayEvent(string Name, DateTimeOffset Happened);
