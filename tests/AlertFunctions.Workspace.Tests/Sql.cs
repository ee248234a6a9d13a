using System.Globalization;
using System.Text.Json;
using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Tests;

/// <summary>Looks into a workspace with SQL, so that the store and ingestion are tested apart from the compiler.</summary>
internal static class Sql
{
    /// <summary>The rows of a statement whose columns have the types given, each row as its cells joined by '|', null as 'null'.</summary>
    public static async Task<List<string>> SqlAsync(
        this EmbeddedWorkspace workspace, string sql, params (string Name, KqlType Type)[] columns)
    {
        var result = new CompiledResult("PrimaryResult", [.. columns.Select(column => new KqlColumn(column.Name, column.Type))], sql);
        await using var reader = await workspace.ExecuteAsync(
            new CompiledQuery([result], [], [], null), result, TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(string.Join('|', columns.Select((_, column) => Print(reader.GetValue(column)))));
        }

        return rows;
    }

    /// <summary>Columns of a table in the order of its rows, by the types that the catalogue tells.</summary>
    public static Task<List<string>> RowsAsync(this EmbeddedWorkspace workspace, string table, params string[] columns)
    {
        Assert.True(workspace.TryGetTable(table, out var symbol));
        var types = columns.Select(name => (name, symbol.Columns.Single(column => column.Name == name).Type)).ToArray();
        var list = string.Join(", ", columns.Select(name => $"\"{symbol.StorageColumn(name)}\""));
        return workspace.SqlAsync($"SELECT {list} FROM \"{symbol.StorageName}\" ORDER BY rowid", types);
    }

    private static string Print(object? value) => value switch
    {
        null => "null",
        DateTimeOffset time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture),
        JsonElement json => json.GetRawText(),
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
