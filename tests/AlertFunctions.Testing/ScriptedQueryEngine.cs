using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Testing;

/// <summary>Answers queries by a function of the test's, and keeps what it was asked.</summary>
public sealed class ScriptedQueryEngine(Func<QueryRequest, QueryOutcome> answer) : IQueryEngine
{
    public List<QueryRequest> Requests { get; } = [];

    public Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add(request);
        return Task.FromResult(answer(request));
    }
}
