using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Execution;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>Answers queries. Rows go out as they are computed; a fault after the first of them is a PartialError of the answer.</summary>
internal sealed class QueryEndpoint(EmbeddedWorkspace workspace, WorkspaceServerOptions options)
{
    /// <param name="context">The request.</param>
    /// <param name="isSearch">Whether the path is the one for tables on the Basic plan, which asks for a time range and takes less of the language.</param>
    public async Task AnswerAsync(HttpContext context, bool isSearch)
    {
        var now = options.TimeProvider.GetUtcNow();
        var (parameters, error) = await QueryParameters.ReadAsync(context.Request, now, context.RequestAborted);
        if (error is not null)
        {
            await error.WriteAsync(context);
            return;
        }

        if (parameters is null)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            return;
        }

        var query = workspace.Compile(parameters.Query, new CompileOptions
        {
            Now = now.UtcDateTime,
            TimeRange = parameters.Timespan is { } range ? (range.Start.UtcDateTime, range.End.UtcDateTime) : null,
        });
        if (Refusal(parameters, query, isSearch) is { } refusal)
        {
            await refusal.WriteAsync(context);
            return;
        }

        await RunAsync(context, query);
    }

    private ApiError? Refusal(QueryParameters parameters, CompiledQuery query, bool isSearch) =>
        !query.Succeeded ? ApiError.OfText(parameters.Query, query.Diagnostics)
        : isSearch ? SearchRefusal(parameters, query)
        : query.Tables.Any(options.BasicTables.Contains) ? ApiError.BasicTable()
        : null;

    /// <remarks>
    /// Source: learn.microsoft.com/azure/azure-monitor/logs/basic-logs-query, and for the two messages about tables github.com/Azure/Azure-Sentinel/issues/12172.
    /// </remarks>
    private ApiError? SearchRefusal(QueryParameters parameters, CompiledQuery query)
    {
        var basic = query.Tables.Count(options.BasicTables.Contains);
        return parameters.Timespan is null ? ApiError.BadArgument("A search needs a timespan in the request.")
            : basic > 1 ? ApiError.BadArgument("The query should contain a single Basic or Auxiliary Logs table.")
            : query.Tables.Count - basic > BasicTableLint.MaxAnalyticsTables ? ApiError.BadArgument("The query should contain up to five Analytics Logs tables.")
            : BasicTableLint.Check(parameters.Query) is [var refused, ..] ? ApiError.BadArgument($"A search does not support {refused}.")
            : null;
    }

    private async Task RunAsync(HttpContext context, CompiledQuery query)
    {
        var preferences = Preferences.Of(context.Request);
        using var timeout = new CancellationTokenSource(preferences.Wait, options.TimeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        var answer = new QueryAnswerWriter(context, options);
        await using var disposal = answer;
        try
        {
            foreach (var result in query.Results)
            {
                await using var reader = await workspace.ExecuteAsync(query, result, stop.Token);
                await answer.WriteTableAsync(reader, stop.Token);
            }

            await answer.CompleteAsync(query, preferences);
        }
        catch (QueryExecutionException fault)
        {
            if (answer.HasStarted)
            {
                answer.AddFault(fault.Message);
                await answer.CompleteAsync(query, preferences);
            }
            else
            {
                await ApiError.BadArgument(fault.Message).WriteAsync(context);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            const string Message = "The query ran longer than the request was ready to wait.";
            if (answer.HasStarted)
            {
                answer.AddFault(Message);
                await answer.CompleteAsync(query, preferences);
            }
            else
            {
                await new ApiError(StatusCodes.Status504GatewayTimeout, "GatewayTimeout", Message).WriteAsync(context);
            }
        }
    }
}
