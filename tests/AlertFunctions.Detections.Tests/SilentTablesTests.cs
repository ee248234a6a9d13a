using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Workspace;

namespace AlertFunctions.Detections.Tests;

/// <summary>The product's own watch over the tables that detections read, run on the embedded workspace.</summary>
public sealed class SilentTablesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a table that always has records is silent after half a day", 1, 12, true)]
    [InlineData("and not yet after a few hours", 1, 5, false)]
    [InlineData("one with a record every six hours may pause for a day", 6, 24, false)]
    [InlineData("and not for three", 6, 72, true)]
    [InlineData("one with a record now and then is never silent", 48, 100, false)]
    public async Task Evaluate_ATable_IsSilentByItsOwnHabit(string why, int hoursBetween, int hoursSilent, bool isSilent)
    {
        var folder = Directory.CreateTempSubdirectory("alertfn-silent-").FullName;
        var records = Enumerable.Range(0, 400 / hoursBetween)
            .Select(i => Noon.AddHours(-hoursSilent - (i * hoursBetween)))
            .Select(time => JsonSerializer.Serialize(new { TimeGenerated = time, Verb = "get" }));
        await File.WriteAllLinesAsync(Path.Combine(folder, "AKSAudit.jsonl"), records, TestContext.Current.CancellationToken);
        await using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { SchemaFolder = Corpus.SchemaFolder });
        await workspace.IngestAsync([folder], null, TestContext.Current.CancellationToken);
        var detection = OwnDetections.SilentTables(Corpus.Catalogue)!;

        var outcome = await new DetectionEvaluator(workspace, Corpus.Catalogue).EvaluateAsync(
            new(detection, Noon, DetectionEvaluator.IntervalOf(detection, Noon, Noon)), TestContext.Current.CancellationToken);

        Directory.Delete(folder, recursive: true);
        var alerts = Assert.IsType<Evaluated>(outcome).Alerts;
        Assert.True(isSilent ? alerts is [{ } alert] && alert.Labels["Table"] == "AKSAudit" : alerts.Count == 0, why);
        Assert.Equal(SignalKind.Condition, detection.Signal);
    }

    [Fact]
    public void SilentTables_OnTheBasicPlan_AreLeftOut()
    {
        Assert.Contains("(['AKSAudit']\n", OwnDetections.SilentTables(Corpus.Catalogue)!.Query.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("(['AKSAudit']\n", OwnDetections.SilentTables(Corpus.Catalogue, ["AKSAudit"])!.Query.Text, StringComparison.Ordinal);
    }
}
