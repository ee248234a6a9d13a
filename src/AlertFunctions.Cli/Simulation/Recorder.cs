using System.Globalization;
using System.Text.Json.Nodes;

namespace AlertFunctions.Cli.Simulation;

/// <summary>How long records of a source are under way, by learn.microsoft.com/azure/azure-monitor/logs/data-ingestion-time.</summary>
internal enum Source
{
    Agent,
    ResourceLog,
    ActivityLog,
}

/// <summary>Takes records down: gives them the standard columns, delays them, repeats a few, and drops what had not arrived by the end.</summary>
internal sealed class Recorder(DateTimeOffset now, Random random)
{
    private readonly List<SimulatedRecord> _records = [];

    public IReadOnlyList<SimulatedRecord> Records => _records;

    public void Add(string table, Source source, DateTimeOffset time, string resourceId, JsonObject fields)
    {
        var (least, most) = source switch
        {
            Source.Agent => (60, 180),
            Source.ResourceLog => (180, 600),
            Source.ActivityLog => (180, 1200),
            _ => throw new InvalidOperationException($"Unreachable: {source}"),
        };
        fields["TimeGenerated"] = Iso(time);
        fields["TenantId"] = Names.WorkspaceId;
        fields["Type"] = table;
        fields["SourceSystem"] = source == Source.Agent ? "Containers" : "Azure";
        fields["_ResourceId"] = resourceId.ToLowerInvariant();
        fields["_SubscriptionId"] = Names.Subscription;

        var received = time.AddSeconds(random.Next(least, most));
        Keep(table, received, fields);

        // Delivery is at least once: now and then a batch is sent again.
        if (random.Next(400) == 0)
        {
            Keep(table, received.AddSeconds(random.Next(20, 200)), fields.DeepClone().AsObject());
        }
    }

    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Kubernetes writes its times in whole seconds.</summary>
    public static string IsoSeconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private void Keep(string table, DateTimeOffset received, JsonObject fields)
    {
        if (received <= now)
        {
            fields["_TimeReceived"] = Iso(received);
            _records.Add(new(table, received, fields));
        }
    }
}
