using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Execution;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace;

/// <summary>
/// A Log Analytics workspace inside this process: tables in DuckDB, filled from files or memory, asked in KQL. Safe for
/// concurrent use; a query sees the rows of every ingestion that ended before it began.
/// </summary>
public sealed class EmbeddedWorkspace : IQueryEngine, IKqlCatalog, IAsyncDisposable, IDisposable
{
    private EmbeddedWorkspace(WorkspaceOptions options)
    {
        _ = options;
    }

    /// <summary>Opens the workspace of a file, or a new empty one in memory.</summary>
    /// <exception cref="WorkspaceException">The file is not a workspace's, or a schema or watchlist cannot be read.</exception>
    public static EmbeddedWorkspace Open(WorkspaceOptions options) => new(options);

    public IEnumerable<TableSymbol> Tables => throw new NotImplementedException();

    public bool TryGetTable(string name, out TableSymbol table) => throw new NotImplementedException();

    public bool TryGetFunction(string name, out FunctionSymbol function) => throw new NotImplementedException();

    public bool TryGetWatchlist(string alias, out TableSymbol watchlist) => throw new NotImplementedException();

    /// <summary>Adds a saved function, or replaces the one of that name.</summary>
    public void AddFunction(FunctionSymbol function) => throw new NotImplementedException();

    /// <summary>Adds a watchlist, or replaces the one of that alias: the rows of a CSV file with a header line, every column a string.</summary>
    public Task<IngestReport> AddWatchlistAsync(string alias, string csvPath, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Compiles a query against this workspace's tables, functions and watchlists. The text's faults are diagnostics.</summary>
    public CompiledQuery Compile(string query, CompileOptions options) => throw new NotImplementedException();

    /// <summary>Starts a result of a compiled query; the caller reads and disposes it.</summary>
    /// <exception cref="QueryExecutionException">The engine refused or failed.</exception>
    public Task<ResultReader> ExecuteAsync(CompiledQuery query, CompiledResult result, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Compiles and runs a query and gives its first result.</summary>
    public Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Loads files, and every file below folders. README.md says which formats and how a record finds its table.</summary>
    public Task<IngestReport> IngestAsync(
        IReadOnlyList<string> paths, IProgress<IngestProgress>? progress, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Loads records from memory into a table.</summary>
    public Task<IngestReport> IngestAsync(string table, IEnumerable<IngestRow> rows, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
