using System.Collections.Concurrent;
using System.Globalization;
using AlertFunctions.Kql.Runtime;
using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Storage;

/// <summary>
/// One DuckDB database, in memory or in a file, and its connections: one for writing, and as many for reading as there are
/// concurrent queries. Nothing is ever fetched from the network.
/// </summary>
internal sealed class DuckDbStore : IDisposable
{
    private readonly ConcurrentBag<DuckDBConnection> _idle = [];
    private volatile bool _disposed;

    private readonly bool _isInMemory;

    private DuckDbStore(DuckDBConnection writer, bool isInMemory)
    {
        Writer = writer;
        Rows = new RowFeed(writer);
        _isInMemory = isInMemory;
    }

    /// <summary>The connection that changes tables and rows; whoever uses it holds <see cref="WriterGate"/>.</summary>
    public DuckDBConnection Writer { get; }

    /// <summary>Inserts rows through the writer.</summary>
    public RowFeed Rows { get; }

    public SemaphoreSlim WriterGate { get; } = new(1, 1);

    /// <exception cref="WorkspaceException">The file is no DuckDB database, or another process holds it.</exception>
    public static DuckDbStore Open(WorkspaceOptions options)
    {
        var filePath = options.FilePath;
        var connectionString = new DuckDBConnectionStringBuilder
        {
            DataSource = filePath ?? DuckDBConnectionStringBuilder.InMemoryDataSource,
            AutoinstallKnownExtensions = false,
            AutoloadKnownExtensions = false,
        };
        if (options.MemoryLimit is { } memoryLimit)
        {
            connectionString.MemoryLimit = memoryLimit;
        }

        var writer = new DuckDBConnection(connectionString.ConnectionString);
        try
        {
            writer.Open();
            writer.Execute("SET GLOBAL TimeZone = 'UTC'");
            if (options.Threads is { } threads)
            {
                writer.Execute($"SET GLOBAL threads = {threads.ToString(CultureInfo.InvariantCulture)}");
            }

            RuntimeFunctionRegistry.RegisterAll(writer, KqlRuntime.Functions);
            foreach (var statement in KqlRuntime.Prelude)
            {
                writer.Execute(statement);
            }

            return new DuckDbStore(writer, filePath is null);
        }
        catch (DuckDBException fault)
        {
            writer.Dispose();
            throw new WorkspaceException($"{filePath ?? "The database"} cannot be opened: {fault.Message}", fault);
        }
    }

    /// <summary>A connection for one query; <see cref="Return"/> takes it back.</summary>
    public DuckDBConnection Lease()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_idle.TryTake(out var connection))
        {
            return connection;
        }

        // DuckDB.NET shares a file's database by its path, but one in memory only by duplication.
        connection = _isInMemory ? Writer.Duplicate() : new DuckDBConnection(Writer.ConnectionString);
        connection.Open();
        return connection;
    }

    public void Return(DuckDBConnection connection)
    {
        if (_disposed)
        {
            connection.Dispose();
        }
        else
        {
            _idle.Add(connection);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }

        Writer.Dispose();
        WriterGate.Dispose();
    }
}
