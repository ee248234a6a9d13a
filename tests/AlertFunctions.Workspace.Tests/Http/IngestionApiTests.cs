using System.IO.Compression;
using System.Net;
using System.Text;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Http;

namespace AlertFunctions.Workspace.Tests.Http;

public sealed class IngestionApiTests : IAsyncLifetime
{
    private const string ApiVersion = "?api-version=2023-01-01";

    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
    private readonly HttpClient _client = new();
    private LocalServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await WorkspaceServer.StartAsync(_workspace, new WorkspaceServerOptions { TimeProvider = new NoonClock() }, CancellationToken.None);
        _client.BaseAddress = _server.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server!.DisposeAsync();
        _workspace.Dispose();
    }

    [Theory]
    [InlineData("Custom-Orders_CL", "Orders_CL", false)]
    [InlineData("Custom-Orders_CL", "Orders_CL", true)]
    [InlineData("Microsoft-Heartbeat", "Heartbeat", false)]
    public async Task Post_RecordsOfAStream_GoToItsTable(string stream, string table, bool isGzip)
    {
        using var response = await PostAsync(stream, """[{"TimeGenerated":"2026-03-02T11:00:00Z","Computer":"a"}]""", isGzip);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(
            ["a|2026-03-02T12:00:00Z"],
            await _workspace.SqlAsync($"SELECT \"Computer\", \"$ingestion\" FROM \"{table}\"", ("Computer", KqlType.String), ("at", KqlType.DateTime)));
    }

    [Theory]
    [InlineData("Custom-Orders", "[{}]", "a stream without a table")]
    [InlineData("Orders_CL", "[{}]", "a stream without its kind")]
    [InlineData("Custom-Orders_CL", "{}", "no array")]
    [InlineData("Custom-Orders_CL", "[1]", "no objects")]
    [InlineData("Custom-Orders_CL", "[{", "no JSON")]
    [InlineData("Microsoft-Heartbeat", """[{"TimeGenerated":"soon"}]""", "no record that fits")]
    public async Task Post_WhatCannotBeTaken_IsABadRequest(string stream, string body, string reason)
    {
        using var response = await PostAsync(stream, body, isGzip: false);

        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, reason);
    }

    [Fact]
    public async Task Post_SomeRecordsThatDoNotFit_KeepsTheOthersAndSaysSo()
    {
        using var response = await PostAsync("Microsoft-Heartbeat", """[{"TimeGenerated":"soon"},{"Computer":"a"}]""", isGzip: false);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("1 records were left out", response.Headers.GetValues("Warning").Single(), StringComparison.Ordinal);
        Assert.Equal(["a"], await _workspace.RowsAsync("Heartbeat", "Computer"));
    }

    private async Task<HttpResponseMessage> PostAsync(string stream, string body, bool isGzip)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        if (isGzip)
        {
            using var compressed = new MemoryStream();
            await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            {
                await gzip.WriteAsync(bytes, Token);
            }

            bytes = compressed.ToArray();
        }

        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");
        if (isGzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return await _client.PostAsync(new Uri($"dataCollectionRules/dcr-1/streams/{stream}{ApiVersion}", UriKind.Relative), content, Token);
    }

    private sealed class NoonClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    }
}
