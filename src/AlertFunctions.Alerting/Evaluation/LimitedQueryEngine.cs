using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>Asks no more than the identity may, whatever number of calls and processes want to ask.</summary>
public sealed class LimitedQueryEngine(IQueryEngine engine, QuerySlots slots) : IQueryEngine
{
    public async Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await slots.RunAsync(token => engine.QueryAsync(request, token), cancellationToken);
            if (outcome is QueryThrottled { RetryAfter: { } wait })
            {
                slots.Pause(wait);
            }

            return outcome;
        }
        catch (StateUnavailableException exception)
        {
            return new QueryFailed(exception.Message, Retryable: true);
        }
    }
}
