using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>One query and what it runs over.</summary>
public sealed record LogQuery
{
    /// <summary>KQL text.</summary>
    public required string Text { get; init; }

    /// <summary>A workspace's id (GUID), or an Azure resource id (/subscriptions/...) for a query in that resource's scope.</summary>
    public required string Scope { get; init; }

    /// <summary>Limits TimeGenerated; without it the service reads all retained data. Basic tables demand it.</summary>
    public TimeRange? TimeRange { get; init; }

    /// <summary>Further workspaces (ids, resource ids or names) that the query also reads.</summary>
    public IReadOnlyList<string> AdditionalWorkspaces { get; init; } = [];

    /// <summary>
    /// Whether the tables are on the Basic or Auxiliary plan, which only the search endpoint reads.
    /// Source: learn.microsoft.com/azure/azure-monitor/logs/basic-logs-query.
    /// </summary>
    public bool UseSearch { get; init; }
}
