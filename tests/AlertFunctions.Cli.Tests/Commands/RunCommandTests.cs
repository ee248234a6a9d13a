using System.Text.Json;
using AlertFunctions.Cli.Alerts;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Commands;

public sealed class RunCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CatalogueFolder _catalogue = new CatalogueFolder()
        .WithDetection("aks/here", CatalogueFolder.Detection("aks/here"))
        .With("routes.yaml", """
            receivers:
              - { name: platform, type: teams, setting: Receivers__Platform }
            route: { receiver: platform, groupBy: [detection], groupWait: 30s, groupInterval: 5m }
            """);

    public RunCommandTests() => Heartbeats("a");

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_Twice_SendsNothingNewAndSaysSo()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("1 alert in 1 card, from 1 record and 2 evaluations of 1 detection.", first.Output, StringComparison.Ordinal);
        Assert.Contains("nothing new: 0 notifications, 1 already sent, from 1 record and 0 evaluations", second.Output, StringComparison.Ordinal);
        Assert.Single(Cards());
        Assert.Contains("to platform", await File.ReadAllTextAsync(_folder.File("out/index.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FurtherRecords_SendsWhatTheyBring()
    {
        await RunAsync();
        Heartbeats("a", "b");

        var second = await RunAsync();

        Assert.Contains("1 new notification, 1 already sent, 2 alerts in all", second.Output, StringComparison.Ordinal);
        Assert.Equal(2, Cards().Length);
    }

    [Fact]
    public async Task Run_Fresh_BeginsAnewAndLeavesOtherFilesAlone()
    {
        await RunAsync();
        _folder.Write("out/cards/note.json", "{}");
        Heartbeats("b");

        var fresh = await RunAsync("--fresh", "--output", "json");

        using var alerts = JsonDocument.Parse(fresh.Output);
        var alert = Assert.Single(alerts.RootElement.EnumerateArray());
        Assert.Equal("b", alert.GetProperty("labels").GetProperty("Computer").GetString());
        Assert.Equal("Something was seen.", alert.GetProperty("description").GetString());
        Assert.Equal(2, Cards().Length);
    }

    [Fact]
    public async Task Run_StateIsNoDatabase_SaysWhatToDo()
    {
        _folder.Write("out/state.db", "not a database, and long enough to be told from one that was never written");

        var result = await RunAsync();
        var fresh = await RunAsync("--fresh");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--fresh", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, fresh.ExitCode);
    }

    [Fact]
    public async Task Run_WhileAnotherHoldsTheFolder_EndsAndSaysSo()
    {
        CommandResult second;
        using (FolderLock.Take(_folder.File("out")))
        {
            second = await RunAsync();
        }

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("Wait for the other `alertfn run` to end", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync()).ExitCode);
    }

    private Task<CommandResult> RunAsync(params string[] more) => Alertfn.RunAsync(
        ["run", "--once", "--data", _folder.File("data"), "--out", _folder.File("out"), "--kql", _catalogue.Path, .. more]);

    private string[] Cards() => Directory.GetFiles(_folder.File("out/cards"));

    private void Heartbeats(params string[] computers) => _folder.Write(
        "data/Heartbeat.jsonl",
        string.Join('\n', computers.Select((name, i) => $$"""{"TimeGenerated":"2026-03-02T1{{i}}:00:00Z","Computer":"{{name}}"}""")));
}
