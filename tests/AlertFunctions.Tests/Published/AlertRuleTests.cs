using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Published;

/// <summary>The deployed executable keeps alert rules, over a resource manager on this machine, and evaluates itself what is none.</summary>
[Collection(EmulatedHost.Collection)]
public sealed class AlertRuleTests(Azurite azurite)
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg";
    private const string Tick = """{"Data":{"timer":{}},"Metadata":{}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SyncAlertRules_ShippedCatalogue_WritesItsRulesOnceAndTellsWhatItCannot()
    {
        var app = await PublishedApp.RequireAsync();
        await using var rules = await LoopbackRules.StartAsync();
        var storage = await EmulatedHost.CreateAsync(azurite);
        await using var process = HostProcess.Start(app, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage.Connection,
            ["AlertFunctions__Workspaces"] = $"{Group}/providers/Microsoft.OperationalInsights/workspaces/law",
            ["AlertFunctions__Receivers__platform__Url"] = "https://x.logic.azure.com/1",
            ["AlertFunctions__Receivers__security__Url"] = "https://x.logic.azure.com/2",
            ["AlertFunctions__ManageAlertRules"] = "true",
            ["AlertFunctions__AlertRules__ResourceGroup"] = Group,
            ["AlertFunctions__AlertRules__ActionGroup"] = $"{Group}/providers/Microsoft.Insights/actionGroups/ops",
            ["AlertFunctions__ResourceManagerEndpoint"] = rules.Address.ToString(),
        });
        await process.ReadyAsync(Token);

        var (first, _) = await process.CallAsync("SyncAlertRules", Tick, Token);
        var written = rules.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal));
        var (second, _) = await process.CallAsync("SyncAlertRules", Tick, Token);

        Assert.True(first == HttpStatusCode.OK && second == HttpStatusCode.OK, process.Log);
        Assert.Contains(rules.Rules.Keys, name => name.Contains("alertfn-aks-node-not-ready-", StringComparison.Ordinal));
        var health = await HealthAsync(process);
        Assert.Equal((written, 0), (health.GetProperty("kept").GetInt32(), health.GetProperty("notKept").GetArrayLength()));
        Assert.Equal(written, rules.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));

        // Somebody makes the rule theirs: the app leaves it alone, and says that it evaluates the detection itself.
        var taken = rules.Rules.First(rule => rule.Key.Contains("alertfn-aks-node-not-ready-", StringComparison.Ordinal)).Value;
        taken["tags"] = new JsonObject();
        await process.CallAsync("SyncAlertRules", Tick, Token);
        var refused = Assert.Single((await HealthAsync(process)).GetProperty("notKept").EnumerateArray());
        Assert.Equal("aks/node-not-ready", refused.GetProperty("detection").GetString());
        Assert.Contains("not ours", refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await EmulatedHost.CallAsync(process, "EvaluateDetections", Tick);
        Assert.Contains("aks/node-not-ready", await storage.QueuedAsync());
        Assert.DoesNotContain("aks/image-pull-failing", await storage.QueuedAsync());

        rules.Instead = async context =>
        {
            context.Response.StatusCode = 403;
            await context.Response.Body.WriteAsync("""{"error":{"code":"AuthorizationFailed","message":"The client does not have authorization."}}"""u8.ToArray());
            return true;
        };
        var (third, _) = await process.CallAsync("SyncAlertRules", Tick, Token);

        // What it logged last is written when it has ended.
        await process.TerminateAsync(Token);

        Assert.Equal(HttpStatusCode.InternalServerError, third);
        Assert.Contains("HTTP 403: AuthorizationFailed", process.Log, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> HealthAsync(HostProcess process)
    {
        var (_, health) = await process.CallAsync("GetHealth", """{"Data":{"request":{"Url":"http://h/api/health","Method":"GET","Query":{} } } }""", Token);
        return health.GetProperty("Outputs").GetProperty("response").GetProperty("body").GetProperty("alertRules");
    }
}
