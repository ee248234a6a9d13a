using System.Diagnostics;
using System.Globalization;
using AlertFunctions.Benchmarks;
using AlertFunctions.Kql;
using AlertFunctions.Workspace;
using DuckDB.NET.Data;
using Spectre.Console;

// dotnet run -c Release --project tests/AlertFunctions.Benchmarks -- [rows]
var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
const int Rounds = 7;
var folder = Directory.CreateTempSubdirectory("alertfn-bench-");
try
{
    var file = Path.Combine(folder.FullName, "KubePodInventory.jsonl");
    PodInventory.Write(file, rows);
    AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{rows:N0} records, {new FileInfo(file).Length / 1e6:N0} MB of JSON lines");

    using var expert = new DuckDBConnection("DataSource=:memory:");
    await expert.OpenAsync();
    var readJson = Measure(() => Execute(expert, $"CREATE TABLE pods AS SELECT * FROM read_json('{file}', format = 'newline_delimited')"));

    await using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
    var ingest = Stopwatch.StartNew();
    var before = Environment.WorkingSet;
    var report = await workspace.IngestAsync([file], progress: null, CancellationToken.None);
    var load = ingest.Elapsed;
    AnsiConsole.MarkupLineInterpolated(
        CultureInfo.InvariantCulture,
        $"load: {load.TotalSeconds:F2} s, read_json: {readJson.TotalSeconds:F2} s, speed ratio {readJson / load:F2}, memory +{(Environment.WorkingSet - before) / 1e6:N0} MB, {report.Faults.Count} faults");

    var table = new Table().AddColumns("Query", "KQL ms", "of it compiling", "SQL ms", "Ratio", "Rows");
    foreach (var pair in QueryPair.All)
    {
        var (kql, compile, sql, count, expected) = (new List<double>(), new List<double>(), new List<double>(), 0L, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var compiled = workspace.Compile(pair.Kql, new CompileOptions { Now = new DateTime(2026, 3, 2, 0, 0, 0, DateTimeKind.Utc) });
            compile.Add(watch.Elapsed.TotalMilliseconds);
            await using (var reader = await workspace.ExecuteAsync(compiled, compiled.Results[0], CancellationToken.None))
            {
                count = 0;
                while (await reader.ReadAsync(CancellationToken.None))
                {
                    count++;
                }
            }

            kql.Add(watch.Elapsed.TotalMilliseconds);
            sql.Add(Measure(() => expected = Execute(expert, pair.Sql)).TotalMilliseconds);
        }

        if (count != expected)
        {
            throw new InvalidOperationException($"{pair.Name}: KQL gives {count} rows and SQL {expected}; they do not ask the same.");
        }

        table.AddRow(pair.Name, Text(Median(kql)), Text(Median(compile)), Text(Median(sql)), Text(Median(kql) / Median(sql)), Text(count));
    }

    AnsiConsole.Write(table);
}
finally
{
    folder.Delete(recursive: true);
}

static TimeSpan Measure(Action action)
{
    var watch = Stopwatch.StartNew();
    action();
    return watch.Elapsed;
}

static long Execute(DuckDBConnection connection, string sql)
{
    using var command = connection.CreateCommand();
    command.CommandText = sql;
    using var reader = command.ExecuteReader();
    var count = 0L;
    while (reader.Read())
    {
        count++;
    }

    return count;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static string Text(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
