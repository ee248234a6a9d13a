using System.Diagnostics.CodeAnalysis;

namespace AlertFunctions.Kql;

/// <summary>
/// A table that queries may name. An open table (AzureDiagnostics) also has every column whose suffix tells its type:
/// _s string, _d real, _b bool, _t datetime, _g guid.
/// </summary>
/// <param name="Name">The table's name, as queries write it.</param>
/// <param name="Columns">Its columns in the order in which a query without a projection returns them.</param>
/// <param name="IsOpen">Whether columns that are not listed may be named by their type suffix.</param>
/// <param name="StorageName">The table or view in DuckDB that holds the rows.</param>
public sealed record TableSymbol(string Name, IReadOnlyList<KqlColumn> Columns, bool IsOpen, string StorageName)
{
    /// <summary>The columns whose name in DuckDB is another one, because two of the table differ only by case.</summary>
    public IReadOnlyDictionary<string, string> StorageColumns { get; init; } = new Dictionary<string, string>();

    /// <summary>The name in DuckDB of a column of <see cref="Columns"/>, unquoted.</summary>
    public string StorageColumn(string column) => StorageColumns.GetValueOrDefault(column, column);
}

/// <summary>A saved function: a name and the text of a lambda, <c>(T:string, n:long=5) { body }</c> or <c>{ body }</c>.</summary>
public sealed record FunctionSymbol(string Name, string Text);

/// <summary>What a query may name besides what it declares itself: tables and saved functions. Names are case-sensitive.</summary>
public interface IKqlCatalog
{
    /// <summary>The tables that wildcards, <c>find</c> and <c>search</c> range over: those that hold rows.</summary>
    IEnumerable<TableSymbol> Tables { get; }

    bool TryGetTable(string name, [MaybeNullWhen(false)] out TableSymbol table);

    bool TryGetFunction(string name, [MaybeNullWhen(false)] out FunctionSymbol function);

    /// <summary>The columns and the DuckDB relation of a watchlist, for <c>_GetWatchlist('alias')</c>.</summary>
    bool TryGetWatchlist(string alias, [MaybeNullWhen(false)] out TableSymbol watchlist);
}
