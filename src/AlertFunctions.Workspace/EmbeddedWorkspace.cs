using System.Diagnostics.CodeAnalysis;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Execution;
using AlertFunctions.Workspace.Ingestion;
using AlertFunctions.Workspace.Ingestion.Sources;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace;

/// <summary>
/// A Log Analytics workspace inside this process: tables in DuckDB, filled from files or memory, asked in KQL. Safe for
/// concurrent use; a query sees the rows of every ingestion that ended before it began.
/// </summary>
public sealed class EmbeddedWorkspace : IQueryEngine, IKqlCatalog, IAsyncDisposable, IDisposable
{
    private readonly DuckDbStore _database;
    private readonly WorkspaceCatalog _catalog;
    private readonly QueryRunner _runner;
    private readonly TimeProvider _timeProvider;

    private EmbeddedWorkspace(DuckDbStore database, WorkspaceCatalog catalog, TimeProvider timeProvider)
    {
        _database = database;
        _catalog = catalog;
        _timeProvider = timeProvider;
        _runner = new QueryRunner(database, catalog);
    }

    public IEnumerable<TableSymbol> Tables => _catalog.Tables;

    /// <summary>Every table that a query may name, whether it holds rows or not.</summary>
    internal IEnumerable<TableSymbol> KnownTables => _catalog.KnownTables;

    internal IEnumerable<FunctionSymbol> Functions => _catalog.Functions;

    /// <summary>Opens the workspace of a file, or a new empty one in memory.</summary>
    /// <exception cref="WorkspaceException">The file is not a workspace's, or a schema or watchlist cannot be read.</exception>
    public static EmbeddedWorkspace Open(WorkspaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var schemas = options.SchemaFolder is { } folder ? SchemaFolder.Load(folder) : [];
        var database = DuckDbStore.Open(options);
        try
        {
            var catalog = new WorkspaceCatalog(new TableStore(database.Writer), schemas);
            var workspace = new EmbeddedWorkspace(database, catalog, options.TimeProvider);
            foreach (var function in options.Functions)
            {
                workspace.AddFunction(function);
            }

            workspace.AddWatchlists(options.WatchlistFolder);
            return workspace;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public bool TryGetTable(string name, [MaybeNullWhen(false)] out TableSymbol table) => _catalog.TryGetTable(name, out table);

    public bool TryGetFunction(string name, [MaybeNullWhen(false)] out FunctionSymbol function) => _catalog.TryGetFunction(name, out function);

    public bool TryGetWatchlist(string alias, [MaybeNullWhen(false)] out TableSymbol watchlist) => _catalog.TryGetWatchlist(alias, out watchlist);

    /// <summary>Adds a saved function, or replaces the one of that name.</summary>
    public void AddFunction(FunctionSymbol function) => _catalog.AddFunction(function);

    /// <summary>
    /// Adds a watchlist, or replaces the one of that alias: the rows of a CSV file with a header line, every column a string.
    /// </summary>
    public Task<IngestReport> AddWatchlistAsync(string alias, string csvPath, CancellationToken cancellationToken) =>
        WriteAsync(tally => AddWatchlist(alias, csvPath, tally, cancellationToken), cancellationToken);

    /// <summary>Compiles a query against this workspace's tables, functions and watchlists. The text's faults are diagnostics.</summary>
    public CompiledQuery Compile(string query, CompileOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return KqlCompiler.Compile(query, this, options with { ReadTexts = options.ReadTexts ?? _runner.ReadTexts });
    }

    /// <summary>Starts a result of a compiled query; the caller reads and disposes it.</summary>
    /// <exception cref="QueryExecutionException">The engine refused or failed.</exception>
    public Task<ResultReader> ExecuteAsync(CompiledQuery query, CompiledResult result, CancellationToken cancellationToken) =>
        _runner.ExecuteAsync(query, result, cancellationToken);

    /// <summary>Compiles and runs a query and gives its first result.</summary>
    public async Task<QueryOutcome> QueryAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var compiled = Compile(request.Query, new CompileOptions
        {
            Now = request.Now.UtcDateTime,
            TimeRange = request.TimeRange is { } range ? (range.Start.UtcDateTime, range.End.UtcDateTime) : null,
            VisibleAt = request.VisibleAt?.UtcDateTime,
        });
        return await QueryOutcomes.RunAsync(_runner, request.Query, compiled, cancellationToken);
    }

    /// <summary>Loads files, and every file below folders. README.md says which formats and how a record finds its table.</summary>
    public Task<IngestReport> IngestAsync(
        IReadOnlyList<string> paths, IProgress<IngestProgress>? progress, CancellationToken cancellationToken) =>
        WriteAsync(
            tally =>
            {
                var faults = new List<IngestFault>();
                var files = SourceFile.Find(paths, _catalog.TableNameOf, faults);
                faults.ForEach(tally.AddFault);
                new FileLoader(NewLoader(), _database).Load(files, tally, progress, cancellationToken);
            },
            cancellationToken);

    /// <summary>Loads records from memory into a table; the report's lines are their numbers, from 1.</summary>
    /// <exception cref="ArgumentException">There can be no table of this name.</exception>
    public Task<IngestReport> IngestAsync(string table, IEnumerable<IngestRow> rows, CancellationToken cancellationToken)
    {
        if (_catalog.Define(table) is null)
        {
            throw new ArgumentException($"There is no table {table}; a custom table's name ends with _CL.", nameof(table));
        }

        return WriteAsync(
            tally =>
            {
                tally.Begin(table);
                NewLoader().Load(RowsSource.Read(rows), table, tally, progress: null, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Whether a table of this name exists or comes to exist with its first record.</summary>
    internal bool CanHold(string table) => _catalog.Define(table) is not null;

    public void Dispose() => _database.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private SourceLoader NewLoader() =>
        new(_database, _catalog.Store, _catalog.Define, () => _timeProvider.GetUtcNow().UtcTicks);

    private void AddWatchlists(string? folder)
    {
        if (folder is null)
        {
            return;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            var tally = new IngestTally();
            AddWatchlist(Path.GetFileNameWithoutExtension(path), path, tally, CancellationToken.None);
            if (tally.ToReport().Faults is [var fault, ..])
            {
                throw new WorkspaceException(fault.ToString());
            }
        }
    }

    private void AddWatchlist(string alias, string csvPath, IngestTally tally, CancellationToken cancellationToken)
    {
        tally.Begin(csvPath);
        try
        {
            var table = _catalog.ReplaceWatchlist(alias, csvPath);
            NewLoader().Load(Watchlist.Read(csvPath), table.Name, tally, progress: null, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            tally.AddFault(new IngestFault(IngestSeverity.Error, csvPath, 0, $"the file cannot be read: {fault.Message}"));
        }
    }

    private async Task<IngestReport> WriteAsync(Action<IngestTally> write, CancellationToken cancellationToken)
    {
        await _database.WriterGate.WaitAsync(cancellationToken);
        try
        {
            var tally = new IngestTally();
            await Task.Run(() => write(tally), cancellationToken);
            return tally.ToReport();
        }
        finally
        {
            _database.WriterGate.Release();
        }
    }
}
