using System.Collections.Frozen;
using System.IO.Compression;
using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Catalog;

/// <summary>
/// The columns of every table that Log Analytics documents, from one asset: a line a table, <c>name TAB column:t ...</c> where
/// t is the type's letter. The standard columns that every table has anyway are left in, because their place matters.
/// Lines are taken apart when their table is first asked for.
/// </summary>
/// <remarks>
/// The asset is made from the tables' reference pages (learn.microsoft.com/azure/azure-monitor/reference/tables-index) by
/// BuiltInTablesTests, which also fails when the two differ.
/// </remarks>
internal static class BuiltInTables
{
    private const string Resource = "AlertFunctions.Workspace.Catalog.log-analytics-tables.txt.gz";

    private static readonly Lazy<FrozenDictionary<string, string>> Lines = new(Load);

    public static IEnumerable<string> Names => Lines.Value.Keys;

    public static TableDefinition? Find(string name) =>
        Lines.Value.TryGetValue(name, out var columns) ? TableDefinition.Of(name, ParseColumns(columns)) : null;

    /// <summary>The letter that stands for a type in the asset.</summary>
    public static char Letter(KqlType type) => type switch
    {
        KqlType.Bool => 'b',
        KqlType.Int => 'i',
        KqlType.Long => 'l',
        KqlType.Real => 'r',
        KqlType.Decimal => 'm',
        KqlType.String => 's',
        KqlType.DateTime => 'd',
        KqlType.TimeSpan => 't',
        KqlType.Guid => 'g',
        KqlType.Dynamic => 'y',
        _ => throw new InvalidOperationException($"Unreachable: {type} is no type of KQL."),
    };

    private static List<KqlColumn> ParseColumns(string text)
    {
        var columns = new List<KqlColumn>();
        foreach (var range in text.AsSpan().Split(' '))
        {
            var column = text.AsSpan()[range];
            columns.Add(new KqlColumn(column[..^2].ToString(), TypeOf(column[^1])));
        }

        return columns;
    }

    private static KqlType TypeOf(char letter) =>
        Enum.GetValues<KqlType>().First(type => Letter(type) == letter);

    private static FrozenDictionary<string, string> Load()
    {
        using var asset = typeof(BuiltInTables).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"Unreachable: the assembly lacks {Resource}.");
        using var reader = new StreamReader(new GZipStream(asset, CompressionMode.Decompress));
        var lines = new Dictionary<string, string>(1024);
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            lines.Add(line[..tab], line[(tab + 1)..]);
        }

        return lines.ToFrozenDictionary();
    }
}
