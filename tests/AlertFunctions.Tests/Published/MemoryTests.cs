using System.Globalization;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Tests.Published;

/// <summary>
/// What the deployed executable holds while it reads an answer as large as the service gives: 100 MB. The log service and the storage are other processes, so that
/// the peak of the app's memory is the app's; it begins when the large query arrives, after small ones were answered.
/// </summary>
[Collection(EmulatedHost.Collection)]
public sealed class MemoryTests(Azurite azurite, ITestOutputHelper output)
{
    private const int AnswerBytes = 100_000_000;
    private const int MostAboveBaseline = 40_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Rows of a kilobyte, of which many are one alert or each is one of its own; short ones; and few that are very long.</summary>
    [Theory]
    [InlineData(50, 1_000)]
    [InlineData(int.MaxValue, 1_000)]
    [InlineData(int.MaxValue, 20)]
    [InlineData(int.MaxValue, 50_000)]
    public async Task EvaluateDetection_AnswerOf100Megabytes_StaysUnder40MegabytesAboveTheBaseline(int identities, int messageLength)
    {
        var app = await PublishedApp.RequireAsync();
        using var catalogue = Catalogue();
        HostProcess? process = null;
        var baseline = 0L;
        var sent = 0L;
        await using var logs = await LoopbackServer.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            if ((await body.ReadToEndAsync(context.RequestAborted)).Contains("KubePodInventory", StringComparison.Ordinal))
            {
                baseline = process!.BeginPeakMemory();
                sent = await WriteLargeAsync(context.Response, identities, messageLength);
            }
            else
            {
                await WriteAsync(context.Response, Rows(1, 1, 100));
            }
        });
        var storage = await EmulatedHost.CreateAsync(azurite);
        await using var host = HostProcess.Start(app, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage.Connection,
            ["AlertFunctions__Workspaces"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
            ["AlertFunctions__Receivers__team__Url"] = "https://x.logic.azure.com/1",
            ["AlertFunctions__LogAnalyticsEndpoint"] = logs.Address.ToString(),
            ["AlertFunctions__Catalogue"] = catalogue.Path,
        });
        process = host;
        await host.ReadyAsync(Token);

        await EmulatedHost.CallAsync(host, "EvaluateDetections", """{"Data":{"timer":{}},"Metadata":{}}""");
        await storage.EvaluateAsync(host);
        var above = host.PeakMemory() - baseline;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent / 1e6:0} MB answered; {above / 1e6:0.0} MB above {baseline / 1e6:0.0} MB"));
        Assert.InRange(sent, AnswerBytes, AnswerBytes * 1.1);
        Assert.InRange(above, 0, MostAboveBaseline);
    }

    /// <summary>A detection that is answered little and comes first, being worse, and the one that is answered much.</summary>
    private static CatalogueFolder Catalogue() => new CatalogueFolder()
        .With("routes.yaml", EmulatedHost.Routes)
        .WithDetection("pods/small", Detection("pods/small", "KubeEvents").Replace("severity: Medium", "severity: High", StringComparison.Ordinal))
        .WithDetection("pods/large", Detection("pods/large", "KubePodInventory"));

    private static string Detection(string id, string table) => CatalogueFolder.Detection(id, $"{table} | where TimeGenerated > ago(1h)");

    private static async Task WriteAsync(HttpResponse response, IEnumerable<string> rows)
    {
        response.ContentType = "application/json; charset=utf-8";
        await response.WriteAsync(
            """{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Computer","type":"string"},{"name":"Count","type":"long"},{"name":"Message","type":"string"},{"name":"Labels","type":"dynamic"}],"rows":[""");
        var separator = "";
        foreach (var row in rows)
        {
            await response.WriteAsync(separator + row);
            separator = ",";
        }

        await response.WriteAsync("]}]}");
    }

    private static async Task<long> WriteLargeAsync(HttpResponse response, int identities, int messageLength)
    {
        var size = 0L;
        await WriteAsync(response, Rows(int.MaxValue, identities, messageLength).TakeWhile(row => (size += row.Length + 1) < AnswerBytes + row.Length));
        return size;
    }

    private static IEnumerable<string> Rows(int count, int identities, int messageLength)
    {
        for (var i = 0; i < count; i++)
        {
            // No two messages are the same, as in a log.
            var message = i.ToString("x8", CultureInfo.InvariantCulture).PadRight(messageLength, 'm');
            yield return $$"""["2026-03-02T11:00:{{i % 60:00}}.1234567Z","node-{{i % identities}}",{{i}},"{{message}}","{\"app\":\"shop-{{i % 100}}\",\"pod-template-hash\":\"6f7d9c\"}"]""";
        }
    }
}
