using System.Data.Common;
using System.Diagnostics;
using AlertFunctions.Kql;
using AlertFunctions.Workspace;
using DuckDB.NET.Data;

namespace AlertFunctions.Benchmarks;

/// <summary>How long a query took until its last row was read, in milliseconds, and how much of it the compiler.</summary>
internal sealed record Timing(double Total, double Compiling);

/// <summary>One of the two ways to hold the records and ask for them.</summary>
internal abstract class Contender : IDisposable
{
    public static Contender Create(string name, int rows) => name == KqlContender.Name ? new KqlContender(rows) : new SqlContender(rows);

    public abstract Task LoadAsync(string file);

    public abstract Task<Timing> RunAsync(int query);

    /// <summary>The rows of a query as a digest that does not depend on their order.</summary>
    /// <param name="query">Its number.</param>
    /// <param name="columns">The columns that count, in this order; null for all.</param>
    public abstract Task<Digest> DigestAsync(int query, IReadOnlyList<string>? columns);

    public abstract void Dispose();
}

/// <summary>The embedded workspace, asked in KQL.</summary>
internal sealed class KqlContender(int rows) : Contender
{
    public const string Name = "kql";

    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

    public override async Task LoadAsync(string file)
    {
        var report = await _workspace.IngestAsync([file], progress: null, CancellationToken.None);
        if (report.Faults.Count > 0)
        {
            throw new InvalidOperationException($"A record was not loaded: {report.Faults[0]}");
        }
    }

    public override async Task<Timing> RunAsync(int query)
    {
        var watch = Stopwatch.StartNew();
        var compiled = Compile(query);
        var compiling = watch.Elapsed;
        await using var reader = await _workspace.ExecuteAsync(compiled, compiled.Results[0], CancellationToken.None);
        while (await reader.ReadAsync(CancellationToken.None))
        {
        }

        return new(watch.Elapsed.TotalMilliseconds, compiling.TotalMilliseconds);
    }

    public override async Task<Digest> DigestAsync(int query, IReadOnlyList<string>? columns)
    {
        var compiled = Compile(query);
        await using var reader = await _workspace.ExecuteAsync(compiled, compiled.Results[0], CancellationToken.None);
        var digest = new DigestBuilder([.. reader.Columns.Select(column => column.Name)], columns);
        while (await reader.ReadAsync(CancellationToken.None))
        {
            digest.Add(reader.GetValue);
        }

        return digest.Build();
    }

    public override void Dispose() => _workspace.Dispose();

    private CompiledQuery Compile(int query)
    {
        var compiled = _workspace.Compile(QueryPair.All[query].For(rows).Kql, new CompileOptions { Now = PodInventory.End(rows) });
        return compiled.Succeeded ? compiled : throw new InvalidOperationException(compiled.Diagnostics[0].Message);
    }
}

/// <summary>DuckDB as it is, asked in SQL.</summary>
internal sealed class SqlContender : Contender
{
    public const string Name = "sql";

    private readonly int _rows;
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public SqlContender(int rows)
    {
        _rows = rows;
        _connection.Open();
    }

    public override async Task LoadAsync(string file)
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            $"CREATE TABLE pods AS SELECT * FROM read_json('{file}', format = 'newline_delimited', columns = {PodInventory.SqlColumns})";
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<Timing> RunAsync(int query)
    {
        var watch = Stopwatch.StartNew();
        using var command = Command(query);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
        }

        return new(watch.Elapsed.TotalMilliseconds, 0);
    }

    public override async Task<Digest> DigestAsync(int query, IReadOnlyList<string>? columns)
    {
        using var command = Command(query);
        await using DbDataReader reader = await command.ExecuteReaderAsync();
        var digest = new DigestBuilder([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)], columns);
        while (await reader.ReadAsync())
        {
            digest.Add(column => reader.IsDBNull(column) ? null : reader.GetValue(column));
        }

        return digest.Build();
    }

    public override void Dispose() => _connection.Dispose();

    private DuckDBCommand Command(int query)
    {
        var command = _connection.CreateCommand();
        command.CommandText = QueryPair.All[query].For(_rows).Sql;
        command.UseStreamingMode = true;
        return command;
    }
}
