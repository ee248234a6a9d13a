using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Cli.Simulation;
using TestRepository = AlertFunctions.Testing.Repository;

namespace AlertFunctions.Cli.Tests.Simulation;

public sealed class ClusterSimulatorTests
{
    private static readonly SimulationOptions Options = new();
    private static readonly Lazy<IReadOnlyList<SimulatedRecord>> Day = new(() => ClusterSimulator.Run(Options));
    private static readonly string[] StandardColumns =
        ["TenantId", "TimeGenerated", "Type", "SourceSystem", "_ResourceId", "_SubscriptionId", "_TimeReceived"];

    [Fact]
    public void Run_TheSameOptions_GivesTheSameRecords() =>
        Assert.Equal(Day.Value.Select(Text), ClusterSimulator.Run(Options).Select(Text));

    [Fact]
    public void Run_AnotherSeed_TellsTheSameStoryWithOtherNames()
    {
        var other = ClusterSimulator.Run(Options with { Seed = 2 });

        Assert.Equal(Kills(Day.Value).Count, Kills(other).Count);
        Assert.Empty(Kills(Day.Value).Intersect(Kills(other)));
    }

    [Fact]
    public void Run_EveryRecord_ArrivedWithinTheDayAndAfterItWasMade() => Assert.All(Day.Value, record =>
    {
        var made = Time(record, "TimeGenerated");
        Assert.InRange(record.ReceivedAt, made, Options.Now);
        Assert.InRange(record.ReceivedAt - made, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(25));
        Assert.Equal(Time(record, "_TimeReceived"), record.ReceivedAt, TimeSpan.FromSeconds(1));
    });

    [Fact]
    public void Run_EveryColumn_IsOneOfItsTable()
    {
        Assert.SkipUnless(Directory.Exists(TestRepository.Shared("schemas")), "The tables' columns lie beside the repository on developers' machines.");

        foreach (var table in Day.Value.GroupBy(record => record.Table))
        {
            var schema = JsonNode.Parse(File.ReadAllText(TestRepository.Shared("schemas", table.Key + ".json")))!;
            var columns = schema["columns"]!.AsArray().Select(column => column!["name"]!.GetValue<string>()).Concat(StandardColumns).ToHashSet();
            Assert.All(table.SelectMany(record => record.Fields).Select(field => field.Key).Distinct(), name => Assert.Contains(name, columns));
        }
    }

    [Fact]
    public void Run_TheLeak_KillsOnOneNodeFirstAndThenOnAll()
    {
        var kills = Kills(Day.Value).OrderBy(kill => kill.FinishedAt).ToList();

        Assert.Equal(8, kills.Count);
        Assert.Single(kills.Take(3).Select(kill => kill.Node).Distinct());
        Assert.Equal(3, kills.Select(kill => kill.Node).Distinct().Count());
    }

    [Fact]
    public void Run_BeforeEachKill_MemoryIsAtTheLimit()
    {
        var samples = Day.Value
            .Where(record => record.Table == "Perf" && record.Fields["CounterName"]!.GetValue<string>() == "memoryWorkingSetBytes")
            .ToLookup(record => record.Fields["InstanceName"]!.GetValue<string>());

        Assert.All(Kills(Day.Value), kill =>
        {
            var before = samples[kill.Instance].Where(record => Time(record, "TimeGenerated") < kill.FinishedAt
                && Time(record, "TimeGenerated") > kill.FinishedAt.AddMinutes(-10));
            Assert.InRange(before.Max(record => record.Fields["CounterValue"]!.GetValue<double>()), 0.9 * 512 * 1024 * 1024, 512 * 1024 * 1024);
        });
    }

    [Fact]
    public void Run_RepeatsSomeRecords() => Assert.InRange(
        Day.Value.Count - Day.Value.DistinctBy(record =>
        {
            var fields = record.Fields.DeepClone().AsObject();
            fields.Remove("_TimeReceived");
            return record.Table + fields.ToJsonString();
        }).Count(),
        10,
        Day.Value.Count / 100);

    [Fact]
    public void Run_OtherOwnerBindingsAndPushes_AreThereToBeIgnored()
    {
        Assert.Contains(Day.Value, record => record.Table == "AKSAudit" && record.Fields["ResponseStatus"]!["code"]!.GetValue<int>() == 403);
        Assert.Contains(Day.Value, record => record.Table == "AzureActivity" && record.Fields["ActivityStatusValue"]!.GetValue<string>() == "Failure");
        Assert.Contains(Day.Value, record => record.Table == "KubePodInventory" && record.Fields["ContainerStatusReason"]!.GetValue<string>() == "CrashLoopBackOff");
        var pushes = Day.Value.Where(record => record.Table == "ContainerRegistryRepositoryEvents").ToLookup(record => record.Fields["OperationName"]!.GetValue<string>());
        Assert.InRange(pushes["Pull"].Count(), 5, pushes["Push"].Count());
    }

    [Fact]
    public async Task WriteAsync_AFolder_HoldsALineForEachRecord()
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-day-").FullName;
        try
        {
            var counts = await ClusterSimulator.WriteAsync(folder, Options, TestContext.Current.CancellationToken);

            Assert.Equal(Day.Value.Count, counts.Values.Sum());
            Assert.Equal(counts.Keys.Select(table => table + ".jsonl"), Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            foreach (var (table, count) in counts)
            {
                var lines = await File.ReadAllLinesAsync(Path.Combine(folder, table + ".jsonl"), TestContext.Current.CancellationToken);
                Assert.Equal(count, lines.Length);
                Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static HashSet<(string Node, string Instance, DateTimeOffset FinishedAt)> Kills(IReadOnlyList<SimulatedRecord> records) =>
    [
        .. from record in records
           where record.Table == "KubePodInventory"
           let last = JsonNode.Parse(record.Fields["ContainerLastStatus"]!.GetValue<string>())!
           where last["reason"]?.GetValue<string>() == "OOMKilled"
           select (
               record.Fields["Computer"]!.GetValue<string>(),
               record.Fields["InstanceName"]!.GetValue<string>(),
               DateTimeOffset.Parse(last["finishedAt"]!.GetValue<string>(), CultureInfo.InvariantCulture)),
    ];

    private static string Text(SimulatedRecord record) => record.Table + record.Fields.ToJsonString();

    private static DateTimeOffset Time(SimulatedRecord record, string column) =>
        DateTimeOffset.Parse(record.Fields[column]!.GetValue<string>(), CultureInfo.InvariantCulture);
}
