using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>Asks every monitored workspace the same.</summary>
/// <param name="engine">Runs the queries.</param>
/// <param name="catalogue">Gives the functions that the queries call.</param>
/// <param name="workspaces">The workspaces; empty for the only one of an embedded engine.</param>
public sealed class WorkspaceQueries(IQueryEngine engine, DetectionCatalogue catalogue, ImmutableArray<MonitoredWorkspace> workspaces)
{
    private readonly QueryComposer _composer = new(catalogue);

    /// <summary>The workspaces, or null for the only one.</summary>
    public IReadOnlyList<MonitoredWorkspace?> Workspaces { get; } = workspaces.IsEmpty ? [null] : [.. workspaces];

    /// <summary>The rows of all workspaces by column name, and why those of some are missing.</summary>
    public async Task<(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, IReadOnlyList<QueryOutcome> Faults)> AskAsync(
        string query, DateTimeOffset now, TimeSpan lookBack, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        var faults = new List<QueryOutcome>();
        var text = _composer.Compose(query);
        foreach (var workspace in Workspaces)
        {
            var outcome = await engine.QueryAsync(new QueryRequest(text, now, new TimeRange(now - lookBack, now), workspace?.Id), cancellationToken);
            if (outcome is QueryAnswer { Table: var table })
            {
                rows.AddRange(table.Rows.Select(row => table.Columns.Zip(row).ToDictionary(c => c.First.Name, c => c.Second, StringComparer.Ordinal)));
            }
            else
            {
                faults.Add(outcome);
            }
        }

        return (rows, faults);
    }

    /// <summary>What went wrong, in words.</summary>
    public static string DetailOf(QueryOutcome outcome) => outcome switch
    {
        QueryTableNotFound missing => missing.Detail,
        QueryThrottled throttled => $"throttled: {throttled.Detail}",
        QueryFailed failed => failed.Detail,
        _ => throw new System.Diagnostics.UnreachableException($"Query outcome {outcome.GetType().Name}."),
    };
}
