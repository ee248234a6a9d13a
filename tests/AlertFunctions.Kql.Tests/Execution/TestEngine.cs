using System.Globalization;
using AlertFunctions.Kql.Runtime;
using AlertFunctions.Workspace.Storage;
using DuckDB.NET.Data;

namespace AlertFunctions.Kql.Tests.Execution;

/// <summary>Compiles queries and runs them on a DuckDB in memory: rows as text, cells joined by <c>|</c>, null as <c>null</c>.</summary>
public sealed class TestEngine : IKqlCatalog, IDisposable
{
    public static readonly DateTime Now = new(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc);

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly Dictionary<string, TableSymbol> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FunctionSymbol> _functions = new(StringComparer.Ordinal);

    public TestEngine()
    {
        _connection.Open();
        Execute("SET TimeZone = 'UTC'");
        Execute("SET autoinstall_known_extensions = false");
        Execute("SET autoload_known_extensions = false");
        RuntimeFunctionRegistry.RegisterAll(_connection, KqlRuntime.Functions);
        foreach (var statement in KqlRuntime.Prelude)
        {
            Execute(statement);
        }
    }

    public IEnumerable<TableSymbol> Tables => _tables.Values;

    public bool TryGetTable(string name, out TableSymbol table) => _tables.TryGetValue(name, out table!);

    public bool TryGetFunction(string name, out FunctionSymbol function) => _functions.TryGetValue(name, out function!);

    public bool TryGetWatchlist(string alias, out TableSymbol watchlist)
    {
        watchlist = null!;
        return false;
    }

    public void AddTable(TableSymbol table, params ReadOnlySpan<string> statements)
    {
        _tables[table.Name] = table;
        foreach (var statement in statements)
        {
            Execute(statement);
        }
    }

    public void AddFunction(string name, string text) => _functions[name] = new FunctionSymbol(name, text);

    public CompiledQuery Compile(string query, CompileOptions? options = null) =>
        KqlCompiler.Compile(query, this, options ?? new CompileOptions { Now = Now });

    /// <summary>The rows of a query that must compile.</summary>
    public IReadOnlyList<string> Rows(string query, CompileOptions? options = null)
    {
        var compiled = Compile(query, options);
        Assert.True(compiled.Succeeded, string.Join("; ", compiled.Diagnostics.Select(d => $"{d.Code} {d.Message}")));
        return Run(compiled.Results[0]);
    }

    public IReadOnlyList<string> Run(CompiledResult result)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = result.Sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', result.Columns.Select((c, i) => reader.IsDBNull(i) ? "null" : Text(reader.GetValue(i), c.Type))));
        }

        return rows;
    }

    public void Dispose() => _connection.Dispose();

    private static string Text(object value, KqlType type) => type switch
    {
        KqlType.DateTime => new DateTime((long)value).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        KqlType.TimeSpan => new TimeSpan((long)value).ToString("c"),
        KqlType.Bool => (bool)value ? "true" : "false",
        KqlType.Decimal => ((decimal)value / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
