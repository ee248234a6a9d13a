using System.Text.Json;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Commands;

public sealed class RoutesCommandTests : IDisposable
{
    private readonly CatalogueFolder _catalogue = new CatalogueFolder()
        .WithDetection("aks/here", CatalogueFolder.Detection("aks/here"))
        .With("routes.yaml", """
            receivers:
              - { name: platform, type: teams, setting: Receivers__Platform }
              - { name: night, type: teams, setting: Receivers__Night }
            timeWindows:
              - { name: hours, timeZone: Europe/Berlin, days: [Mon-Fri], from: "08:00", to: "18:00" }
            route:
              receiver: platform
              groupBy: [detection]
              routes:
                - { name: severe, match: ["severity>=High"], receiver: night }
                - { name: here, match: [detection=aks/here, Computer=~web-.*], activeTimes: [hours] }
            """);

    public void Dispose() => _catalogue.Dispose();

    [Fact]
    public async Task Test_AlertsWay_ShowsWhatTookItAndWhatRefused()
    {
        // Monday, 08:30 in Berlin.
        var result = await TestAsync("detection=aks/here", "Computer=web-1", "--at", "2026-03-02T07:30:00Z", "--output", "json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(
            ["root: passed on to a route below", "root/severe: refused: severity>=High is not so, severity is 'Medium'", "root/here: sent"],
            json.RootElement.EnumerateArray().Select(step => $"{step.GetProperty("route").GetString()}: {step.GetProperty("outcome").GetString()}"));
        Assert.Equal("root/here{detection=\"aks/here\"}", json.RootElement[2].GetProperty("groupKey").GetString());
    }

    [Theory]
    [InlineData("a route that is not active", "detection=aks/here Computer=web-1 --at 2026-03-02T05:30:00Z", "sent when hours begins", "")]
    [InlineData("the root takes what no other does", "detection=aks/here Computer=db-1", "Computer=~web-.* is not so, Computer is 'db-1'", "")]
    [InlineData("what people wait for", "detection=aks/here severity=high", "night is told after 30s, at most every 5m", "")]
    [InlineData("a label that no alert has", "detection=aks/here computer=web-1", "Computer is absent", "has a label computer; did you mean 'Computer'?")]
    [InlineData("a detection that is not there", "detection=aks/her", "sent", "no detection aks/her; did you mean 'aks/here'?")]
    public async Task Test_Table_Says(string why, string arguments, string said, string note)
    {
        var result = await TestAsync(arguments.Split(' '));

        Assert.True(
            result.ExitCode == 0 && result.Output.Contains(said, StringComparison.Ordinal) && result.Error.Contains(note, StringComparison.Ordinal)
            && (note.Length > 0 || result.Error.Length == 0),
            $"{why}: {result}");
    }

    [Theory]
    [InlineData("no label", "Computer", "is not a label")]
    [InlineData("a label twice", "a=1 a=2", "given twice")]
    [InlineData("no severity", "severity=urgent", "Informational, Low, Medium, High")]
    public async Task Test_UsageFault_ExitsTwo(string why, string arguments, string fault)
    {
        var result = await TestAsync(arguments.Split(' '));

        Assert.True(result.ExitCode == 2 && result.Error.Contains(fault, StringComparison.Ordinal), $"{why}: {result}");
    }

    [Fact]
    public async Task Test_FaultyRoutes_AreReportedWithTheirPlace()
    {
        _catalogue.With("routes.yaml", "receivers: []\nroute: { receiver: platfrm }\n");

        var result = await TestAsync("detection=aks/here");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("routes.yaml:2:20: error", result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> TestAsync(params string[] arguments) => Alertfn.RunAsync(["routes", "test", .. arguments, "--kql", _catalogue.Path]);
}
