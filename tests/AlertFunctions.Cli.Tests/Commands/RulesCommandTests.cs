using System.Text.Json;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Commands;

public sealed class RulesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_ShippedCatalogue_ShowsItsRulesAndDoesNothing()
    {
        var result = await RunAsync("plan");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("aks/node-not-ready", result.Output, StringComparison.Ordinal);
        Assert.Contains("severity 1, every PT5M over PT30M, one alert for each ClusterId, Node", result.Output, StringComparison.Ordinal);
        Assert.Contains("0 changed, 0 removed, 0 as they should be, 0 not done.", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("rules")));
    }

    [Fact]
    public async Task Apply_Twice_ChangesNothingTheSecondTime()
    {
        var first = await RunAsync("apply");
        var second = await RunAsync("apply");
        var drift = await RunAsync("drift");

        Assert.Contains("+ alertfn-aks-node-not-ready-", first.Output, StringComparison.Ordinal);
        Assert.Equal("0 new, 0 changed, 0 removed, 0 as they should be, 0 not done.", second.Output.Trim());
        Assert.Equal((0, 0, 0), (first.ExitCode, second.ExitCode, drift.ExitCode));
    }

    [Fact]
    public async Task Drift_SomebodyChangedARule_ShowsEveryDifferenceAndExitsOne()
    {
        await RunAsync("apply");
        var file = Directory.GetFiles(_folder.File("rules"), "*node-not-ready*").Single();
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
                .Replace("\"severity\": 1", "\"severity\": 4", StringComparison.Ordinal)
                .Replace("| where not(IsReady)", "| where not(IsReady) and Computer != \\u0022node-1\\u0022", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var result = await RunAsync("drift");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("(changed by somebody else since it was written)", result.Output, StringComparison.Ordinal);
        Assert.Contains("severity: 4 -> 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("- | where not(IsReady) and Computer != \"node-1\"", result.Output, StringComparison.Ordinal);
        Assert.Contains("+ | where not(IsReady)", result.Output, StringComparison.Ordinal);
        Assert.Contains("0 new, 1 changed, 0 removed", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_AsJson_TellsEachStep()
    {
        await RunAsync("apply");
        File.Delete(Directory.GetFiles(_folder.File("rules"), "*node-not-ready*").Single());

        var result = await RunAsync("plan", "--output", "json");

        using var document = JsonDocument.Parse(result.Output);
        var actions = document.RootElement.GetProperty("steps").EnumerateArray()
            .ToDictionary(step => step.GetProperty("detection").GetString()!, step => step.GetProperty("action").GetString());
        Assert.Equal("create", actions["aks/node-not-ready"]);
        Assert.Equal("keep", actions["aks/image-pull-failing"]);
        Assert.Empty(document.RootElement.GetProperty("refused").EnumerateArray());
    }

    [Fact]
    public async Task Plan_DetectionThatCannotBeARule_ExitsOneWithPlaceAndHint()
    {
        using var catalogue = new CatalogueFolder();
        catalogue.WithDetection("a/b", CatalogueFolder.Detection("a/b", "union T, U | where TimeGenerated > ago(1h)")
            .Replace("signal: event", "signal: condition\n  deliver: alertRule", StringComparison.Ordinal));

        var result = await Alertfn.RunAsync("rules", "plan", "--rules", _folder.File("rules"), "--kql", catalogue.Path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a/b.yaml:7:8: A rule's query cannot use 'union'. (begin with the one table that it is about)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Template_HoldsTheRulesWithTheirTextsAsTheyAre()
    {
        using var catalogue = new CatalogueFolder();
        catalogue.WithDetection("a/b", CatalogueFolder.Detection("a/b", "\"['T'] | where TimeGenerated > ago(1h) and a in (b['c'])\"")
            .Replace("name: A computer is here", "name: \"[x]\"", StringComparison.Ordinal)
            .Replace("signal: event", "signal: condition\n  deliver: alertRule", StringComparison.Ordinal)
            .Replace("Something was seen.", "\"[brackets\"", StringComparison.Ordinal)
            .Replace("runbook: Look at it.", "runbook: \"all of it]\"", StringComparison.Ordinal));
        var file = _folder.File("rules.json");

        var result = await Alertfn.RunAsync("rules", "export", "--rules", _folder.File("rules"), "--out", file, "--kql", catalogue.Path);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var template = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var resource = Assert.Single(template.RootElement.GetProperty("resources").EnumerateArray());
        Assert.Equal("2023-12-01", resource.GetProperty("apiVersion").GetString());
        var properties = resource.GetProperty("properties");
        Assert.Equal("[[brackets\n\nall of it]", properties.GetProperty("description").GetString());
        Assert.StartsWith("['T'] | where", properties.GetProperty("criteria").GetProperty("allOf")[0].GetProperty("query").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan", "Rules in Azure need --resource-group, --action-group and at least one --workspace.")]
    [InlineData("plan --resource-group rg --action-group ag --workspace w", "'w' is not a resource id.")]
    [InlineData("plan --resource-manager http://example.com", "must be an https address")]
    [InlineData("plan --cloud mars", "mars")]
    public async Task Plan_PlaceThatIsNone_ExitsTwo(string arguments, string message)
    {
        var result = await Alertfn.RunAsync(["rules", .. arguments.Split(' '), "--kql", Testing.Repository.Kql]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(string command, params string[] more) =>
        Alertfn.RunAsync(["rules", command, "--rules", _folder.File("rules"), "--kql", Testing.Repository.Kql, .. more]);
}
