using System.Collections.Concurrent;
using System.Globalization;
using AlertFunctions.Kql;
using AlertFunctions.Kql.Emit;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Ingestion;
using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Storage;

/// <summary>
/// The tables that exist in a database, and the only place that makes or changes them. Their columns are written to
/// <c>$columns</c> beside them, so that a file can be opened again. Members that change anything need the writer's gate.
/// </summary>
internal sealed class TableStore
{
    private readonly DuckDBConnection _writer;
    private readonly ConcurrentDictionary<string, StoredTable> _tables = new();
    private readonly Dictionary<string, string> _storageNames = [];

    public TableStore(DuckDBConnection writer)
    {
        _writer = writer;
        _writer.Execute(
            """
            CREATE TABLE IF NOT EXISTS "$columns"
            (table_name VARCHAR, position INTEGER, column_name VARCHAR, type VARCHAR, storage_table VARCHAR, storage_column VARCHAR, growth VARCHAR)
            """);
        foreach (var table in ReadAll())
        {
            _tables[table.Name] = table;
            _storageNames.Add(table.Name, table.StorageName);
        }
    }

    public IEnumerable<StoredTable> All => _tables.Values;

    public StoredTable? Find(string name) => _tables.GetValueOrDefault(name);

    /// <summary>The name that a table has in DuckDB, or will have; it is kept free for it from then on.</summary>
    public string StorageName(string name)
    {
        lock (_storageNames)
        {
            if (!_storageNames.TryGetValue(name, out var storageName))
            {
                var taken = _storageNames.Values.Append("$columns").ToHashSet(StringComparer.OrdinalIgnoreCase);
                storageName = StoredTable.Free(taken, name);
                _storageNames.Add(name, storageName);
            }

            return storageName;
        }
    }

    /// <summary>The table of a definition, made where it does not exist yet.</summary>
    public StoredTable Ensure(TableDefinition definition)
    {
        if (Find(definition.Name) is { } existing)
        {
            return existing;
        }

        var storageName = StorageName(definition.Name);
        var columns = StoredTable.NameColumns([new StoredColumn("", KqlType.Long, StoredTable.Ingestion)], definition.Columns);
        columns.RemoveAt(0);
        var table = new StoredTable(definition.Name, storageName, definition.Growth, columns);
        var list = string.Join(", ", columns.Select(ColumnSql));
        _writer.Execute(
            $"CREATE TABLE {ConnectionExtensions.Quote(storageName)} ({ConnectionExtensions.Quote(StoredTable.Ingestion)} BIGINT NOT NULL, {list})");
        Remember(table);
        return table;
    }

    /// <summary>Adds columns after those that a table has. Rows that it holds have no value in them.</summary>
    public StoredTable AddColumns(StoredTable table, IEnumerable<KqlColumn> added)
    {
        var columns = StoredTable.NameColumns(table.Columns, added);
        foreach (var column in columns.Skip(table.Columns.Count))
        {
            var initial = column.Type == KqlType.String ? " DEFAULT ''" : "";
            _writer.Execute(
                $"ALTER TABLE {ConnectionExtensions.Quote(table.StorageName)} ADD COLUMN {ConnectionExtensions.Quote(column.StorageName)} {SqlTypes.Name(column.Type)}{initial}");
        }

        return Replace(table, columns);
    }

    /// <summary>Gives a column a wider type and converts the values that it holds.</summary>
    public StoredTable Widen(StoredTable table, string column, KqlType type)
    {
        var old = table.Columns.Single(candidate => candidate.Name == column);
        var name = ConnectionExtensions.Quote(old.StorageName);
        var alter = $"ALTER TABLE {ConnectionExtensions.Quote(table.StorageName)} ALTER COLUMN {name}";
        _writer.Execute($"{alter} SET DATA TYPE {SqlTypes.Name(type)} USING {ColumnWidening.Sql(old.Type, type, name)}");
        if (type == KqlType.String)
        {
            _writer.Execute($"{alter} SET DEFAULT ''");
        }

        return Replace(table, [.. table.Columns.Select(candidate => candidate == old ? old with { Type = type } : candidate)]);
    }

    public void Drop(StoredTable table)
    {
        _writer.Execute($"DROP TABLE {ConnectionExtensions.Quote(table.StorageName)}");
        _writer.Execute("DELETE FROM \"$columns\" WHERE table_name = $1", table.Name);
        _tables.TryRemove(table.Name, out _);
    }

    /// <summary>Forgets what a transaction that was rolled back had made.</summary>
    public void Reload()
    {
        var tables = ReadAll().ToDictionary(table => table.Name);
        foreach (var name in _tables.Keys.Where(name => !tables.ContainsKey(name)))
        {
            _tables.TryRemove(name, out _);
        }

        foreach (var (name, table) in tables)
        {
            _tables[name] = table;
        }
    }

    private static string ColumnSql(StoredColumn column)
    {
        var rule = column.Type == KqlType.String ? " NOT NULL DEFAULT ''" : "";
        return $"{ConnectionExtensions.Quote(column.StorageName)} {SqlTypes.Name(column.Type)}{rule}";
    }

    private StoredTable Replace(StoredTable table, IReadOnlyList<StoredColumn> columns)
    {
        var replaced = new StoredTable(table.Name, table.StorageName, table.Growth, columns);
        _writer.Execute("DELETE FROM \"$columns\" WHERE table_name = $1", table.Name);
        Remember(replaced);
        return replaced;
    }

    private void Remember(StoredTable table)
    {
        var rows = table.Columns.Select((column, position) => string.Join(
            ", ",
            [
                Literal(table.Name),
                position.ToString(CultureInfo.InvariantCulture),
                Literal(column.Name),
                Literal(ColumnTypes.Name(column.Type)),
                Literal(table.StorageName),
                Literal(column.StorageName),
                Literal(table.Growth.ToString()),
            ]));
        _writer.Execute($"INSERT INTO \"$columns\" VALUES ({string.Join("), (", rows)})");
        _tables[table.Name] = table;
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private List<StoredTable> ReadAll()
    {
        using var command = _writer.CreateCommand();
        command.CommandText =
            "SELECT table_name, storage_table, growth, column_name, type, storage_column FROM \"$columns\" ORDER BY table_name, position";
        using var reader = command.ExecuteReader();
        var rows = new List<(string Name, string Storage, string Growth, StoredColumn Column)>();
        while (reader.Read())
        {
            var type = ColumnTypes.Parse(reader.GetString(4))
                ?? throw new WorkspaceException($"The file names a type that is unknown here: {reader.GetString(4)}.");
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2), new(reader.GetString(3), type, reader.GetString(5))));
        }

        return
        [
            .. rows.GroupBy(row => (row.Name, row.Storage, row.Growth)).Select(group => new StoredTable(
                group.Key.Name,
                group.Key.Storage,
                Enum.Parse<ColumnGrowth>(group.Key.Growth),
                [.. group.Select(row => row.Column)])),
        ];
    }
}
