using AlertFunctions.Kql;
using AlertFunctions.Workspace.Ingestion;
using AlertFunctions.Workspace.Ingestion.Sources;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Catalog;

/// <summary>
/// A watchlist is a table of strings. Besides the file's columns a query sees SearchKey, which is the first one unless the file
/// has one. Source: learn.microsoft.com/azure/sentinel/watchlists-queries.
/// </summary>
internal static class Watchlist
{
    private const string SearchKey = "SearchKey";

    /// <summary>What a file's columns are called in storage, apart from the standard columns.</summary>
    private const string Prefix = "w:";

    /// <exception cref="InvalidDataException">The file has no header line.</exception>
    public static TableDefinition Define(string storedName, string csvPath)
    {
        using var file = File.OpenRead(csvPath);
        var header = CsvSource.ReadHeader(new BlockBuffer(file));
        if (header.Count == 0)
        {
            throw new InvalidDataException("there is no header line");
        }

        return TableDefinition.Of(storedName, [.. header.Distinct().Select(name => new KqlColumn(Prefix + name, KqlType.String))]);
    }

    public static IEnumerable<RecordBlock> Read(string csvPath)
    {
        using var file = File.OpenRead(csvPath);
        foreach (var block in CsvSource.Read(new BlockBuffer(file), name => Prefix + name))
        {
            yield return block;
        }
    }

    public static TableSymbol SymbolOf(string alias, StoredTable table)
    {
        var storage = table.Columns
            .Where(column => column.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(column => column.Name[Prefix.Length..], column => column.StorageName);
        var names = storage.Keys.ToList();
        if (storage.TryAdd(SearchKey, storage[names[0]]))
        {
            names.Insert(0, SearchKey);
        }

        return new TableSymbol(alias, [.. names.Select(name => new KqlColumn(name, KqlType.String))], IsOpen: false, table.StorageName)
        {
            StorageColumns = storage,
        };
    }
}
