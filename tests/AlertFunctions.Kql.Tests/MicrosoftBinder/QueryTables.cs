using System.Diagnostics.CodeAnalysis;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Tests.MicrosoftBinder;

/// <summary>The tables that the lists of queries name: T with a column of each type, U with some of its columns and one of another type.</summary>
internal static class QueryTables
{
    public static readonly IReadOnlyList<TableSymbol> All =
    [
        new("T", Columns("TimeGenerated:datetime b:bool i:int l:long r:real m:decimal s:string t:datetime p:timespan g:guid d:dynamic"), false, "T"),
        new("U", Columns("TimeGenerated:datetime s:string l:long i:string x:real"), false, "U"),
    ];

    public static IKqlCatalog Catalog { get; } = new TableCatalog();

    /// <summary>The statement that makes the table in DuckDB, without rows.</summary>
    public static string Create(TableSymbol table) =>
        $"CREATE OR REPLACE TABLE {table.StorageName} ({string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\" {SqlTypes.Name(c.Type)}"))}, \"$ingestion\" BIGINT)";

    private static List<KqlColumn> Columns(string list) =>
        [.. list.Split(' ').Select(c => c.Split(':')).Select(c => new KqlColumn(c[0], Enum.Parse<KqlType>(c[1], ignoreCase: true)))];

    private sealed class TableCatalog : IKqlCatalog
    {
        public IEnumerable<TableSymbol> Tables => All;

        public bool TryGetTable(string name, [MaybeNullWhen(false)] out TableSymbol table) =>
            (table = All.FirstOrDefault(t => t.Name == name)) is not null;

        public bool TryGetFunction(string name, [MaybeNullWhen(false)] out FunctionSymbol function)
        {
            function = null;
            return false;
        }

        public bool TryGetWatchlist(string alias, [MaybeNullWhen(false)] out TableSymbol watchlist)
        {
            watchlist = null;
            return false;
        }
    }
}
