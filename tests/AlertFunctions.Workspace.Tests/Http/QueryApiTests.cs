using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AlertFunctions.Workspace.Http;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace.Tests.Http;

public sealed class QueryApiTests : IAsyncLifetime
{
    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
    private readonly HttpClient _client = new();
    private LocalServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await WorkspaceServer.StartAsync(_workspace, new WorkspaceServerOptions { MaxRows = 1000, MaxBytes = 200_000, BasicTables = new HashSet<string> { "ContainerLogV2", "AKSAudit" } }, CancellationToken.None);
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Query_EveryType_IsEncodedAsTheServiceEncodesIt()
    {
        const string Query =
            """
            print b = true, i = int(1), l = long(9007199254740993), r = 1.5, nan = real(nan), inf = real(+inf), ninf = real(-inf),
                m = decimal(0.1), s = 'a "quoted" text', t = datetime(2015-12-31T23:59:59.9Z), ts = 1d + 10s,
                g = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), d = dynamic({"a": [1, null]}), none = long(null), nodyn = dynamic(null)
            """;

        var answer = await PostAsync(Query);

        var table = answer.GetProperty("tables")[0];
        Assert.Equal("PrimaryResult", table.GetProperty("name").GetString());
        Assert.Equal(
            "bool int long real real real real decimal string datetime timespan guid dynamic long dynamic",
            string.Join(' ', table.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("type").GetString())));
        Assert.Equal(
            """[true,1,9007199254740993,1.5,"NaN","Infinity","-Infinity","0.1","a \"quoted\" text","2015-12-31T23:59:59.9Z","1.00:00:10","74be27de-1e4e-49d9-b579-fe0b331d3642","{\"a\":[1,null]}",null,null]""",
            table.GetProperty("rows")[0].GetRawText());
    }

    [Fact]
    public async Task Query_SeveralResults_AreTablesInTheirOrder()
    {
        var answer = await PostAsync("range x from 1 to 3 step 1 | fork (count) big = (where x > 2); print 'last'");

        Assert.Equal(
            """PrimaryResult [[3]], big [[3]], Table_2 [["last"]]""",
            string.Join(", ", answer.GetProperty("tables").EnumerateArray().Select(t => $"{t.GetProperty("name").GetString()} {t.GetProperty("rows").GetRawText()}")));
    }

    [Theory]
    [InlineData("Perf | where", "SyntaxError", "SYN0002", 1)]
    [InlineData("Perf\n| where Nope == 1", "SemanticError", "SEM0100", 2)]
    [InlineData("Nonsense_Table | take 1", "SemanticError", "SEM0100", 1)]
    public async Task Query_FaultyText_NestsItsErrors(string query, string kind, string code, int line)
    {
        using var response = await SendAsync("v1/workspaces/any/query", query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await ReadAsync(response)).GetProperty("error");
        Assert.Equal("BadArgumentError", error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("correlationId").GetString()!);
        var inner = error.GetProperty("innererror");
        Assert.Equal(kind, inner.GetProperty("code").GetString());
        var innermost = inner.GetProperty("innererror");
        Assert.Equal(code, innermost.GetProperty("code").GetString());
        Assert.Equal(line, innermost.GetProperty("line").GetInt32());
        Assert.True(innermost.TryGetProperty("pos", out _));
    }

    [Fact]
    public async Task Query_OverGet_Answers()
    {
        using var response = await _client.GetAsync(new Uri("v1/workspaces/any/query?query=print%20x%3D1", UriKind.Relative), Token);

        Assert.Equal("[[1]]", (await ReadAsync(response)).GetProperty("tables")[0].GetProperty("rows").GetRawText());
    }

    [Fact]
    public async Task Query_OfAResource_Answers()
    {
        using var response = await SendAsync(
            "v1/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c/query", "print x = 1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Query_PostWithoutJson_IsAnsweredWithNothing()
    {
        using var response = await _client.PostAsync(new Uri("v1/workspaces/any/query", UriKind.Relative), content: null, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Token));
    }

    [Theory]
    [InlineData("range x from 1 to 5000 step 1", 1000, "exceed the set limit of 1000 records")]
    [InlineData("range x from 1 to 900 step 1 | extend t = strrep('x', 1000)", 199, "internal data size limit 200000")]
    public async Task Query_TooManyRows_IsCutWithAPartialError(string query, int rows, string message)
    {
        var answer = await PostAsync(query);

        Assert.InRange(answer.GetProperty("tables")[0].GetProperty("rows").GetArrayLength(), rows - 2, rows);
        Assert.Equal("PartialError", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains(message, answer.GetProperty("error").GetProperty("details")[0].GetProperty("innererror").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_Preferences_GiveStatisticsAndRender()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/workspaces/any/query");
        request.Content = Json(new { query = "range x from 1 to 3 step 1 | render timechart with (title='t')" });
        request.Headers.TryAddWithoutValidation("Prefer", "wait=60,include-statistics=true,include-render=true");

        using var response = await _client.SendAsync(request, Token);

        var answer = await ReadAsync(response);
        Assert.Equal("timechart", answer.GetProperty("render").GetProperty("visualization").GetString());
        var statistics = answer.GetProperty("statistics").GetProperty("query");
        Assert.True(statistics.GetProperty("executionTime").GetDouble() > 0);
        Assert.Equal(3, statistics.GetProperty("datasetStatistics")[0].GetProperty("tableRowCount").GetInt32());
    }

    [Theory]
    [InlineData("2026-03-02T10:00:00Z/2026-03-02T11:00:00Z", null, "b")]
    [InlineData("2026-03-02T09:00:00Z/PT2H", null, "a,b")]
    [InlineData("PT1H/2026-03-02T10:30:00Z", null, "b")]
    [InlineData("2026-03-02/2026-03-03", "2026-03-02T10:00:00Z/P1D", "b,c")]
    [InlineData("PT1H", null, "")]
    public async Task Query_Timespan_LimitsTheTables(string body, string? address, string computers)
    {
        await _workspace.IngestAsync(
            "Heartbeat",
            [At("2026-03-02T09:00:00Z", "a"), At("2026-03-02T10:00:00Z", "b"), At("2026-03-02T11:00:00Z", "c")],
            Token);
        var path = "v1/workspaces/any/query" + (address is null ? "" : $"?timespan={address}");

        using var response = await _client.PostAsync(
            new Uri(path, UriKind.Relative), Json(new { query = "Heartbeat | sort by Computer asc | project Computer", timespan = body }), Token);

        var rows = (await ReadAsync(response)).GetProperty("tables")[0].GetProperty("rows").EnumerateArray();
        Assert.Equal(computers, string.Join(',', rows.Select(row => row[0].GetString())));
    }

    [Fact]
    public async Task Query_TimespanOfNoForm_IsABadArgument()
    {
        using var response = await _client.PostAsync(
            new Uri("v1/workspaces/any/query", UriKind.Relative), Json(new { query = "print 1", timespan = "yesterday" }), Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("ContainerLogV2", "?timespan=P1D", null)]
    [InlineData("ContainerLogV2 | union Heartbeat, Perf", "?timespan=P1D", null)]
    [InlineData("let ContainerLogV2 = table('ContainerLogV2') | where ingestion_time() > ago(5m); ContainerLogV2", "?timespan=P1D", null)]
    [InlineData("ContainerLogV2", "", "A search needs a timespan in the request.")]
    [InlineData("ContainerLogV2 | union AKSAudit", "?timespan=P1D", "The query should contain a single Basic or Auxiliary Logs table.")]
    [InlineData("ContainerLogV2 | union Heartbeat, Perf, KubeEvents, KubePodInventory, InsightsMetrics, KubeNodeInventory", "?timespan=P1D", "The query should contain up to five Analytics Logs tables.")]
    [InlineData("ContainerLogV2 | join Perf on Computer", "?timespan=P1D", "A search does not support 'join'.")]
    [InlineData("let f = (n: long) { ContainerLogV2 | take n }; f(1)", "?timespan=P1D", "A search does not support a function of its own (f).")]
    public async Task Search_TakesWhatABasicTableTakes(string query, string parameters, string? refusal)
    {
        using var response = await SendAsync("v1/workspaces/any/search" + parameters, query);

        Assert.Equal(refusal is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        if (refusal is not null)
        {
            Assert.Equal(refusal, (await ReadAsync(response)).GetProperty("error").GetProperty("innererror").GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Query_OfABasicTable_IsReferredToSearch()
    {
        using var response = await SendAsync("v1/workspaces/any/query", "ContainerLogV2 | take 1");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("UnsupportedApiQueryValidationError", (await ReadAsync(response)).GetProperty("error").GetProperty("innererror").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Microsoft.OperationalInsights/workspaces/w", HttpStatusCode.OK)]
    [InlineData("Microsoft.ContainerService/managedClusters/c", HttpStatusCode.NotFound)]
    public async Task Search_OfAResource_TakesOnlyAWorkspace(string resource, HttpStatusCode status)
    {
        using var response = await SendAsync($"v1/subscriptions/s/resourceGroups/g/providers/{resource}/search?timespan=P1D", "ContainerLogV2");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Metadata_KnowsEveryTable()
    {
        using var response = await _client.GetAsync(new Uri("v1/workspaces/any/metadata", UriKind.Relative), Token);

        var tables = (await ReadAsync(response)).GetProperty("tables").EnumerateArray().ToDictionary(table => table.GetProperty("name").GetString()!);
        Assert.True(tables.Count >= 936);
        var columns = tables["KubePodInventory"].GetProperty("columns").EnumerateArray();
        Assert.Equal("datetime", columns.Single(column => column.GetProperty("name").GetString() == "TimeGenerated").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Query_ForeignHost_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/workspaces/any/query?query=print%201");
        request.Headers.Host = "attacker.example";

        using var response = await _client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("v2/workspaces/any/query")]
    [InlineData("v1/workspaces/any/nothing")]
    public async Task AnyOtherPath_IsNotFound(string path)
    {
        using var response = await SendAsync(path, "print 1");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("PathNotFoundError", (await ReadAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IngestRow At(string time, string computer) =>
        new(new Dictionary<string, object?> { ["TimeGenerated"] = time, ["Computer"] = computer });

    private static ByteArrayContent Json(object body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string query) =>
        await _client.PostAsync(new Uri(path, UriKind.Relative), Json(new { query }), Token);

    private async Task<JsonElement> PostAsync(string query)
    {
        using var response = await SendAsync("v1/workspaces/any/query", query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Token));
        return document.RootElement.Clone();
    }
}
