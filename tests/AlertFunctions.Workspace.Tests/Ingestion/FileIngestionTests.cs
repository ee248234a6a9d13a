using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace.Tests.Ingestion;

public sealed class FileIngestionTests : IDisposable
{
    private const string First = """{"TimeGenerated":"2026-03-02T12:00:00.1234567Z","Computer":"a","CounterValue":1.5}""";
    private const string Second = """{"TimeGenerated":"2026-03-02T12:00:01Z","Computer":"a computer with a long name","CounterValue":2}""";

    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Perf.json", First + "\n" + Second + "\n", "lines")]
    [InlineData("Perf.jsonl", First + "\r\n\r\n" + Second, "lines of Windows, one blank, no break at the end")]
    [InlineData("Perf.json", "\uFEFF" + First + "\n" + Second, "a byte order mark")]
    [InlineData("Perf.json.gz", First + "\n" + Second, "gzip")]
    [InlineData("perf.2026-03-02.json", First + "\n" + Second, "the name up to its first dot, in any case")]
    [InlineData("Perf/PT1H.json", First + "\n" + Second, "the folder's name")]
    [InlineData("Perf.json", "[" + First + ",\n " + Second + "]", "an array")]
    [InlineData("Perf.json.gz", "\n[\n" + First + "\n,\n" + Second + "\n]\n", "an array in gzip")]
    [InlineData("Perf.json", "{\n \"TimeGenerated\": \"2026-03-02T12:00:00.1234567Z\",\n \"Computer\": \"a\", \"CounterValue\": 1.5\n}\n" + Second, "records over several lines")]
    [InlineData(
        "Perf.csv",
        "TimeGenerated [UTC],Computer,CounterValue\r\n2026-03-02T12:00:00.1234567Z,a,1.5\r\n\"3/2/2026, 12:00:01.000 PM\",\"a computer with a long name\",2\r\n",
        "CSV as the portal exports it")]
    [InlineData("Perf.csv.gz", "Computer,CounterValue,TimeGenerated\na,1.5,2026-03-02T12:00:00.1234567Z\na computer with a long name,2,2026-03-02 12:00:01", "CSV in gzip")]
    public async Task IngestAsync_FileOfEachForm_HoldsItsRows(string name, string text, string form)
    {
        _folder.Write(name, text);

        var report = await _workspace.IngestAsync([_folder.Path], progress: null, TestContext.Current.CancellationToken);

        Assert.True(report.Faults.Count == 0, $"{form}: {string.Join('\n', report.Faults)}");
        Assert.Equal(
            ["2026-03-02T12:00:00.1234567Z|a|1.5|Perf", "2026-03-02T12:00:01Z|a computer with a long name|2|Perf"],
            await _workspace.RowsAsync("Perf", "TimeGenerated", "Computer", "CounterValue", "Type"));
        Assert.Equal(2, report.Loaded["Perf"]);
    }

    [Fact]
    public async Task IngestAsync_ParquetFile_HoldsItsRows()
    {
        var path = Path.Combine(_folder.Path, "Perf.parquet");
        await _workspace.SqlAsync(
            $"""
            COPY (SELECT TIMESTAMP '2026-03-02 12:00:00.123456' AS "TimeGenerated", 'a' AS "Computer", 1.5 AS "CounterValue"
            UNION ALL SELECT TIMESTAMP '2026-03-02 12:00:01', NULL, NULL) TO '{path}' (FORMAT parquet)
            """);

        await _workspace.IngestAsync([path], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["2026-03-02T12:00:00.123456Z|a|1.5", "2026-03-02T12:00:01Z||null"],
            await _workspace.RowsAsync("Perf", "TimeGenerated", "Computer", "CounterValue"));
    }

    [Fact]
    public async Task IngestAsync_RecordsThatNameTheirTable_GoToEach()
    {
        var path = _folder.Write(
            "export.json",
            """
            {"Type":"Perf","Computer":"a"}
            {"$table":"Heartbeat","Type":"Perf","Computer":"b"}
            {"Computer":"c"}
            {"Type":"Nonsense","Computer":"d"}
            """);

        var report = await _workspace.IngestAsync([path], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(["a"], await _workspace.RowsAsync("Perf", "Computer"));
        Assert.Equal(["b"], await _workspace.RowsAsync("Heartbeat", "Computer"));
        Assert.Equal(
            [
                $"{path}:3: error the record names no table: neither the file, its folder, \"$table\" nor \"Type\" does",
                $"{path}:4: error there is no table Nonsense; a custom table's name ends with _CL",
            ],
            report.Faults.Select(fault => fault.ToString()));
        Assert.Equal(2, report.Skipped);
    }

    [Fact]
    public async Task IngestAsync_MalformedRecords_AreReportedAndTheRestKept()
    {
        var path = _folder.Write(
            "Perf.json",
            """
            {"Computer":"kept"}
            {"Computer":"cut
            {"Computer":"late","TimeGenerated":"yesterday"}
            {"Computer":"odd","CounterValue":{"a":1}}
            ["a"]
            {"Computer":"two"} {"Computer":"three"}
            {"Computer":"half \ud800 character"}
            {"Computer":"kept too","Nope":1}
            {"Computer":"kept as well","Nope":2}
            """);

        var report = await _workspace.IngestAsync([path], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(["kept", "kept too", "kept as well"], await _workspace.RowsAsync("Perf", "Computer"));
        Assert.Equal(6, report.Skipped);
        Assert.Equal(
            [
                $"{path}:2: error the record is not JSON: Expected end of string, but instead reached end of data (byte 17)",
                $"{path}:3: error TimeGenerated is no datetime: \"yesterday\"",
                $"{path}:4: error CounterValue is no real: an object",
                $"{path}:5: error the record is not a JSON object",
                $"{path}:6: error the record is not JSON: '{{' is invalid after a single JSON value. Expected end of data (byte 20)",
                $"{path}:7: error a text has an escape that is half a character",
                $"{path}:8: warning Perf has no column Nope: it was left out of 2 records",
            ],
            report.Faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public async Task IngestAsync_EscapedTexts_AreResolvedOrReported()
    {
        var path = _folder.Write(
            "Perf.json",
            """
            {"Computer":"a\"b\\c\/d\be\ff\ng\rh\ti","ObjectName":"the same escape again and again: \"\"\"\"","CounterName":"\\"}
            {"Computer":"\u0041\n, and more than fits into the value itself","ObjectName":"plain","CounterName":""}
            {"Computer":"x\qy"}
            {"Computer":"cut\"}
            {"Computer":"cut too\
            """);

        var report = await _workspace.IngestAsync([path], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["a\"b\\c/d\be\ff\ng\rh\ti", "A\n, and more than fits into the value itself"], await _workspace.RowsAsync("Perf", "Computer"));
        Assert.Equal(["the same escape again and again: \"\"\"\"", "plain"], await _workspace.RowsAsync("Perf", "ObjectName"));
        Assert.Equal(["\\", ""], await _workspace.RowsAsync("Perf", "CounterName"));
        Assert.Equal([3L, 4L, 5L], report.Faults.Select(fault => fault.Line));
    }

    [Theory]
    [InlineData("[{\"Computer\":\"a\"},{\"Computer\":,},\n{\"Computer\":\"b\"}, 7, \"x\", {\"Computer\":\"c\"}]", "a,b,c", "1 1 1 2 2")]
    [InlineData("[{\"Computer\":\"a\"},\n{\"Computer\":\"b", "a", "2")]
    public async Task IngestAsync_MalformedElementOfAnArray_CostsItselfOnly(string text, string kept, string linesOfFaults)
    {
        var path = _folder.Write("Perf.json", text);

        var report = await _workspace.IngestAsync([path], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(kept.Split(','), await _workspace.RowsAsync("Perf", "Computer"));
        Assert.Equal(linesOfFaults.Split(' ').Skip(linesOfFaults.Length > 1 ? 2 : 0), report.Faults.Select(fault => $"{fault.Line}"));
    }

    [Fact]
    public async Task IngestAsync_DamagedGzip_KeepsWhatCameBefore()
    {
        var lines = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{{\"Computer\":\"computer number {number}\"}}\n"));
        var path = _folder.Write("Perf.json.gz", lines);
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length * 9 / 10);
        }

        var report = await _workspace.IngestAsync([path], progress: null, TestContext.Current.CancellationToken);

        Assert.InRange(report.TotalLoaded, 100_000, 199_999);
        Assert.Contains("damaged", Assert.Single(report.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IngestAsync_ManyBlocks_KeepsTheOrderOfTheFile()
    {
        var lines = string.Concat(Enumerable.Range(0, 150_000).Select(number => $"{{\"Computer\":\"a computer whose number is {number:D6}\",\"CounterValue\":{number}}}\n"));
        var path = _folder.Write("Perf.json", lines);
        var progress = new List<IngestProgress>();

        await _workspace.IngestAsync([path], new ListProgress(progress), TestContext.Current.CancellationToken);

        var rows = await _workspace.RowsAsync("Perf", "CounterValue");
        Assert.Equal(150_000, rows.Count);
        Assert.Equal(Enumerable.Range(0, 150_000).Select(number => $"{number}"), rows);
        Assert.True(progress.Count > 2);
        Assert.Equal(progress.Select(step => step.BytesDone).Order(), progress.Select(step => step.BytesDone));
        Assert.Equal((new FileInfo(path).Length, 150_000), (progress[^1].BytesDone, progress[^1].Rows));
    }

    [Fact]
    public async Task IngestAsync_UnknownPathsAndFiles_AreFaults()
    {
        var odd = _folder.Write("Perf.xml", "<a/>");

        var report = await _workspace.IngestAsync([odd, "absent.json"], progress: null, TestContext.Current.CancellationToken);

        Assert.Equal([odd, "absent.json"], report.Faults.Select(fault => fault.Source));
        Assert.Empty(report.Loaded);
    }

    private sealed class ListProgress(List<IngestProgress> steps) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => steps.Add(value);
    }
}
