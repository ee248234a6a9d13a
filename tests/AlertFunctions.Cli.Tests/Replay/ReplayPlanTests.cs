using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class ReplayPlanTests
{
    private static readonly DateTimeOffset Noon = Some.Noon;

    [Theory]
    [InlineData("an event's row matters until the settle margin is over", SignalKind.Event, "Pods", false, "12:05 12:10")]
    [InlineData("a query that reads all of a table waits for deadlines", SignalKind.Event, "table('Pods')", false, "12:05 until 13:10")]
    [InlineData("a comment may ask for it too, at no harm", SignalKind.Event, "Pods // not table('Pods')", false, "12:05 until 13:10")]
    [InlineData("a function may read all of a table", SignalKind.Event, "Outer", false, "12:05 until 13:10")]
    [InlineData("a condition may change until its window, late rows and resolving are over", SignalKind.Condition, "Pods", false, "12:05 until 13:50")]
    [InlineData("one that flaps is held firing eight times as long", SignalKind.Condition, "Pods", true, "12:05 until 15:35")]
    public void Next_OneRow_RunsThatCanTellSomethingNew(string why, SignalKind signal, string query, bool isFiring, string expected)
    {
        var detection = Pods.Detection("aks/thing", signal, query);
        var plan = Pods.Plan(Pods.Catalogue(detection), Noon.AddMinutes(2));

        var times = new List<string>();
        for (var mark = plan.Next(detection, Noon.AddHours(-3), isFiring); mark is { } at; mark = plan.Next(detection, at.AddMinutes(5), isFiring))
        {
            times.Add(at.AddMinutes(5).ToString("HH:mm", CultureInfo.InvariantCulture));
        }

        var summary = times.Count <= 3 ? string.Join(' ', times) : $"{times[0]} until {times[^1]}";
        Assert.True(expected == summary, $"{why}: {summary}");
    }

    [Fact]
    public void Next_YearsBetweenTwoRows_AreOneStep()
    {
        var detection = Pods.Detection("aks/thing");
        var plan = Pods.Plan(Pods.Catalogue(detection), Noon, Noon.AddYears(2).AddMinutes(1));

        Assert.Equal(Noon.AddYears(2), plan.Next(detection, Noon.AddMinutes(15), isFiring: false));
    }

    [Fact]
    public void End_IsWhenTheLastRowNoLongerMattersToAny()
    {
        var plan = Pods.Plan(Pods.Catalogue(Pods.Detection("aks/a"), Pods.Detection("aks/b", query: "table('Pods')")), Noon);

        // The period, the settle margin, one run and the longest hold after the later of the two tables' rows.
        Assert.Equal(Noon.AddHours(5).AddMinutes(1 + 60 + 5 + 5 + 120), plan.End);
    }

    [Fact]
    public void IsUnchanged_RowsSince_DecideIt()
    {
        var detection = Pods.Detection("aks/thing");
        var plan = Pods.Plan(Pods.Catalogue(detection), Noon);

        Assert.False(plan.IsUnchanged(detection, Noon.AddMinutes(-30), Noon));
        Assert.True(plan.IsUnchanged(detection, Noon.AddMinutes(-30), Noon.AddMinutes(-1)));
        Assert.True(plan.IsUnchanged(detection, Noon.AddMinutes(2), Noon.AddMinutes(30)));
    }
}
