namespace AlertFunctions.Workspace.Execution;

/// <summary>A compiled query failed while it ran: an overflow, no memory, a fault of the engine.</summary>
public sealed class QueryExecutionException : Exception
{
    public QueryExecutionException(string message)
        : base(message)
    {
    }

    public QueryExecutionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
