using System.Text.Json;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Commands;

/// <summary>What became of alerts, and how they are kept back: alerts and silence over the state that run leaves.</summary>
public sealed class AlertCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CatalogueFolder _catalogue = new CatalogueFolder()
        .WithDetection("aks/here", CatalogueFolder.Detection("aks/here"))
        .With("detections/aks/here.exceptions.yaml", """
            exceptions:
              - { match: [Computer=c], owner: Grace, reason: a test machine, expires: 2026-04-01 }
            """)
        .With("routes.yaml", """
            receivers:
              - { name: platform, type: teams, setting: Receivers__Platform }
            route: { receiver: platform, groupBy: [detection], groupWait: 30s, groupInterval: 5m }
            """);

    public AlertCommandsTests() => _folder.Write(
        "data/Heartbeat.jsonl",
        string.Join('\n', ((string[])["a", "b", "c"]).Select(name => $$"""{"TimeGenerated":"2026-03-02T10:00:00Z","Computer":"{{name}}"}""")));

    public void Dispose()
    {
        _catalogue.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Alerts_EachHasItsReason_InWords()
    {
        var id = await SilenceAsync("Computer=b");
        await RunAsync();

        var list = await OnStateAsync("alerts");
        var unsent = await OnStateAsync("alerts", "--state", "unsent", "--output", "json");

        Assert.Contains("platform told at 2026-03-02 10:06Z", list.Output, StringComparison.Ordinal);
        Assert.Contains($"platform not sent: silenced by Ada until 2026-03-02 12:00Z ({id}): maintenance", list.Output, StringComparison.Ordinal);
        Assert.Contains("platform not sent: expected until 2026-04-01 00:00Z by an exception of Grace: a test machine", list.Output, StringComparison.Ordinal);
        Assert.Contains("3 alerts, 2 of them not told to all they concern.", list.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(unsent.Output);
        Assert.Equal(2, json.RootElement.GetArrayLength());
        Assert.All(json.RootElement.EnumerateArray(), alert => Assert.False(alert.GetProperty("routes")[0].GetProperty("told").GetBoolean()));
    }

    [Fact]
    public async Task Alerts_Why_TellsOfOneByTheBeginningOfItsFingerprint()
    {
        await RunAsync();
        using var all = JsonDocument.Parse((await OnStateAsync("alerts", "--output", "json")).Output);
        var fingerprint = all.RootElement.EnumerateArray()
            .Single(alert => alert.GetProperty("labels").GetProperty("Computer").GetString() == "a").GetProperty("fingerprint").GetString()!;

        var why = await OnStateAsync("alerts", "--why", fingerprint[..6]);
        var unknown = await OnStateAsync("alerts", "--why", "zz");

        Assert.Equal(0, why.ExitCode);
        Assert.Contains("aks/here, happened since 2026-03-02 10:00:00", why.Output, StringComparison.Ordinal);
        Assert.Contains("  Computer=a", why.Output, StringComparison.Ordinal);
        Assert.Contains("platform (root): told at 2026-03-02 10:06Z", why.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (unknown.ExitCode, unknown.Output));
        Assert.Contains("No alert's fingerprint begins with zz.", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_Detections_SayHowEachFares()
    {
        _catalogue.WithDetection("aks/broken", CatalogueFolder.Detection("aks/broken", query: "Heartbeat | where TimeGenerated > ago(1h) | where Absent == 1"));
        await OnStateAsync("run", "--once", "--data", _folder.File("data"));

        var result = await OnStateAsync("alerts", "--detections", "--output", "json");

        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(
            ["aks/broken: failing", "aks/here: running"],
            json.RootElement.EnumerateArray().Select(row => $"{row.GetProperty("detection").GetString()}: {row.GetProperty("status").GetString()}"));
        Assert.Contains("Absent", json.RootElement[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("last found something", (await OnStateAsync("alerts", "--detections")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_NothingRanYet_SaysWhatToDo()
    {
        var result = await OnStateAsync("alerts");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("alertfn run --out", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("out/state.db")));
    }

    [Fact]
    public async Task Silence_Ended_HidesNothingMore()
    {
        var id = await SilenceAsync("Computer=~a|b");
        await OnStateAsync("silence", "end", id, "--at", "2026-03-02T09:30:00Z");
        await RunAsync();

        var list = await OnStateAsync("silence", "list", "--output", "json");

        using var json = JsonDocument.Parse(list.Output);
        var silence = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(("over", 2), (silence.GetProperty("state").GetString(), silence.GetProperty("matchingAlerts").GetInt32()));
        Assert.DoesNotContain("silenced", (await OnStateAsync("alerts")).Output, StringComparison.Ordinal);
        Assert.Contains("ends at 2026-03-02 09:30:00 already", (await OnStateAsync("silence", "end", id)).Error, StringComparison.Ordinal);
        Assert.Contains("There is no silence x.", (await OnStateAsync("silence", "end", "x")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no matcher", "Computer", "is not a matcher", "--for", "2h")]
    [InlineData("everything", "Computer=~.*", "take every alert", "--for", "2h")]
    [InlineData("no end", "Computer=a", "--for 2h", "--start", "2026-03-02T09:00:00Z")]
    [InlineData("an end before the start", "Computer=a", "is not after the start", "--end", "2020-01-01")]
    [InlineData("no duration", "Computer=a", "is not a duration", "--for", "soon")]
    public async Task Silence_Faulty_IsRefused(string why, string matcher, string fault, string option, string value)
    {
        var result = await OnStateAsync("silence", "add", matcher, "--owner", "Ada", "--comment", "maintenance", option, value);

        Assert.True(result.ExitCode == 2 && result.Error.Contains(fault, StringComparison.Ordinal), $"{why}: {result}");
        Assert.False(File.Exists(_folder.File("out/state.db")));
    }

    private async Task<string> SilenceAsync(string matcher)
    {
        var added = await OnStateAsync(
            "silence", "add", matcher, "--owner", "Ada", "--comment", "maintenance",
            "--start", "2026-03-02T09:00:00Z", "--end", "2026-03-02T12:00:00Z", "--output", "json");
        Assert.Equal((0, ""), (added.ExitCode, added.Error));
        using var json = JsonDocument.Parse(added.Output);
        return json.RootElement[0].GetProperty("id").GetString()!;
    }

    private async Task RunAsync()
    {
        var result = await OnStateAsync("run", "--once", "--data", _folder.File("data"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    private Task<CommandResult> OnStateAsync(params string[] arguments) =>
        Alertfn.RunAsync([.. arguments, "--out", _folder.File("out"), "--kql", _catalogue.Path]);
}
