using System.Diagnostics;
using System.Text.Json;
using AlertFunctions.Testing;
using AlertFunctions.Workspace.Http;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace.Tests.Http;

/// <summary>Azure's own JavaScript query client against this server: what it decodes is what counts.</summary>
public sealed class OfficialClientTests
{
    [Fact]
    public async Task Client_QueriesBatchPartialErrorAndSyntaxError_AreUnderstood()
    {
        var modules = await NodeModules.RequireAsync();
        var token = TestContext.Current.CancellationToken;
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
        await workspace.IngestAsync("Heartbeat", [new IngestRow(new Dictionary<string, object?> { ["Computer"] = "a" })], token);
        await using var server = await WorkspaceServer.StartAsync(workspace, new WorkspaceServerOptions { MaxRows = 1000 }, token);

        var report = await RunAsync(modules, server.Address, token);

        Assert.Equal(
            """{"status":"Success","columns":["bool","int","long","real","real","decimal","string","datetime","timespan","guid","dynamic","long"],"row":[true,1,123456789012,1.5,"NaN","0.1","text","Date 2015-12-31T23:59:59.900Z","1.00:00:10","74be27de-1e4e-49d9-b579-fe0b331d3642",{"a":[1,null]},null],"hasStatistics":true}""",
            report.GetProperty("types").GetRawText());
        Assert.Equal(
            """[{"status":"Success","rows":[[1],[2],[3]]},{"status":"Success","rows":[["a"]]},{"status":"PartialFailure","code":"BadArgumentError"}]""",
            report.GetProperty("batch").GetRawText());
        Assert.Equal("""{"status":"PartialFailure","rows":1000,"code":"PartialError"}""", report.GetProperty("partial").GetRawText());
        Assert.Equal("""{"status":400,"code":"BadArgumentError","inner":"SyntaxError"}""", report.GetProperty("syntax").GetRawText());
        Assert.Equal("[[1]]", report.GetProperty("resource").GetRawText());
    }

    private static async Task<JsonElement> RunAsync(string modules, Uri address, CancellationToken cancellationToken)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Http", "query-client.mjs");
        using var node = new Process
        {
            StartInfo = new ProcessStartInfo("node", [script, modules, address.ToString().TrimEnd('/')])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        node.Start();
        var errors = node.StandardError.ReadToEndAsync(cancellationToken);
        var output = await node.StandardOutput.ReadToEndAsync(cancellationToken);
        await node.WaitForExitAsync(cancellationToken);
        Assert.True(node.ExitCode == 0, await errors);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
