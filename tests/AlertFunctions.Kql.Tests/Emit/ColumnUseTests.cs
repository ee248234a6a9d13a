using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Kql.Tests.Emit;

/// <summary>The SQL names only what the result needs, and gives the rows that the whole of it would give.</summary>
public sealed class ColumnUseTests : IAsyncLifetime
{
    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CompileOptions Options => new() { Now = new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc) };

    public async ValueTask InitializeAsync() => await _workspace.IngestAsync(
        "KubePodInventory",
        [
            Pod("a", "ns1", 1, "[{\"app\":\"x\"},null,{\"app\":\"y\"}]"),
            Pod("b", "ns1", 3, "[]"),
            Pod("c", "ns2", 5, "{\"app\":\"z\"}"),
        ],
        Token);

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("KubePodInventory | extend A = strcat(Name, 'x') | summarize count() by Namespace", "Name PodUid A", "ns1 | 2;ns2 | 1")]
    [InlineData("KubePodInventory | summarize max(PodRestartCount), make_list(Name) | count", "Name PodUid", "1")]
    [InlineData("KubePodInventory | count", "Name PodUid", "3")]
    [InlineData("KubePodInventory | take 2 | count", "Name PodUid", "2")]
    [InlineData("KubePodInventory | where PodRestartCount > 1 | project Namespace | extend PodRestartCount = 7 | distinct *", "Name PodUid", "ns1 | 7;ns2 | 7")]
    [InlineData("KubePodInventory | where PodRestartCount > 1 | project-away Name | extend Name = strcat(Namespace, '!') | distinct Name", "PodUid", "ns1!;ns2!")]
    [InlineData("let t = KubePodInventory | where PodRestartCount > 1; union t, t | count", "Name PodUid", "4")]
    [InlineData("let t = KubePodInventory | where PodRestartCount > 1; t | where Name in ((t | project Name)) | summarize sum(PodRestartCount)", "PodUid", "8")]
    [InlineData("KubePodInventory | sort by PodRestartCount desc | project Name | take 2", "PodUid", "c;b")]
    [InlineData("KubePodInventory | summarize arg_max(PodRestartCount, *) by Namespace | project Name", "PodUid", "b;c")]
    [InlineData("KubePodInventory | join kind=inner (KubePodInventory | project Name, R = PodRestartCount) on Name | summarize sum(R)", "PodUid", "9")]
    [InlineData("KubePodInventory | mv-expand L = parse_json(PodLabel) | summarize count() by tostring(L.app)", "PodUid", " | 1;x | 1;y | 1;z | 1")]
    [InlineData("KubePodInventory | mv-expand with_itemindex=i L = parse_json(PodLabel) | summarize sum(i), countif(isnull(L))", "PodUid Namespace", "3 | 1")]
    public async Task Emit_Query_NamesNoColumnThatNothingReads(string query, string unread, string rows)
    {
        var compiled = _workspace.Compile(query, Options);

        Assert.Empty(compiled.Diagnostics);
        Assert.All(unread.Split(' '), name => Assert.DoesNotContain($"\"{name}\"", compiled.Results[0].Sql, StringComparison.Ordinal));
        Assert.DoesNotContain("SELECT *", compiled.Results[0].Sql, StringComparison.Ordinal);
        Assert.Equal(rows.Split(';').Order(StringComparer.Ordinal), (await RowsAsync(compiled)).Order(StringComparer.Ordinal));
    }

    private static IngestRow Pod(string name, string space, int restarts, string label) => new(
        new Dictionary<string, object?> { ["Name"] = name, ["Namespace"] = space, ["PodRestartCount"] = restarts, ["PodLabel"] = label });

    private async Task<List<string>> RowsAsync(CompiledQuery compiled)
    {
        var rows = new List<string>();
        await using var reader = await _workspace.ExecuteAsync(compiled, compiled.Results[0], Token);
        while (await reader.ReadAsync(Token))
        {
            rows.Add(string.Join(" | ", compiled.Results[0].Columns.Select((_, column) => WorkspaceQuery.Text(reader.GetValue(column)))));
        }

        return rows;
    }
}
