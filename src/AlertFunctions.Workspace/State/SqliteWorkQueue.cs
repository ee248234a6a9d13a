using System.Globalization;
using System.Text;
using AlertFunctions.Alerting.State;
using Microsoft.Data.Sqlite;

namespace AlertFunctions.Workspace.State;

/// <summary>A queue of one machine, in SQLite. Items received too often move to the queue named <c>{name}-poison</c>.</summary>
public sealed class SqliteWorkQueue(SqliteDatabase database, string name, TimeProvider time, int maxDeliveries = 5) : IWorkQueue
{
    private string PoisonName => $"{name}-poison";

    public Task SendAsync(string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(text) > StateLimits.MaxMessageBytes)
        {
            throw new ArgumentException($"A work item holds at most {StateLimits.MaxMessageBytes} bytes.", nameof(text));
        }

        return Task.FromResult(database.Write((connection, transaction) => Execute(
            connection,
            transaction,
            "INSERT INTO work (queue, visible, receipt, deliveries, text) VALUES ($queue, $visible, 0, 0, $text)",
            ("$queue", name),
            ("$visible", (time.GetUtcNow() + delay).UtcTicks),
            ("$text", text))));
    }

    public Task<IReadOnlyList<WorkItem>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Task.FromResult(database.Write<IReadOnlyList<WorkItem>>((connection, transaction) =>
        {
            Execute(
                connection,
                transaction,
                "UPDATE work SET queue = $poison WHERE queue = $queue AND visible <= $now AND deliveries >= $most",
                ("$poison", PoisonName),
                ("$queue", name),
                ("$now", now.UtcTicks),
                ("$most", maxDeliveries));
            using var command = Command(
                connection,
                transaction,
                """
                UPDATE work SET visible = $until, receipt = receipt + 1, deliveries = deliveries + 1
                WHERE id IN (SELECT id FROM work WHERE queue = $queue AND visible <= $now ORDER BY visible, id LIMIT $count)
                RETURNING id, receipt, text, deliveries
                """,
                ("$until", (now + visibility).UtcTicks),
                ("$queue", name),
                ("$now", now.UtcTicks),
                ("$count", count));
            using var reader = command.ExecuteReader();
            var items = new List<WorkItem>();
            while (reader.Read())
            {
                items.Add(new WorkItem(Text(reader.GetInt64(0)), Text(reader.GetInt64(1)), reader.GetString(2), reader.GetInt64(3)));
            }

            return items;
        }));
    }

    public Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken) =>
        ChangeHeldAsync("DELETE FROM work WHERE queue = $queue AND id = $id AND receipt = $receipt", item, 0);

    public Task<bool> ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken) => ChangeHeldAsync(
        "UPDATE work SET visible = $visible, receipt = receipt + 1 WHERE queue = $queue AND id = $id AND receipt = $receipt",
        item,
        (time.GetUtcNow() + delay).UtcTicks);

    public Task<IReadOnlyList<string>> PeekPoisonAsync(int count, CancellationToken cancellationToken) =>
        Task.FromResult(database.Read<IReadOnlyList<string>>(connection =>
        {
            using var command = Command(
                connection, null, "SELECT text FROM work WHERE queue = $queue ORDER BY id LIMIT $count", ("$queue", PoisonName), ("$count", count));
            using var reader = command.ExecuteReader();
            var texts = new List<string>();
            while (reader.Read())
            {
                texts.Add(reader.GetString(0));
            }

            return texts;
        }));

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static int Execute(SqliteConnection connection, SqliteTransaction transaction, string text, params (string Name, object Value)[] parameters)
    {
        using var command = Command(connection, transaction, text, parameters);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(
        SqliteConnection connection, SqliteTransaction? transaction, string text, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach (var (parameter, value) in parameters)
        {
            command.Parameters.AddWithValue(parameter, value);
        }

        return command;
    }

    private Task<bool> ChangeHeldAsync(string text, WorkItem item, long visible) => Task.FromResult(database.Write((connection, transaction) =>
        Execute(
            connection,
            transaction,
            text,
            ("$queue", name),
            ("$id", long.Parse(item.Id, CultureInfo.InvariantCulture)),
            ("$receipt", long.Parse(item.Receipt, CultureInfo.InvariantCulture)),
            ("$visible", visible)) > 0));
}
