using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Cli.Tests.Commands;

/// <summary><c>alertfn rules</c> over Azure Resource Manager's own protocol: what it would do, does, finds changed, and leaves alone.</summary>
public sealed class AzureRulesTests : IAsyncLifetime
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-alerts";
    private const string NodeRule = "node-not-ready";

    private static readonly string[] Workspaces = [Workspace("law-prod"), Workspace("law-dev")];

    private LoopbackRules _azure = null!;

    public async ValueTask InitializeAsync() => _azure = await LoopbackRules.StartAsync();

    public ValueTask DisposeAsync() => _azure.DisposeAsync();

    [Fact]
    public async Task Plan_NothingThere_ShowsARuleForEachWorkspaceAndWritesNone()
    {
        var result = await RunAsync("plan");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("+ alertfn-aks-node-not-ready-", result.Output, StringComparison.Ordinal);
        Assert.Contains($"    reads {Workspaces[1].ToLowerInvariant()}", result.Output, StringComparison.Ordinal);
        Assert.Contains("4 new, 0 changed, 0 removed, 0 as they should be, 0 not done.", result.Output, StringComparison.Ordinal);
        Assert.All(_azure.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_Twice_HasNothingToDoTheSecondTime()
    {
        var first = await RunAsync("apply");
        var written = Writes();
        var second = await RunAsync("apply");
        var drift = await RunAsync("drift");
        var plan = await RunAsync("plan", "--output", "json");

        Assert.Equal((0, 0, 0, 0), (first.ExitCode, second.ExitCode, drift.ExitCode, plan.ExitCode));
        Assert.Equal((4, 4), (written, _azure.Rules.Count));
        Assert.Equal("0 new, 0 changed, 0 removed, 0 as they should be, 0 not done.", second.Output.Trim());
        Assert.Equal(written, Writes());
        Assert.All(Steps(plan), step => Assert.Equal("keep", step.GetProperty("action").GetString()));
    }

    [Fact]
    public async Task Drift_SomebodyChangedARule_ExitsOneWithTheDifferenceAndApplyMendsIt()
    {
        await RunAsync("apply");
        Rule(NodeRule)["properties"]!["severity"] = 4;
        Rule(NodeRule)["tags"]!["cost-center"] = "42";

        var drift = await RunAsync("drift", "--output", "json");
        var apply = await RunAsync("apply");

        var step = Assert.Single(Steps(drift));
        Assert.Equal((1, "update", true), (drift.ExitCode, step.GetProperty("action").GetString(), step.GetProperty("changedElsewhere").GetBoolean()));
        var difference = Assert.Single(step.GetProperty("differences").EnumerateArray());
        Assert.Equal(("severity", "4", "1"), (difference.GetProperty("property").GetString(), difference.GetProperty("before").GetString(), difference.GetProperty("after").GetString()));
        Assert.Contains("0 new, 1 changed, 0 removed", apply.Output, StringComparison.Ordinal);
        Assert.Equal((1, "42"), (Rule(NodeRule)["properties"]!["severity"]!.GetValue<int>(), Rule(NodeRule)["tags"]!["cost-center"]!.GetValue<string>()));
        Assert.Equal(0, (await RunAsync("drift")).ExitCode);
    }

    [Fact]
    public async Task Apply_DetectionsGone_RemovesOwnRulesAndLeavesForeignOnesAlone()
    {
        await RunAsync("apply");
        var foreign = (JsonObject)Rule(NodeRule).DeepClone();
        foreign["tags"] = new JsonObject { ["team"] = "sales" };
        var path = $"{Group}/providers/microsoft.insights/scheduledqueryrules/sales-rule";
        foreign["id"] = path;
        foreign["name"] = "sales-rule";
        _azure.Rules[path] = foreign;
        var before = foreign.ToJsonString();
        using var catalogue = new CatalogueFolder().WithDetection("a/b", CatalogueFolder.Detection("a/b"));

        var result = await RunOverAsync(catalogue.Path, "apply");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("0 new, 0 changed, 4 removed", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, Assert.Single(_azure.Rules).Value.ToJsonString());
    }

    [Fact]
    public async Task Apply_ForeignRuleOfTheName_IsLeftAloneAndExitsOne()
    {
        await RunAsync("apply");
        Rule(NodeRule)["tags"] = new JsonObject();
        var before = Rule(NodeRule).ToJsonString();

        var result = await RunAsync("apply");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("that is not ours; it is left alone.", result.Output, StringComparison.Ordinal);
        Assert.Contains("A detection that is no rule is evaluated by the app until it is one.", result.Output, StringComparison.Ordinal);
        Assert.Equal(before, Rule(NodeRule).ToJsonString());
    }

    [Fact]
    public async Task Apply_ServiceRefusesOneRule_WritesTheOthersAndExitsOneWithItsReason()
    {
        Refuse(400, "BadRequest", "The query has no table ContainerImages.", context => context.Request.Method == "PUT" && context.Request.Path.Value!.Contains(NodeRule, StringComparison.Ordinal));

        var result = await RunAsync("apply", "--output", "json");

        Assert.Equal((1, 2), (result.ExitCode, _azure.Rules.Count));
        var refused = JsonElement.Parse(result.Output).GetProperty("refused").EnumerateArray().ToArray();
        Assert.Equal(2, refused.Length);
        Assert.All(refused, refusal => Assert.Contains("ContainerImages", refusal.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("apply")]
    [InlineData("drift")]
    public async Task Rules_NoRightToReadThem_ExitsOneAndSaysWhatTheServiceSaid(string command)
    {
        Refuse(403, "AuthorizationFailed", "The client does not have authorization to perform action 'Microsoft.Insights/scheduledQueryRules/read'.", _ => true);

        var result = await RunAsync(command);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot be read, so nothing is planned. It takes somebody signed in ('az login') with Reader on the subscription. HTTP 403: AuthorizationFailed", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Writes());
    }

    [Fact]
    public async Task Export_AsksNothingAndWritesWhatApplyWould()
    {
        await RunAsync("apply");
        _azure.Requests.Clear();

        var result = await RunAsync("export");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(_azure.Requests);
        var names = JsonElement.Parse(result.Output).GetProperty("resources").EnumerateArray().Select(resource => resource.GetProperty("name").GetString());
        Assert.Equal(_azure.Rules.Values.Select(rule => rule["name"]!.GetValue<string>()).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Plan_PlaceIsIncomplete_ExitsTwo()
    {
        var result = await Alertfn.RunAsync("rules", "plan", "--resource-group", Group, "--resource-manager", _azure.Address.ToString(), "--kql", Testing.Repository.Kql);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(_azure.Requests);
    }

    private static string Workspace(string name) => $"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/{name}";

    private static JsonElement[] Steps(CommandResult result) => [.. JsonElement.Parse(result.Output).GetProperty("steps").EnumerateArray()];

    private Task<CommandResult> RunAsync(string command, params string[] more) => RunOverAsync(Testing.Repository.Kql, command, more);

    private Task<CommandResult> RunOverAsync(string catalogue, string command, params string[] more) => Alertfn.RunAsync(
    [
        "rules", command, "--resource-group", Group, "--action-group", $"{Group}/providers/Microsoft.Insights/actionGroups/ops",
        "--workspace", Workspaces[0], "--workspace", Workspaces[1], "--resource-manager", _azure.Address.ToString(), "--kql", catalogue, .. more,
    ]);

    private JsonObject Rule(string part) => _azure.Rules.OrderBy(rule => rule.Key, StringComparer.Ordinal).First(rule => rule.Key.Contains(part, StringComparison.Ordinal)).Value;

    private int Writes() => _azure.Requests.Count(request => !request.StartsWith("GET ", StringComparison.Ordinal));

    private void Refuse(int status, string code, string message, Func<HttpContext, bool> isRefused) => _azure.Instead = async context =>
    {
        if (!isRefused(context))
        {
            return false;
        }

        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new { error = new { code, message } });
        return true;
    };
}
