using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Workspace;

namespace AlertFunctions.Cli.Replay;

/// <summary>When rows of each table became visible, to the minute: where nothing is new, nothing need be asked.</summary>
internal sealed class IngestionActivity
{
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    // Minutes in rising order.
    private readonly Dictionary<string, DateTimeOffset[]> _minutes;

    public IngestionActivity(IEnumerable<KeyValuePair<string, DateTimeOffset[]>> minutes) => _minutes = new(minutes, StringComparer.Ordinal);

    /// <summary>The first minute of any table and the end of the last; null where there are no rows.</summary>
    public TimeRange? Span
    {
        get
        {
            var filled = _minutes.Values.Where(minutes => minutes.Length > 0).ToList();
            return filled.Count == 0 ? null : new(filled.Min(minutes => minutes[0]), filled.Max(minutes => minutes[^1]) + Grain);
        }
    }

    /// <summary>Asks a workspace for the minutes of its tables.</summary>
    public static async Task<IngestionActivity> ReadAsync(
        EmbeddedWorkspace workspace, IEnumerable<string> tables, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var minutes = new List<KeyValuePair<string, DateTimeOffset[]>>();
        foreach (var table in tables)
        {
            var query = $"['{table}'] | summarize Rows = count() by Minute = bin(ingestion_time(), 1m) | sort by Minute asc | project Minute";
            var outcome = await workspace.QueryAsync(new QueryRequest(query, now), cancellationToken);
            if (outcome is not QueryAnswer answer)
            {
                throw new CommandFault($"The ingestion times of {table} cannot be read: {outcome}");
            }

            minutes.Add(new(table, [.. answer.Table.Rows.Select(row => row[0]).OfType<DateTimeOffset>()]));
        }

        return new(minutes);
    }

    /// <summary>The first minute in which a row of any of the tables can have become visible later than <paramref name="after"/>; null for none.</summary>
    public DateTimeOffset? Next(IEnumerable<string> tables, DateTimeOffset after)
    {
        DateTimeOffset? next = null;
        foreach (var table in tables)
        {
            if (_minutes.TryGetValue(table, out var minutes))
            {
                var first = Array.BinarySearch(minutes, after - Grain);
                first = first < 0 ? ~first : first;
                next = first < minutes.Length && !(next <= minutes[first]) ? minutes[first] : next;
            }
        }

        return next;
    }
}
