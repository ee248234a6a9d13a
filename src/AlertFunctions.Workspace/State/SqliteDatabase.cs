using AlertFunctions.Alerting.State;
using Microsoft.Data.Sqlite;

namespace AlertFunctions.Workspace.State;

/// <summary>
/// One SQLite file for the state and the queues of one machine. Several processes may share it: every write is its own transaction, on disk
/// before it returns.
/// </summary>
public sealed class SqliteDatabase
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS document (
            partition TEXT NOT NULL, row TEXT NOT NULL, etag INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (partition, row)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS version (id INTEGER PRIMARY KEY CHECK (id = 0), last INTEGER NOT NULL);
        INSERT OR IGNORE INTO version VALUES (0, 0);
        CREATE TABLE IF NOT EXISTS work (
            id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, visible INTEGER NOT NULL, receipt INTEGER NOT NULL, deliveries INTEGER NOT NULL,
            text TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS work_visible ON work (queue, visible);
        """;

    private readonly Lock _writing = new();
    private readonly string _connectionString;

    /// <param name="path">The file; it is made, with its folder, where it is not there.</param>
    /// <exception cref="StateUnavailableException">The file cannot be opened or is no database.</exception>
    public SqliteDatabase(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var connection = Open();
            using var command = connection.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Unavailable(exception);
        }
    }

    /// <summary>Removes the file and what SQLite keeps beside it. Nothing happens where there is none.</summary>
    /// <exception cref="IOException">Another process uses it.</exception>
    public static void Delete(string path)
    {
        SqliteConnection.ClearAllPools();
        foreach (var suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            File.Delete(path + suffix);
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction that holds the write lock from its start, and commits it.</summary>
    /// <exception cref="StateUnavailableException">The database is locked by another for too long, full, or broken.</exception>
    internal T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work)
    {
        try
        {
            // SQLite lets writers in by turns of its own making, which are long: Microsoft.Data.Sqlite looks again after 150 ms.
            lock (_writing)
            {
                using var connection = Open();
                using var transaction = connection.BeginTransaction(deferred: false);
                var result = work(connection, transaction);
                transaction.Commit();
                return result;
            }
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }
    }

    /// <inheritdoc cref="Write"/>
    internal T Read<T>(Func<SqliteConnection, T> work)
    {
        try
        {
            using var connection = Open();
            return work(connection);
        }
        catch (SqliteException exception)
        {
            throw Unavailable(exception);
        }
    }

    private static StateUnavailableException Unavailable(Exception exception) =>
        new($"The state database cannot be used: {exception.Message}", exception);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();

            // Committed means on disk, also after a power cut: the notification log decides by it what is sent again.
            // Another process that writes is waited for by SQLite itself, which looks again within milliseconds.
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
