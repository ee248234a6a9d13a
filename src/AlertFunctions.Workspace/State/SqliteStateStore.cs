using System.Globalization;
using System.Runtime.CompilerServices;
using AlertFunctions.Alerting.State;
using Microsoft.Data.Sqlite;

namespace AlertFunctions.Workspace.State;

/// <summary>The state of one machine, in SQLite.</summary>
public sealed class SqliteStateStore(SqliteDatabase database) : IStateStore
{
    /// <summary>How many documents of a range are in memory at a time.</summary>
    private const int PageSize = 500;

    public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        StateLimits.CheckKey(partition);
        StateLimits.CheckKey(row);
        var document = database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT row, content, etag FROM document WHERE partition = $partition AND row = $row";
            command.Parameters.AddWithValue("$partition", partition);
            command.Parameters.AddWithValue("$row", row);
            using var reader = command.ExecuteReader();
            return reader.Read() ? Document(reader) : null;
        });
        return Task.FromResult(document);
    }

    public async IAsyncEnumerable<StateDocument> ReadRangeAsync(
        string partition, string? from, string? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StateLimits.CheckKey(partition);
        string? after = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = ReadPage(partition, from, after, to);
            foreach (var document in page)
            {
                yield return document;
            }

            if (page.Count < PageSize)
            {
                break;
            }

            after = page[^1].Row;
        }

        await Task.CompletedTask;
    }

    public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        StateLimits.Check(partition, changes);
        return Task.FromResult(database.Write<StateWriteResult>((connection, transaction) =>
        {
            foreach (var change in changes)
            {
                if (!Holds(connection, transaction, partition, change))
                {
                    return new Conflict(change.Row);
                }
            }

            return new Written([.. changes.Select(change => Apply(connection, transaction, partition, change))]);
        }));
    }

    private static StateDocument Document(SqliteDataReader reader) =>
        new(reader.GetString(0), (byte[])reader.GetValue(1), reader.GetInt64(2).ToString(CultureInfo.InvariantCulture));

    private static bool Holds(SqliteConnection connection, SqliteTransaction transaction, string partition, StateChange change)
    {
        if (change.IfMatch == StateChange.Any)
        {
            return true;
        }

        using var command = Command(connection, transaction, "SELECT etag FROM document WHERE partition = $partition AND row = $row", partition, change.Row);
        var etag = command.ExecuteScalar() is long value ? value.ToString(CultureInfo.InvariantCulture) : null;
        return etag == change.IfMatch;
    }

    private static string Apply(SqliteConnection connection, SqliteTransaction transaction, string partition, StateChange change)
    {
        if (change is not Put put)
        {
            using var delete = Command(connection, transaction, "DELETE FROM document WHERE partition = $partition AND row = $row", partition, change.Row);
            delete.ExecuteNonQuery();
            return "";
        }

        // The version is the database's, not the document's: a document made anew never gets an ETag that an older one had.
        using var command = Command(
            connection,
            transaction,
            """
            UPDATE version SET last = last + 1;
            INSERT INTO document (partition, row, etag, content) VALUES ($partition, $row, (SELECT last FROM version), $content)
            ON CONFLICT (partition, row) DO UPDATE SET etag = excluded.etag, content = excluded.content RETURNING etag
            """,
            partition,
            put.Row);
        command.Parameters.AddWithValue("$content", put.Content.ToArray());
        return ((long)command.ExecuteScalar()!).ToString(CultureInfo.InvariantCulture);
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string text, string partition, string row)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        command.Parameters.AddWithValue("$partition", partition);
        command.Parameters.AddWithValue("$row", row);
        return command;
    }

    private List<StateDocument> ReadPage(string partition, string? from, string? after, string? to) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT row, content, etag FROM document
            WHERE partition = $partition AND row >= $from AND ($after IS NULL OR row > $after) AND ($to IS NULL OR row < $to)
            ORDER BY row LIMIT {PageSize}
            """;
        command.Parameters.AddWithValue("$partition", partition);
        command.Parameters.AddWithValue("$from", after ?? from ?? "");
        command.Parameters.AddWithValue("$after", (object?)after ?? DBNull.Value);
        command.Parameters.AddWithValue("$to", (object?)to ?? DBNull.Value);
        using var reader = command.ExecuteReader();
        var documents = new List<StateDocument>();
        while (reader.Read())
        {
            documents.Add(Document(reader));
        }

        return documents;
    });
}
