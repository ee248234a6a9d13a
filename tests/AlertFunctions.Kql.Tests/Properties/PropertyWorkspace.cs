using System.Globalization;
using AlertFunctions.Kql.Tests.Execution;
using AlertFunctions.Kql.Tests.MicrosoftBinder;
using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Kql.Tests.Properties;

/// <summary>
/// An embedded workspace with the tables of the lists of queries: T with values at the ends of their types and nulls everywhere,
/// U with a few rows, and E with the columns of T and no row.
/// </summary>
public sealed class PropertyWorkspace : IAsyncLifetime
{
    private readonly string _schemas = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private EmbeddedWorkspace _workspace = null!;

    internal IKqlCatalog Catalog => _workspace;

    internal static IReadOnlyList<TableSymbol> Tables { get; } =
        [.. QueryTables.All, QueryTables.All[0] with { Name = "E", StorageName = "E" }];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_schemas);
        foreach (var table in Tables)
        {
            var columns = table.Columns.Select(c => $$"""{"name":"{{c.Name}}","type":"{{c.Type.ToString().ToLowerInvariant()}}"}""");
            await File.WriteAllTextAsync(Path.Combine(_schemas, $"{table.Name}.json"), $$"""{"table":"{{table.Name}}","columns":[{{string.Join(',', columns)}}]}""");
        }

        _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { SchemaFolder = _schemas, Threads = 1, MemoryLimit = "2GB" });
        await IngestAsync("T", [
            Row(("b", true), ("i", 2), ("l", 1L), ("r", 1.5), ("m", 1.5m), ("s", "a b"), ("t", "2026-03-01T10:00:00Z"), ("p", "01:00:00"), ("g", Some), ("d", """{"k":"v","n":2}""")),
            Row(("b", false), ("i", -1), ("l", 2L), ("r", double.NaN), ("m", -0.000001m), ("s", "a"), ("t", "2026-03-01T10:30:00.1234567Z"), ("p", "-00:00:00.0000001"), ("d", """{"k":["x"],"n":1.5}""")),
            Row(("i", int.MaxValue), ("l", long.MaxValue), ("r", double.PositiveInfinity), ("m", 99999999999999999999m), ("t", "9999-12-31T23:59:59.9999999Z"), ("p", "10675199.02:48:05.4775807"), ("d", "[1,2]")),
            Row(),
            Row(("b", true), ("i", int.MinValue), ("l", -long.MaxValue), ("r", -0.0), ("m", 0m), ("s", "A-b_c"), ("t", "0001-01-01T00:00:00Z"), ("p", "00:00:00"), ("g", Guid.Empty), ("d", "\"text\"")),
            Row(("b", true), ("i", 2), ("l", 1L), ("r", 1.5), ("m", 1.5m), ("s", "a b"), ("t", "2026-03-01T10:00:00Z"), ("p", "01:00:00"), ("g", Some), ("d", """{"k":"v","n":2}""")),
            Row(("b", false), ("i", 7), ("l", 10L), ("r", 1e300), ("s", "k=v, n=1"), ("t", "2026-03-02T00:00:00Z"), ("p", "1.00:00:00"), ("d", "{\"a\":[{\"b\":null},[],{}],\"k\":\"ü%_\"}")),
            Row(("s", "10.0.0.1 https://u@h.org:80/p?q=1"), ("l", 0L), ("r", double.NegativeInfinity), ("d", "[]"))]);
        await IngestAsync("U", [
            Row(("s", "a"), ("l", 1L), ("i", "2"), ("x", 0.5)), Row(("s", "a b"), ("l", 1L), ("i", "a b")), Row(("l", 2L)), Row(("s", "A-b_c"), ("x", -1.0))]);
    }

    internal CompiledQuery Compile(string query) => _workspace.Compile(query, new CompileOptions { Now = TestEngine.Now });

    /// <summary>The rows of a query's first result, sorted, their cells joined by bars.</summary>
    internal async Task<IReadOnlyList<string>> RowsAsync(string query)
    {
        var compiled = Compile(query);
        return compiled.Succeeded
            ? await RowsAsync(compiled, compiled.Results[0])
            : throw new InvalidOperationException($"Refused: {string.Join("; ", compiled.Diagnostics.Select(d => d.Message))}");
    }

    internal async Task<IReadOnlyList<string>> RowsAsync(CompiledQuery compiled, CompiledResult result)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await using var reader = await _workspace.ExecuteAsync(compiled, result, limit.Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(limit.Token))
        {
            rows.Add(string.Join('|', result.Columns.Select((c, i) => Text(reader.GetValue(i), c))));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    public ValueTask DisposeAsync()
    {
        _workspace.Dispose();
        Directory.Delete(_schemas, recursive: true);
        return ValueTask.CompletedTask;
    }

    // A string is never null, and each cell has its column's type.
    private static string Text(object? cell, KqlColumn column) => (column.Type, cell) switch
    {
        (KqlType.String, null) => throw new InvalidOperationException($"The string {column.Name} is null."),
        (_, null) => "null",
        (KqlType.Real, double real) => (real == 0 ? 0 : real).ToString("G12", CultureInfo.InvariantCulture),
        (KqlType.Bool, bool) or (KqlType.Int, int) or (KqlType.Long, long) or (KqlType.String, string) or (KqlType.Decimal, decimal)
            or (KqlType.DateTime, DateTimeOffset) or (KqlType.TimeSpan, TimeSpan) or (KqlType.Guid, Guid) or (KqlType.Dynamic, _) => WorkspaceQuery.Text(cell),
        _ => throw new InvalidOperationException($"The {column.Type} {column.Name} holds a {cell.GetType().Name}."),
    };

    private static readonly Guid Some = new("74be27de-1e4e-49d9-b579-fe0b331d3642");

    private static IngestRow Row(params ReadOnlySpan<(string Column, object Value)> cells)
    {
        var fields = new Dictionary<string, object?> { ["TimeGenerated"] = "2026-03-01T00:00:00Z" };
        foreach (var (column, value) in cells)
        {
            fields[column] = value;
        }

        return new IngestRow(fields);
    }

    private async Task IngestAsync(string table, IEnumerable<IngestRow> rows)
    {
        var report = await _workspace.IngestAsync(table, rows, TestContext.Current.CancellationToken);
        Assert.Empty(report.Faults);
    }
}
