using System.Text.Json;

namespace AlertFunctions.Cli.Simulation;

/// <summary>
/// The last day of a small AKS cluster, its registry and its subscription, as Log Analytics would hold it: what a newcomer's first run shows, and what
/// tests of the whole path run on. Four things happen that must raise alerts (a container killed again and again, Owner granted, cluster-admin bound, an
/// image never scanned), amid much that must not.
/// </summary>
public static class ClusterSimulator
{
    /// <summary>The records that had been received by <see cref="SimulationOptions.Now"/>, in the order of their receipt.</summary>
    public static IReadOnlyList<SimulatedRecord> Run(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        var random = new Random(options.Seed);
        var story = new ClusterStory(options.Now, random);
        var recorder = new Recorder(options.Now, random);
        var start = options.Now.AddDays(-1);
        for (var time = start; time < options.Now; time += options.SnapshotInterval)
        {
            var isHour = (time - start).Ticks % TimeSpan.TicksPerHour < options.SnapshotInterval.Ticks;
            InventoryRecords.Write(recorder, story, time, isHour);
            MetricRecords.Write(recorder, story, time, random, isHour);
            LogRecords.WriteLogs(recorder, story, time, random);
        }

        LogRecords.WriteEvents(recorder, story, start);
        AuditRecords.Write(recorder, story, options.Now, random);
        ActivityRecords.Write(recorder, story, options.Now, random);
        RegistryRecords.Write(recorder, story, options.Now, random);
        return [.. recorder.Records.OrderBy(record => record.ReceivedAt)];
    }

    /// <summary>
    /// Writes the records as JSON lines, one file a table (<c>KubePodInventory.jsonl</c>), each record with <c>_TimeReceived</c>, which the workspace takes
    /// as its ingestion time. The folder is made where it is missing; files of the same names are replaced.
    /// </summary>
    /// <returns>How many records each table got.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> WriteAsync(string folder, SimulationOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);

        Directory.CreateDirectory(folder);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var table in Run(options).GroupBy(record => record.Table))
        {
            var lines = new MemoryStream();
            using (var json = new Utf8JsonWriter(lines))
            {
                foreach (var record in table)
                {
                    record.Fields.WriteTo(json);
                    await json.FlushAsync(cancellationToken);
                    lines.Write("\n"u8);
                    json.Reset();
                }
            }

            await File.WriteAllBytesAsync(Path.Combine(folder, table.Key + ".jsonl"), lines.ToArray(), cancellationToken);
            counts[table.Key] = table.Count();
        }

        return counts;
    }
}
