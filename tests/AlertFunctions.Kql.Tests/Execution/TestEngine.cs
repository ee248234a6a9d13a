using System.Globalization;
using AlertFunctions.Kql.Runtime;
using DuckDB.NET.Data;
using DuckDB.NET.Data.DataChunk.Reader;
using DuckDB.NET.Data.DataChunk.Writer;

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
        var registry = new Registry(_connection);
        foreach (var function in KqlRuntime.Functions)
        {
            function.Register(registry);
        }

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

    private sealed class Registry(DuckDBConnection connection) : IRuntimeFunctionRegistry
    {
        public void Add<T, TResult>(string name, Func<T, TResult> body) =>
            connection.RegisterScalarFunction<T, TResult>(name, (readers, writer, count) => ForEach(
                readers, writer, count, row => body(readers[0].GetValue<T>(row))));

        public void Add<T1, T2, TResult>(string name, Func<T1, T2, TResult> body) =>
            connection.RegisterScalarFunction<T1, T2, TResult>(name, (readers, writer, count) => ForEach(
                readers, writer, count, row => body(readers[0].GetValue<T1>(row), readers[1].GetValue<T2>(row))));

        public void Add<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> body) =>
            connection.RegisterScalarFunction<T1, T2, T3, TResult>(name, (readers, writer, count) => ForEach(
                readers,
                writer,
                count,
                row => body(readers[0].GetValue<T1>(row), readers[1].GetValue<T2>(row), readers[2].GetValue<T3>(row))));

        public void Add<T1, T2, T3, T4, TResult>(string name, Func<T1, T2, T3, T4, TResult> body) =>
            connection.RegisterScalarFunction<T1, T2, T3, T4, TResult>(name, (readers, writer, count) => ForEach(
                readers,
                writer,
                count,
                row => body(
                    readers[0].GetValue<T1>(row), readers[1].GetValue<T2>(row), readers[2].GetValue<T3>(row), readers[3].GetValue<T4>(row))));

        // DuckDB.NET registers up to four arguments; no test calls one with five.
        public void Add<T1, T2, T3, T4, T5, TResult>(string name, Func<T1, T2, T3, T4, T5, TResult> body)
        {
        }

        public void AddText(string name, Func<ReadOnlySpan<byte>, bool> isResult, Func<string, string?> body) => Add(name, body);

        private static void ForEach<TResult>(
            IReadOnlyList<IDuckDBDataReader> readers, IDuckDBDataWriter writer, ulong count, Func<ulong, TResult> body)
        {
            for (ulong row = 0; row < count; row++)
            {
                if (readers.All(r => r.IsValid(row)) && body(row) is { } value)
                {
                    writer.WriteValue(value, row);
                }
                else
                {
                    writer.WriteNull(row);
                }
            }
        }
    }
}
