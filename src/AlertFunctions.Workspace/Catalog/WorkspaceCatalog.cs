using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Storage;

namespace AlertFunctions.Workspace.Catalog;

/// <summary>What queries may name: the tables that are documented, described by a schema file or stored; functions; watchlists.</summary>
internal sealed class WorkspaceCatalog(TableStore store, IReadOnlyDictionary<string, TableDefinition> schemas) : IKqlCatalog
{
    private const string WatchlistPrefix = "$watchlist:";

    private readonly ConcurrentDictionary<string, TableDefinition?> _definitions = new();
    private readonly ConcurrentDictionary<string, TableSymbol> _emptyTables = new();
    private readonly ConcurrentDictionary<string, FunctionSymbol> _functions = new();
    private readonly ConcurrentDictionary<string, StoredTable> _watchlists = new();
    private readonly Lazy<Dictionary<string, string>> _documentedNames = new(() =>
        BuiltInTables.Names.Concat(schemas.Keys).Distinct().ToDictionary(name => name, StringComparer.OrdinalIgnoreCase));

    public TableStore Store { get; } = store;

    public IEnumerable<TableSymbol> Tables =>
        Store.All
            .Where(table => !table.Name.StartsWith(WatchlistPrefix, StringComparison.Ordinal))
            .OrderBy(table => table.Name, StringComparer.Ordinal)
            .Select(table => table.Symbol);

    /// <summary>Every table that a query may name, whether it holds rows or not.</summary>
    public IEnumerable<TableSymbol> KnownTables =>
        BuiltInTables.Names.Concat(schemas.Keys).Concat(Tables.Select(table => table.Name))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => TryGetTable(name, out var table) ? table : throw new InvalidOperationException($"Unreachable: {name} is known."));

    public IEnumerable<FunctionSymbol> Functions => _functions.Values.OrderBy(function => function.Name, StringComparer.Ordinal);

    public bool TryGetTable(string name, [MaybeNullWhen(false)] out TableSymbol table)
    {
        if (Store.Find(name) is { } stored)
        {
            table = stored.Symbol;
            return !name.StartsWith(WatchlistPrefix, StringComparison.Ordinal);
        }

        // A custom table exists only once it has rows or a schema.
        if ((TableDefinition.IsCustom(name) && !schemas.ContainsKey(name)) || Define(name) is not { } definition)
        {
            table = null;
            return false;
        }

        table = _emptyTables.GetOrAdd(
            name,
            _ => new StoredTable(
                name, Store.StorageName(name), definition.Growth, StoredTable.NameColumns([], definition.Columns)).Symbol);
        return true;
    }

    public bool TryGetFunction(string name, [MaybeNullWhen(false)] out FunctionSymbol function) =>
        _functions.TryGetValue(name, out function);

    public bool TryGetWatchlist(string alias, [MaybeNullWhen(false)] out TableSymbol watchlist)
    {
        watchlist = _watchlists.TryGetValue(alias, out var table) || (table = Store.Find(WatchlistPrefix + alias)) is not null
            ? Watchlist.SymbolOf(alias, table)
            : null;
        return watchlist is not null;
    }

    public void AddFunction(FunctionSymbol function) => _functions[function.Name] = function;

    /// <summary>Makes an empty table for a watchlist, in place of the one it may have. Needs the writer's gate.</summary>
    public StoredTable ReplaceWatchlist(string alias, string csvPath)
    {
        var name = WatchlistPrefix + alias;
        var definition = Watchlist.Define(name, csvPath);
        if (Store.Find(name) is { } old)
        {
            Store.Drop(old);
        }

        _definitions[name] = definition;
        return _watchlists[alias] = Store.Ensure(definition);
    }

    /// <summary>What a table of this name is or would be; null where there can be none.</summary>
    public TableDefinition? Define(string name) => _definitions.GetOrAdd(
        name,
        _ => schemas.GetValueOrDefault(name)
            ?? BuiltInTables.Find(name)
            ?? (TableDefinition.IsCustom(name) ? TableDefinition.Custom(name) : null));

    /// <summary>The table that a file's or folder's name means: a documented one in any case, or a custom one.</summary>
    public string? TableNameOf(string name) =>
        Store.Find(name) is { } stored ? stored.Name
        : _documentedNames.Value.TryGetValue(name, out var documented) ? documented
        : TableDefinition.IsCustom(name) ? name
        : null;
}
