using System.Net;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Published;

/// <summary>The deployed executable keeps alert rules, over a resource manager on this machine.</summary>
public sealed class AlertRuleTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg";
    private const string Tick = """{"Data":{"timer":{}},"Metadata":{}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SyncAlertRules_ShippedCatalogue_WritesItsRulesOnceAndTellsWhatItCannot()
    {
        var app = await PublishedApp.RequireAsync();
        await using var rules = await LoopbackRules.StartAsync();
        await using var process = HostProcess.Start(app, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
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
        Assert.Equal(written, rules.Requests.Count(request => request.StartsWith("PUT", StringComparison.Ordinal)));

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
}
