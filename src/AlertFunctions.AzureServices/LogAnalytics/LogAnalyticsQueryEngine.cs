using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// The Azure adapter of <see cref="IQueryEngine"/>. Rows beyond <see cref="LogAnalyticsOptions.MaxRows"/> or <see cref="LogAnalyticsOptions.MaxBytes"/> are not
/// kept, nor decoded: the answer says so in its partial error.
/// </summary>
public sealed class LogAnalyticsQueryEngine(LogAnalyticsClient client, LogAnalyticsOptions options, string defaultScope) : IQueryEngine
{
    /// <summary>A run that begins later than this after its time is told that time.</summary>
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    private readonly BasicTableQueries _basic = new(client.Time);

    public async Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.VisibleAt is not null)
        {
            throw new InvalidOperationException("Log Analytics shows every row it has; a simulated clock belongs to the embedded workspace.");
        }

        var isOnTime = (client.Time.GetUtcNow() - request.Now).Duration() <= OnTime;
        var text = isOnTime ? request.Query : QueryClock.Set(request.Query, request.Now);
        var query = new LogQuery { Text = text, Scope = request.Workspace ?? defaultScope, TimeRange = request.TimeRange };
        await using var result = await SendAsync(query, cancellationToken);
        if (result.Outcome is { } outcome)
        {
            return _basic.Contains(query) && outcome is QueryFailed { Retryable: false } refused ? Explain(query, refused) : outcome;
        }

        try
        {
            return await CollectAsync(result, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && WorldFault.Is(exception))
        {
            return new QueryFailed($"The answer broke off: {exception.Message}", Retryable: true);
        }
    }

    /// <summary>Asks the query endpoint, and the search endpoint where a table is on the Basic or Auxiliary plan.</summary>
    private async Task<LogQueryResult> SendAsync(LogQuery query, CancellationToken cancellationToken)
    {
        if (!_basic.Contains(query))
        {
            var result = await client.SendAsync(query, cancellationToken);
            if (!result.IsForSearch)
            {
                return result;
            }

            await result.DisposeAsync();
            _basic.Add(query);
        }

        return query.TimeRange is null
            ? LogQueryResult.Ended(new QueryFailed("A table of the query is on the Basic or Auxiliary plan, which is read over a range of time; none is given.", Retryable: false))
            : await client.SendAsync(query with { UseSearch = true }, cancellationToken);
    }

    /// <summary>The search endpoint refused the query. It may be for its plan, or because the plan has changed: the query endpoint is asked next.</summary>
    private QueryFailed Explain(LogQuery query, QueryFailed refused)
    {
        _basic.Remove(query);
        var found = BasicTableLint.Check(query.Text);
        return refused with
        {
            Detail = $"A table of the query is on the Basic or Auxiliary plan, whose queries read one such table and up to {BasicTableLint.MaxAnalyticsTables} on the Analytics plan"
                + $" by union and lookup{(found.Count == 0 ? "" : $"; this one has {string.Join(", ", found)}")}. Change the query, or the table's plan. {refused.Detail}",
        };
    }

    private async Task<QueryAnswer> CollectAsync(LogQueryResult result, CancellationToken cancellationToken)
    {
        var rows = new List<IReadOnlyList<object?>>();
        var bytes = 0L;
        while (rows.Count < options.MaxRows && bytes < options.MaxBytes && await result.ReadRowAsync(cancellationToken) is { } row)
        {
            rows.Add(row);
            bytes += RowSize.Of(row);
        }

        var dropped = await result.SkipRowsAsync(cancellationToken);
        var partial = dropped == 0 ? result.PartialError : $"{dropped} rows beyond the first {rows.Count} were not kept. {result.PartialError}".TrimEnd();
        return new QueryAnswer(new QueryTable(result.Columns, rows), partial);
    }
}
