using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Detections.Tests.DetectionTests;

public sealed class AlertComparisonTests
{
    [Fact]
    public void Compare_Equal_HasNoDifference() =>
        Assert.Empty(Compare([Expect("Pod=a", Severity.High, 2)], [Raise("Pod=a,Node=n1", Severity.High, 2)]));

    [Fact]
    public void Compare_Missing_NamesTheIdentity()
    {
        var difference = Assert.Single(Compare([Expect("Pod=a")], []));

        Assert.Equal("missing     Pod=a (x.tests.yaml:7:9)", difference);
    }

    [Fact]
    public void Compare_Unexpected_ShowsTheAlert()
    {
        var difference = Assert.Single(Compare([], [Raise("Pod=b,Node=n1", Severity.Low)]));

        Assert.Equal("unexpected  Low, count 1: Pod=b, Node=n1 (\"title\")", difference);
    }

    [Fact]
    public void Compare_OtherSeverityCountAndLabel_AreAllShown()
    {
        var differences = Compare(
            [Expect("Pod=a", Severity.High, 2, "Node=n2")], [Raise("Pod=a,Node=n1", Severity.Low)]);

        Assert.Equal(
            [
                "different   Pod=a: Node should be 'n2', is 'n1' (x.tests.yaml:7:9)",
                "different   Pod=a: severity should be High, is Low (x.tests.yaml:7:9)",
                "different   Pod=a: count should be 2, is 1 (x.tests.yaml:7:9)",
            ],
            differences);
    }

    [Fact]
    public void Compare_OneAlertForTwoExpectations_MissesOne() =>
        Assert.Single(Compare([Expect("Pod=a"), Expect("Pod=a")], [Raise("Pod=a")]));

    [Fact]
    public void Compare_VagueExpectationFirst_LeavesTheAlertToTheExactOne() => Assert.Empty(Compare(
        [Expect("Pod=a"), Expect("Pod=a,Node=n1")],
        [Raise("Pod=a,Node=n1"), Raise("Pod=a,Node=n2")]));

    [Fact]
    public void Compare_SeverityDecidesBetweenEqualIdentities() => Assert.Empty(Compare(
        [Expect("Pod=a", Severity.Low), Expect("Pod=a", Severity.High)],
        [Raise("Pod=a,Node=n1", Severity.High), Raise("Pod=a,Node=n2", Severity.Low)]));

    private static ImmutableArray<string> Compare(ImmutableArray<ExpectedAlert> expected, IReadOnlyList<Alert> raised) =>
        AlertComparison.Compare(expected, raised);

    private static ExpectedAlert Expect(string identity, Severity? severity = null, long? count = null, string labels = "") =>
        new(Values(identity), Values(labels), severity, count, new SourcePosition("x.tests.yaml", 7, 9));

    private static ImmutableSortedDictionary<string, ExpectedValue> Values(string text) => Pairs(text).ToImmutableSortedDictionary(
        pair => pair.Key, pair => new ExpectedValue(pair.Value, null, new SourcePosition("x.tests.yaml", 7, 9)), StringComparer.Ordinal);

    private static Alert Raise(string labels, Severity severity = Severity.Medium, long count = 1) => new()
    {
        Detection = "aks/x",
        Fingerprint = labels,
        Severity = severity,
        Labels = new Dictionary<string, string>(Pairs(labels).Append(new(LabelNames.Detection, "aks/x"))),
        Title = "title",
        Description = "",
        Runbook = "",
        StartsAt = default,
        LastSeenAt = default,
        Count = count,
        Rows = new QueryTable([], []),
        Query = new QueryLink("", default, null),
    };

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string text) => text
        .Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('='))
        .Select(pair => KeyValuePair.Create(pair[0], pair[1]));
}
