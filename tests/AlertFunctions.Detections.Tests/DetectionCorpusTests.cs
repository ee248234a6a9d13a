using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Detections.Tests;

/// <summary>What holds for every detection of the catalogue.</summary>
public sealed partial class DetectionCorpusTests
{
    private static readonly string[] Areas = ["acr", "aks", "azure", "keyvault", "monitoring", "network"];

    // learn.microsoft.com/azure/sentinel/sentinel-analytic-rules-creation: at most three columns in a title.
    private const int TitleColumns = 3;

    public static TheoryData<string> Detections => Corpus.Detections;

    [Fact]
    public void Catalogue_AllFiles_HasNoFault() => Assert.Empty(Corpus.Catalogue.Diagnostics);

    [Fact]
    public void Catalogue_Ids_AreUnique() =>
        Assert.Equal(Corpus.Ids, Corpus.Catalogue.Detections.Select(d => d.Id).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Detections))]
    public void Id_IsAreaAndKebabCaseName(string id)
    {
        Assert.Matches(Id(), id);
        Assert.Contains(Corpus.Detection(id).Area, Areas);
    }

    [Theory]
    [MemberData(nameof(Detections))]
    public void Texts_SayWhatItIsAndWhatToDo(string id)
    {
        var detection = Corpus.Detection(id);

        Assert.True(detection.Description.Length >= 80, "The description is too short to tell when it fires.");
        Assert.True(detection.Runbook.Length >= 200, "The runbook is too short to help at night.");
        Assert.Contains("1. ", detection.Runbook, StringComparison.Ordinal);
        Assert.Matches(@"\|| az |`az |kubectl", detection.Runbook);
        Assert.NotNull(detection.TitleFormat);
        Assert.NotNull(detection.DescriptionFormat);
    }

    [Theory]
    [MemberData(nameof(Detections))]
    public void Title_NamesAtMostThreeColumns(string id) =>
        Assert.InRange(AlertText.ColumnsOf(Corpus.Detection(id).TitleFormat!).Count(), 1, TitleColumns);

    [Theory]
    [MemberData(nameof(Detections))]
    public void Classification_IsGiven(string id)
    {
        var detection = Corpus.Detection(id);

        Assert.NotEmpty(detection.Tactics);
        Assert.NotEmpty(detection.RequiredDataConnectors);
        Assert.NotEmpty(detection.Tags);
        Assert.All(detection.RelevantTechniques, technique => Assert.Matches(Technique(), technique));
    }

    [Theory]
    [MemberData(nameof(Detections))]
    public void Schedule_LooksBackOverMoreThanOneRun(string id)
    {
        var detection = Corpus.Detection(id);

        Assert.True(detection.QueryPeriod >= 2 * detection.QueryFrequency, "A run that fails once would leave a gap.");
        Assert.InRange(detection.QueryFrequency, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1));
        Assert.InRange(detection.QueryPeriod, TimeSpan.FromMinutes(5), TimeSpan.FromDays(14));
    }

    [Theory]
    [MemberData(nameof(Detections))]
    public void Query_HasAnExplicitTimeFilter(string id) =>
        Assert.Contains("where TimeGenerated >", Corpus.Detection(id).Query.Text, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Detections))]
    public void Identity_HasNoTimeOfASnapshot(string id) =>
        Assert.DoesNotContain("TimeGenerated", Corpus.Detection(id).Identity);

    [Theory]
    [MemberData(nameof(Detections))]
    public async Task Tests_FireAndStayQuietAndMeetLateAndRepeatedRecords(string id)
    {
        var file = await Corpus.TestsOfAsync(id);

        Assert.Empty(file.Diagnostics);
        Assert.Contains(file.Tests, test => !test.Expected.IsEmpty);
        Assert.Contains(file.Tests, test => test.Expected.IsEmpty && !test.Records.IsEmpty);
        Assert.Contains(file.Tests, test => !test.Expected.IsEmpty && test.Records.Any(r => r.Late));
        Assert.Contains(file.Tests, test => !test.Expected.IsEmpty && test.Records.Any(r => r.Repeat > 1));
    }

    [Theory]
    [MemberData(nameof(Detections))]
    public async Task Files_HaveNoTabsTrailingBlanksOrWideLines(string id)
    {
        foreach (var extension in new[] { ".yaml", ".kql", ".tests.yaml" })
        {
            var path = Corpus.PathOf(id, extension);
            var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            var lines = text.Split('\n');
            Assert.All(lines, line => Assert.DoesNotMatch(@"\t|[ \r]$", line));
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.True(extension == ".tests.yaml" || lines.All(line => line.Length <= 200), $"{path} has a line of more than 200 characters.");
        }
    }

    [Fact]
    public void Functions_AreDescribed()
    {
        Assert.NotEmpty(Corpus.Catalogue.Functions);
        Assert.All(Corpus.Catalogue.Functions, function => Assert.StartsWith("//", File.ReadAllText(function.Path), StringComparison.Ordinal));
        var readme = File.ReadAllText(Path.Combine(Repository.Kql, "README.md"));
        Assert.All(Corpus.Catalogue.Functions, function => Assert.Contains($"`{function.Name}(", readme, StringComparison.Ordinal));
    }

    [GeneratedRegex("^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^T\d{4}(\.\d{3})?$")]
    private static partial Regex Technique();
}
