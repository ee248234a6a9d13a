using System.Text.Json;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// Runs KQL: Log Analytics in Azure, the embedded workspace on one machine. Implementations do not throw for what the world
/// does (no table, throttling, a fault of the service): those are outcomes.
/// </summary>
public interface IQueryEngine
{
    Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken);
}

/// <param name="Query">KQL text.</param>
/// <param name="Now">What <c>now()</c> means to an engine that can be told; a real service uses its own clock.</param>
/// <param name="TimeRange">Limits TimeGenerated of every table, as the API's <c>timespan</c>; null for no limit.</param>
/// <param name="Workspace">Which workspace to ask; null for the only one.</param>
/// <param name="VisibleAt">
/// For simulated clocks on the embedded workspace: rows ingested after this instant are not seen yet. Null sees all.
/// </param>
public sealed record QueryRequest(
    string Query,
    DateTimeOffset Now,
    TimeRange? TimeRange = null,
    string? Workspace = null,
    DateTimeOffset? VisibleAt = null);

/// <summary>A half-open interval of time, [Start, End).</summary>
public readonly record struct TimeRange(DateTimeOffset Start, DateTimeOffset End);

/// <summary>What came of a query.</summary>
public abstract record QueryOutcome
{
    private protected QueryOutcome()
    {
    }
}

/// <summary>The query ran. <paramref name="PartialError"/> tells why rows are missing, where the service cut the result.</summary>
public sealed record QueryAnswer(QueryTable Table, string? PartialError = null) : QueryOutcome;

/// <summary>A table that the query names does not exist in this workspace (yet).</summary>
public sealed record QueryTableNotFound(string Detail) : QueryOutcome;

/// <summary>The service asks to come back later.</summary>
public sealed record QueryThrottled(TimeSpan? RetryAfter, string Detail) : QueryOutcome;

/// <summary>The query was refused or the service failed. Retryable where the same query may succeed later.</summary>
public sealed record QueryFailed(string Detail, bool Retryable) : QueryOutcome;

/// <summary>A column of a result; Type is the service's name: bool, int, long, real, decimal, string, datetime, timespan, guid, dynamic.</summary>
public sealed record QueryColumn(string Name, string Type);

/// <summary>
/// A result. A cell is null or, by column type: bool <see cref="bool"/>, int <see cref="int"/>, long <see cref="long"/>,
/// real <see cref="double"/>, decimal <see cref="decimal"/>, string <see cref="string"/>, datetime <see cref="DateTimeOffset"/>
/// (UTC), timespan <see cref="TimeSpan"/>, guid <see cref="Guid"/>, dynamic <see cref="JsonElement"/>.
/// </summary>
public sealed record QueryTable(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);
