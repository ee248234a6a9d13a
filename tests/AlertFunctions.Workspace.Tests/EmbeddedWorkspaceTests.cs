using System.IO.Compression;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Testing;
using AlertFunctions.Workspace.Catalog;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace.Tests;

public sealed class EmbeddedWorkspaceTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FileOfAnEarlierWorkspace_KnowsItsTablesAndWatchlists()
    {
        var options = new WorkspaceOptions { FilePath = Path.Combine(_folder.Path, "workspace.duckdb") };
        var list = _folder.Write("list.csv", "Name,Owner\nshop,ann\n");
        using (var first = EmbeddedWorkspace.Open(options))
        {
            await first.IngestAsync("Orders_CL", [Row("Id", 1), Row("ID", "two")], Token);
            await first.AddWatchlistAsync("owners", list, Token);
        }

        using var second = EmbeddedWorkspace.Open(options);
        await second.IngestAsync("Orders_CL", [Row("Id", 3)], Token);

        Assert.Equal(["1|", "null|two", "3|"], await second.RowsAsync("Orders_CL", "Id", "ID"));
        Assert.Equal(["Orders_CL"], second.Tables.Select(table => table.Name));
        Assert.True(second.TryGetWatchlist("owners", out _));
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_IsRefused()
    {
        var path = _folder.Write("workspace.duckdb", "this is no database, however long it may be");

        Assert.Throws<WorkspaceException>(() => EmbeddedWorkspace.Open(new WorkspaceOptions { FilePath = path }));
    }

    [Fact]
    public void Open_FaultySchemas_TellsEveryFile()
    {
        _folder.Write("A.json", "{");
        _folder.Write("B.json", """{"table":"B","columns":[{"name":"x","type":"text"}]}""");
        _folder.Write("C.json", """{"table":"C","columns":[{"name":"TimeGenerated","type":"string"}]}""");
        _folder.Write("D.json", """{"table":"D","columns":[{"name":"x","type":"string"}]}""");

        var fault = Assert.Throws<WorkspaceException>(() => EmbeddedWorkspace.Open(new WorkspaceOptions { SchemaFolder = _folder.Path }));

        Assert.Equal(3, fault.Message.Split(Environment.NewLine).Length);
        Assert.Contains("column x has no \"type\" of KQL", fault.Message, StringComparison.Ordinal);
        Assert.Contains("the standard column TimeGenerated is a datetime", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QueryAsync_DocumentedTableWithoutRows_IsEmpty()
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

        var outcome = await workspace.QueryAsync(new QueryRequest("StorageBlobLogs | summarize n = count()", Now), Token);

        Assert.Equal(0L, Assert.IsType<QueryAnswer>(outcome).Table.Rows[0][0]);
    }

    [Fact]
    public async Task QueryAsync_TableThatDoesNotExist_IsAnOutcomeOfItsOwn()
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

        Assert.IsType<QueryTableNotFound>(await workspace.QueryAsync(new QueryRequest("Orders_CL | take 1", Now), Token));
        Assert.IsType<QueryFailed>(await workspace.QueryAsync(new QueryRequest("Perf | where Nope == 1", Now), Token));
    }

    [Fact]
    public async Task QueryAsync_RowsThatAreNotVisibleYet_AreNotSeen()
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
        var fields = new Dictionary<string, object?> { ["TimeGenerated"] = Now.AddHours(-1), ["Computer"] = "late" };
        await workspace.IngestAsync("Heartbeat", [new IngestRow(fields, Now)], Token);

        async Task<int> CountAsync(DateTimeOffset visibleAt) =>
            Assert.IsType<QueryAnswer>(await workspace.QueryAsync(new QueryRequest("Heartbeat", Now, VisibleAt: visibleAt), Token)).Table.Rows.Count;

        Assert.Equal(0, await CountAsync(Now.AddTicks(-1)));
        Assert.Equal(1, await CountAsync(Now));
    }

    [Fact]
    public async Task QueryAsync_Watchlist_GivesItsColumnsAndSearchKey()
    {
        _folder.Write("owners.csv", "Type,Owner\nshop,ann\n\"bank, the\",bob\n");
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { WatchlistFolder = _folder.Path });

        var outcome = await workspace.QueryAsync(new QueryRequest("_GetWatchlist('owners') | sort by Owner asc", Now), Token);

        var table = Assert.IsType<QueryAnswer>(outcome).Table;
        Assert.Equal(["SearchKey", "Type", "Owner"], table.Columns.Select(column => column.Name));
        Assert.Equal([["shop", "shop", "ann"], ["bank, the", "bank, the", "bob"]], table.Rows);
    }

    [Fact]
    public async Task QueryAsync_BesideIngestion_SeesWholeIngestionsOnly()
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
        await workspace.IngestAsync("Orders_CL", [Row("Id", 0)], Token);
        var writing = Task.Run(
            async () =>
            {
                for (var round = 0; round < 20; round++)
                {
                    await workspace.IngestAsync("Orders_CL", Enumerable.Range(0, 100).Select(id => Row($"Column{round % 5}", id)), Token);
                }
            },
            Token);

        var counts = new List<long>();
        while (!writing.IsCompleted)
        {
            var outcome = await workspace.QueryAsync(new QueryRequest("Orders_CL | count", Now), Token);
            counts.Add((long)Assert.IsType<QueryAnswer>(outcome).Table.Rows[0][0]!);
        }

        await writing;
        Assert.All(counts, count => Assert.Equal(1, count % 100));
        Assert.Equal(counts.Order(), counts);
    }

    [Fact]
    public async Task ExecuteAsync_Cancelled_Stops()
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
        using var cancellation = new CancellationTokenSource();
        var result = new CompiledResult("PrimaryResult", [new KqlColumn("n", KqlType.Long)], "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = -1");

        var running = workspace.ExecuteAsync(new CompiledQuery([result], [], [], null), result, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void BuiltInTables_AreThoseOfTheDocumentation()
    {
        var source = Repository.Shared("reference", "log-analytics-tables.tsv");
        Assert.SkipUnless(File.Exists(source), "The reference list of tables lies beside the repository on developers' machines only.");
        var lines = File.ReadLines(source)
            .Skip(1)
            .Select(line => line.Split('\t'))
            .GroupBy(parts => parts[0], parts => $"{parts[1]}:{BuiltInTables.Letter(ColumnTypes.Parse(parts[2])!.Value)}")
            .Select(table => $"{table.Key}\t{string.Join(' ', table)}\n");
        var expected = string.Concat(lines);
        var asset = Path.Combine(Repository.Root, "src", "AlertFunctions.Workspace", "Catalog", "log-analytics-tables.txt.gz");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            using var made = new GZipStream(File.Create(asset), CompressionLevel.SmallestSize);
            made.Write(System.Text.Encoding.UTF8.GetBytes(expected));
        }

        using var reader = new StreamReader(new GZipStream(File.OpenRead(asset), CompressionMode.Decompress));
        Assert.Equal(expected, reader.ReadToEnd());
    }

    [Fact]
    public void BuiltInTables_EveryOne_IsATableOfTheWorkspace()
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

        Assert.True(BuiltInTables.Names.Count() >= 936);
        Assert.All(BuiltInTables.Names, name =>
        {
            Assert.True(workspace.TryGetTable(name, out var table));
            Assert.Contains(new KqlColumn("_TimeReceived", KqlType.DateTime), table.Columns);
            Assert.Equal(table.Columns.Count, table.Columns.Select(column => table.StorageColumn(column.Name)).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        });
    }

    private static IngestRow Row(string field, object? value) => new(new Dictionary<string, object?> { [field] = value });
}
