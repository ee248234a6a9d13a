using System.Globalization;
using Spectre.Console;

namespace AlertFunctions.Benchmarks;

/// <summary>Runs both contenders over the same records and shows what each took.</summary>
internal static class Comparison
{
    public static void Run(IAnsiConsole console, int rows, int rounds, int loads, IReadOnlyCollection<string> queries)
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-benchmark-");
        try
        {
            var file = Path.Combine(folder.FullName, "KubePodInventory.jsonl");
            PodInventory.Write(file, rows);
            var size = new FileInfo(file).Length / 1e6;
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} records, {size:N0} MB of JSON lines, {Environment.ProcessorCount} processors"));

            var table = new Table().AddColumns("", "ours", "DuckDB's", "ratio", "goal", "compiling", "rows");
            foreach (var column in table.Columns.Skip(1))
            {
                column.RightAligned();
            }

            Compare(table, file, rows, rounds, loads, queries);
            var compiled = CatalogueCompilation.Measure(Path.Combine(AppContext.BaseDirectory, "kql"));
            var (slowest, longest) = compiled[^1];
            table.AddRow("compile, median", Milliseconds(compiled[compiled.Count / 2].Milliseconds), "", "", "2 ms", "", "");
            table.AddRow("compile, slowest", Milliseconds(longest), "", "", "2 ms", "", "");
            console.Write(table);
            console.WriteLine($"Compilation is of the catalogue's {compiled.Count} detections; the slowest is {slowest}.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(Table table, string file, int rows, int rounds, int loads, IReadOnlyCollection<string> queries)
    {
        var (oursLoad, theirsLoad) = (new List<double>(), new List<double>());
        for (var load = 1; ; load++)
        {
            using var ours = new ContenderProcess(KqlContender.Name, rows);
            using var theirs = new ContenderProcess(SqlContender.Name, rows);
            oursLoad.Add(ours.Load(file));
            theirsLoad.Add(theirs.Load(file));
            if (load < loads)
            {
                continue;
            }

            var (oursMedian, theirsMedian) = (Median.Of(oursLoad), Median.Of(theirsLoad));
            table.AddRow("load", Seconds(oursMedian), Seconds(theirsMedian), Ratio(oursMedian / theirsMedian), "1.25", "", Whole(rows));
            foreach (var (query, _) in QueryPair.All.Index().Where(pair => queries.Contains(pair.Item.Name)))
            {
                AddQuery(table, ours, theirs, query, rounds);
            }

            var (oursPeak, theirsPeak) = (ours.PeakMemory() / 1e6, theirs.PeakMemory() / 1e6);
            table.AddRow("peak memory", $"{Whole(oursPeak)} MB", $"{Whole(theirsPeak)} MB", Ratio(oursPeak / theirsPeak), "1.25", "", "");
            return;
        }
    }

    private static void AddQuery(Table table, ContenderProcess ours, ContenderProcess theirs, int query, int rounds)
    {
        var name = QueryPair.All[query].Name;
        var expected = theirs.Digest(query, columns: null);
        var actual = ours.Digest(query, expected.Columns);
        if ((actual.Rows, actual.Hash) != (expected.Rows, expected.Hash))
        {
            throw new InvalidOperationException($"{name}: KQL gives {actual.Rows} rows and SQL {expected.Rows}, or they differ; the two do not ask the same.");
        }

        var (kql, sql) = (new List<Timing>(), new List<Timing>());
        for (var round = 0; round < rounds; round++)
        {
            kql.Add(ours.Run(query));
            sql.Add(theirs.Run(query));
        }

        var (oursMedian, theirsMedian) = (Median.Of([.. kql.Select(t => t.Total)]), Median.Of([.. sql.Select(t => t.Total)]));
        table.AddRow(
            name,
            Milliseconds(oursMedian),
            Milliseconds(theirsMedian),
            Ratio(oursMedian / theirsMedian),
            "1.20",
            Milliseconds(Median.Of([.. kql.Select(t => t.Compiling)])),
            Whole(expected.Rows));
    }

    private static string Seconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N2} s");

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N1} ms");

    private static string Ratio(double value) => value.ToString("N2", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
