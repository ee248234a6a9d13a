using AlertFunctions.Kql;
using AlertFunctions.Workspace.Catalog;

namespace AlertFunctions.Workspace.Storage;

/// <summary>A column of a stored table and its name in DuckDB.</summary>
internal sealed record StoredColumn(string Name, KqlType Type, string StorageName);

/// <summary>
/// A table that exists in DuckDB. There, <c>$ingestion</c> comes first and the columns follow in their order, so that a column
/// added later is the last in both.
/// </summary>
internal sealed class StoredTable
{
    public const string Ingestion = "$ingestion";

    public StoredTable(string name, string storageName, ColumnGrowth growth, IReadOnlyList<StoredColumn> columns)
    {
        Name = name;
        StorageName = storageName;
        Growth = growth;
        Columns = columns;
        Symbol = SymbolOf(name, storageName, growth, columns);
    }

    public string Name { get; }

    public string StorageName { get; }

    public ColumnGrowth Growth { get; }

    public IReadOnlyList<StoredColumn> Columns { get; }

    public TableSymbol Symbol { get; }

    /// <summary>Names for storage that no other column has, whatever its case.</summary>
    public static List<StoredColumn> NameColumns(IEnumerable<StoredColumn> existing, IEnumerable<KqlColumn> added)
    {
        var columns = existing.ToList();
        var taken = columns.Select(column => column.StorageName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var column in added)
        {
            columns.Add(new StoredColumn(column.Name, column.Type, Free(taken, column.Name)));
        }

        return columns;
    }

    /// <summary>The name itself or, where it is taken in another case, one with a number after it; it is taken from then on.</summary>
    public static string Free(HashSet<string> taken, string name)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = $"{name}${number}";
        }

        return free;
    }

    public static TableSymbol SymbolOf(
        string name, string storageName, ColumnGrowth growth, IReadOnlyList<StoredColumn> columns) =>
        new(
            name,
            [.. columns.Select(column => new KqlColumn(column.Name, column.Type))],
            growth == ColumnGrowth.BySuffix,
            storageName)
        {
            StorageColumns = columns
                .Where(column => column.StorageName != column.Name)
                .ToDictionary(column => column.Name, column => column.StorageName),
        };
}
