using System.Text;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>The rows of a block, ready to append, and what was wrong with the others.</summary>
/// <param name="bytes">The block's bytes; texts of the rows lie in them.</param>
internal sealed class ParsedBlock(ReadOnlyMemory<byte> bytes) : IDisposable
{
    private readonly Dictionary<string, TableRows> _tables = [];
    private readonly TextHeap _texts = new(bytes);

    public IEnumerable<TableRows> Tables => _tables.Values;

    /// <summary>Records that were left out, and the first faults of them.</summary>
    public long Skipped { get; private set; }

    public List<(long Line, string Message)> Faults { get; } = [];

    /// <summary>Fields without a column: where each was first met and in how many records.</summary>
    public Dictionary<(string Table, string Field), (long Line, long Count)> UnknownFields { get; } = [];

    /// <summary>Tables that records name and that do not exist yet. Their rows are missing here: the block is to be parsed again.</summary>
    public HashSet<string> MissingTables { get; } = [];

    /// <summary>Columns to add or to widen, by table and name. Their values are missing here: the block is to be parsed again.</summary>
    public Dictionary<(string Table, string Column), KqlType> Growth { get; } = [];

    /// <summary>Whether a table got other columns since the rows were made for it.</summary>
    public bool IsStale(TableStore store) =>
        MissingTables.Count > 0 || Growth.Count > 0 || _tables.Values.Any(rows => store.Find(rows.Table.Name) != rows.Table);

    public TableRows RowsOf(StoredTable table)
    {
        if (!_tables.TryGetValue(table.Name, out var rows))
        {
            rows = new TableRows(table, _texts);
            _tables.Add(table.Name, rows);
        }

        return rows;
    }

    public void Skip(long line, string message)
    {
        Skipped++;
        if (Faults.Count < IngestReport.MaxFaults)
        {
            Faults.Add((line, message));
        }
    }

    public void Dispose()
    {
        foreach (var rows in _tables.Values)
        {
            rows.Dispose();
        }

        _texts.Dispose();
    }
}

/// <summary>The rows of one table in a block.</summary>
internal sealed class TableRows(StoredTable table, TextHeap texts) : IDisposable
{
    private readonly List<RowChunk> _chunks = [];

    public StoredTable Table { get; } = table;

    public ColumnLookup Columns { get; } = new(table);

    public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(table.Name);

    public IReadOnlyList<RowChunk> Chunks => _chunks;

    public long Count => _chunks.Sum(chunk => (long)chunk.Count);

    /// <summary>The chunk that takes the next row.</summary>
    public RowChunk Current
    {
        get
        {
            if (_chunks.Count == 0 || _chunks[^1].IsFull)
            {
                _chunks.Add(new RowChunk(Table, texts));
            }

            return _chunks[^1];
        }
    }

    public void Dispose()
    {
        foreach (var chunk in _chunks)
        {
            chunk.Dispose();
        }
    }
}
