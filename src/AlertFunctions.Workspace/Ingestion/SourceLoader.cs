using System.Buffers;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// Loads the blocks of one source in one transaction: several are parsed at a time, and inserted in their order. Columns that
/// records bring are added when a block asks for them; the block is then parsed again. Its user holds the writer's gate.
/// </summary>
internal sealed class SourceLoader(DuckDbStore database, TableStore tables, Func<string, TableDefinition?> define, Func<long> now)
{
    /// <summary>Loads a source, or nothing of it where this throws.</summary>
    /// <param name="blocks">Its records.</param>
    /// <param name="table">The table of all of them, or null.</param>
    /// <param name="tally">Counts and collects faults.</param>
    /// <param name="progress">Told after each block: bytes of the source on disk, and rows.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    public void Load(
        IEnumerable<RecordBlock> blocks,
        string? table,
        IngestTally tally,
        Action<long, long>? progress,
        CancellationToken cancellationToken)
    {
        database.Writer.Execute("BEGIN TRANSACTION");
        try
        {
            var depth = Math.Clamp(Environment.ProcessorCount, 2, 8);
            var pending = new Queue<(RecordBlock Block, Task<ParsedBlock> Parsed)>();
            try
            {
                foreach (var block in blocks)
                {
                    pending.Enqueue((block, Task.Run(() => Parse(block, table, cancellationToken), cancellationToken)));
                    if (pending.Count >= depth)
                    {
                        InsertNext(pending, table, tally, progress, cancellationToken);
                    }
                }

                while (pending.Count > 0)
                {
                    InsertNext(pending, table, tally, progress, cancellationToken);
                }
            }
            finally
            {
                Abandon(pending);
            }

            database.Writer.Execute("COMMIT");
            tally.Commit();
        }
        catch
        {
            tally.Rollback();
            database.Writer.Execute("ROLLBACK");
            tables.Reload();
            throw;
        }
    }

    private ParsedBlock Parse(RecordBlock block, string? table, CancellationToken cancellationToken) =>
        new BlockParser(tables, table, name => define(name) is not null, now()).Parse(block, cancellationToken);

    private void InsertNext(
        Queue<(RecordBlock Block, Task<ParsedBlock> Parsed)> pending,
        string? table,
        IngestTally tally,
        Action<long, long>? progress,
        CancellationToken cancellationToken)
    {
        var (block, parsing) = pending.Dequeue();
        var parsed = parsing.GetAwaiter().GetResult();
        try
        {
            while (parsed.IsStale(tables))
            {
                Grow(parsed);
                parsed.Dispose();
                parsed = Parse(block, table, cancellationToken);
            }

            foreach (var rows in parsed.Tables)
            {
                database.Rows.Insert(rows.Table, rows.Chunks);
                tally.Count(rows.Table.Name, rows.Count);
            }

            tally.Add(parsed);
            progress?.Invoke(block.SourcePosition, tally.Rows);
            if (block.Pooled is { } bytes)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }
        finally
        {
            parsed.Dispose();
        }
    }

    private void Grow(ParsedBlock parsed)
    {
        foreach (var missing in parsed.MissingTables)
        {
            tables.Ensure(define(missing) ?? throw new InvalidOperationException($"Unreachable: {missing} was a table a moment ago."));
        }

        foreach (var group in parsed.Growth.GroupBy(growth => growth.Key.Table))
        {
            var table = tables.Find(group.Key) ?? throw new InvalidOperationException($"Unreachable: {group.Key} grows and is absent.");
            var added = new List<KqlColumn>();
            foreach (var ((_, name), type) in group)
            {
                var existing = table.Columns.FirstOrDefault(column => column.Name == name);
                if (existing is null)
                {
                    added.Add(new KqlColumn(name, type));
                }
                else if (ColumnWidening.Combine(existing.Type, type) is var wider && wider != existing.Type)
                {
                    table = tables.Widen(table, name, wider);
                }
            }

            if (added.Count > 0)
            {
                tables.AddColumns(table, added);
            }
        }
    }

    private static void Abandon(Queue<(RecordBlock Block, Task<ParsedBlock> Parsed)> pending)
    {
        foreach (var (_, parsing) in pending)
        {
            parsing.ContinueWith(
                done => done.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
        }
    }
}
