using AlertFunctions.Alerting.Routing;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Routing;

public sealed class RoutesLoaderTests : IDisposable
{
    private const string Good = """
        receivers:
          - { name: team, type: teams, setting: Receivers__Team }
          - { name: disk, type: file }
        timeWindows:
          - { name: hours, timeZone: Europe/Berlin, days: [Mon-Fri], from: "08:00", to: "18:00" }
        inhibitions:
          - { name: node, source: [detection=aks/node], target: ["detection=~aks/pod-.*"], equal: [Cluster, Node] }
        storm: { alertsPerMinute: 30 }
        route:
          receiver: team
          groupBy: [detection]
          groupWait: 1m
          groupInterval: 5m
          repeatInterval: 4h
          routes:
            - name: loud
              match: [severity>=High]
              receiver: disk
              continue: true
              groupBy: []
            - match: [Namespace=shop]
              activeTimes: [hours]
              routes:
                - { name: deep, match: [Name!~test.*] }

        """;

    private readonly CatalogueFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OwnRoutes_HaveNoFaults()
    {
        var loaded = RoutesLoader.Load(Path.Combine(Repository.Kql, "routes.yaml"));

        Assert.Empty(loaded.Diagnostics);
        Assert.Equal("security", Assert.Single(loaded.Routes!.Match(Labels("detection=azure/privileged-role-assigned"))).Receiver);
        Assert.Equal("platform", Assert.Single(loaded.Routes.Match(Labels("detection=aks/container-oom-killed"))).Receiver);
    }

    [Fact]
    public void Load_GoodFile_InheritsAndMatches()
    {
        var loaded = Load(Good);

        Assert.Empty(loaded.Diagnostics);
        var routes = loaded.Routes!;
        Assert.Equal(30, routes.StormLimit);
        Assert.Equal(["root/loud"], Ids("severity=High"));
        Assert.Equal(["root/loud", "root/1/deep"], Ids("severity=High", "Namespace=shop"));
        Assert.Equal(["root/1"], Ids("severity=Low", "Namespace=shop", "Name=test-1"));
        Assert.Equal(["root"], Ids("severity=Medium"));
        var deep = routes.Match(Labels("Namespace=shop"))[0];
        Assert.Equal(TimeSpan.FromMinutes(1), deep.GroupWait);
        Assert.Equal(["detection"], deep.GroupBy);
        Assert.Equal("hours", Assert.Single(deep.ActiveTimes).Name);
        Assert.Empty(routes.Match(Labels("severity=High"))[0].GroupBy);

        string[] Ids(params string[] labels) => [.. routes.Match(Labels(labels)).Select(r => r.Id)];
    }

    [Fact]
    public void Explain_SaysWhatKeptAnAlertFromEachRoute()
    {
        var steps = Load(Good).Routes!.Explain(Labels("Namespace=shop", "Name=test-1"))
            .Select(s => $"{s.Route.Id} {(s.Taken ? "taken" : s.Failing?.ToString() ?? "passed")}");

        Assert.Equal(["root passed", "root/loud severity>=High", "root/1 taken", "root/1/deep Name!~test.*"], steps);
    }

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "receiver: disk", "receiver: dsk", "18:17: error AFN021", "did you mean 'disk'?" },
        { "setting: Receivers__Team", "setting: https://team.example/hook", "2:41: error AFN010", "app setting" },
        { ", setting: Receivers__Team", "", "error AFN006", "app setting" },
        { "type: file", "type: pager", "3:25: error AFN010", "teams" },
        { "Europe/Berlin", "Europe/Belin", "5:30: error AFN023", "Europe/Berlin" },
        { "[Mon-Fri]", "[Mon-Fry]", "5:52: error AFN010", "Mon-Fri" },
        { "\"18:00\"", "\"25:00\"", "error AFN010", "08:00" },
        { "severity>=High", "severity>=Huge", "17:15: error AFN010", "Informational" },
        { "\"detection=~aks/pod-.*\"", "\"detection=~aks/(\"", "error AFN010", "regular expression" },
        { "Namespace=shop", "Namespace", "21:15: error AFN010", "Label=value" },
        { "[hours]", "[hour]", "22:21: error AFN010", "did you mean 'hours'?" },
        { "repeatInterval: 4h", "repeatInterval: 4m", "14:19: error AFN018", "groupInterval" },
        { "groupWait: 1m", "groupWiat: 1m", "12:3: error AFN004", "did you mean 'groupWait'?" },
        { "equal: [Cluster, Node]", "eq: [Cluster]", "error AFN006: Field 'equal' is missing.", "another's pods" },
        { "alertsPerMinute: 30", "alertsPerMinute: 0", "error AFN010", "at least one" },
        { "continue: true", "continue: yes please", "19:17: error AFN005", "true or false" },
        { "[Namespace=shop]", "[severity>=High, Namespace=shop]", "", "" },
        { "continue: true", "continue: false\n    - { name: never, match: [severity>=High, Namespace=x] }", "20:7: warning AFN022", "move it up" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Load_FaultyFile_PointsToTheFault(string written, string faulty, string place, string words)
    {
        var yaml = Good.Replace(written, faulty, StringComparison.Ordinal);
        if (place.Contains("AFN022", StringComparison.Ordinal))
        {
            yaml = yaml.Replace("      groupBy: []\n", "", StringComparison.Ordinal);
        }

        var loaded = Load(yaml);

        var lines = loaded.Diagnostics.Select(d => d.ToString()).ToArray();
        if (place.Length == 0)
        {
            Assert.Empty(lines);
            return;
        }

        Assert.Contains(lines, l => l.Contains(place, StringComparison.Ordinal) && l.Contains(words, StringComparison.Ordinal));
        Assert.Equal(place.Contains("error", StringComparison.Ordinal), loaded.Routes is null);
    }

    [Theory]
    [InlineData("Name=a", "Name=a", true)]
    [InlineData("Name=a", "Name=ab", false)]
    [InlineData("Name=\"a b\"", "Name=a b", true)]
    [InlineData("Name!=a", "Other=x", true)]
    [InlineData("Name=", "Other=x", true)]
    [InlineData("Name=~a|b.*", "Name=bcd", true)]
    [InlineData("Name=~a", "Name=xa", false)]
    [InlineData("Name!~a.*", "Name=abc", false)]
    [InlineData("severity>=Medium", "severity=High", true)]
    [InlineData("severity>=Medium", "severity=Low", false)]
    [InlineData("severity<=Low", "severity=Informational", true)]
    [InlineData("severity>=Low", "Other=x", false)]
    public void Matcher_Matches_AsWritten(string matcher, string label, bool expected) =>
        Assert.Equal(expected, Matcher.Parse(matcher, out _)!.Matches(Labels(label)));

    [Theory]
    // A Monday in winter and one in summer: Berlin's clock is one and two hours ahead.
    [InlineData("2026-03-02T06:59:00Z", false)]
    [InlineData("2026-03-02T07:00:00Z", true)]
    [InlineData("2026-07-06T06:00:00Z", true)]
    [InlineData("2026-07-06T15:59:00Z", true)]
    [InlineData("2026-07-06T16:00:00Z", false)]
    [InlineData("2026-07-05T10:00:00Z", false)]
    public void TimeWindow_Contains_ReadsTheZonesClock(string now, bool expected)
    {
        var window = Load(Good).Routes!.Match(Labels("Namespace=shop"))[0].ActiveTimes[0];

        Assert.Equal(expected, window.Contains(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void TimeWindow_OverMidnight_EndsOnTheNextDay()
    {
        var night = new TimeWindow("night", TimeZoneInfo.Utc, [DayOfWeek.Friday], new TimeOnly(22, 0), new TimeOnly(6, 0));

        Assert.True(night.Contains(new DateTimeOffset(2026, 3, 6, 23, 0, 0, TimeSpan.Zero)));
        Assert.True(night.Contains(new DateTimeOffset(2026, 3, 7, 5, 0, 0, TimeSpan.Zero)));
        Assert.False(night.Contains(new DateTimeOffset(2026, 3, 7, 23, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void GroupKey_HostileValues_StayApart()
    {
        var route = new Route { Id = "root", Receiver = "team", GroupBy = ["A", "B"] };

        Assert.NotEqual(
            route.GroupKeyOf(Labels("A=x\",B=\"y", "B=z")),
            route.GroupKeyOf(Labels("A=x", "B=y\",B=\"z")));
    }

    private LoadedRoutes Load(string yaml) => RoutesLoader.Load(Path.Combine(_folder.With("routes.yaml", yaml).Path, "routes.yaml"));

    private static Dictionary<string, string> Labels(params string[] labels) =>
        labels.Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);
}
