using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Replay;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class ReplayPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    // Frequency 5m, settle 5m, period 1h; of conditions lateness 30m and resolveAfter 15m.
    [Theory]
    [InlineData("an event's row matters until the settle margin is over", SignalKind.Event, "Pods", "12:05 12:10")]
    [InlineData("a query that reads all of a table waits for deadlines", SignalKind.Event, "table('Pods')", "12:05 until 13:10")]
    [InlineData("a comment may ask for it too, at no harm", SignalKind.Event, "Pods // not table('Pods')", "12:05 until 13:10")]
    [InlineData("a function may read all of a table", SignalKind.Event, "Outer", "12:05 until 13:10")]
    [InlineData("a condition may change until its window, late rows and resolving are over", SignalKind.Condition, "Pods", "12:05 until 13:50")]
    public void Ticks_OneRow_AreThoseThatCanTellSomethingNew(string why, SignalKind signal, string query, string expected)
    {
        var ticks = Plan(signal, query, Noon.AddMinutes(2)).Ticks(Noon, Noon.AddDays(1));

        var times = ticks.Select(tick => tick.Time.ToString("HH:mm", CultureInfo.InvariantCulture)).ToList();
        var summary = times.Count <= 3 ? string.Join(' ', times) : $"{times[0]} until {times[^1]}";
        Assert.True(expected == summary, $"{why}: {summary}");
        Assert.All(ticks, tick => Assert.Equal(TimeSpan.FromMinutes(5), tick.Time - tick.Mark));
    }

    [Fact]
    public void Ticks_YearsBetweenTwoRows_CostNothing()
    {
        var ticks = Plan(SignalKind.Event, "Pods", Noon, Noon.AddYears(2)).Ticks(Noon.AddMinutes(-1), null);

        Assert.InRange(ticks.Length, 4, 8);
    }

    [Fact]
    public void Ticks_NoEnd_LastUntilTheLastRowNoLongerMatters()
    {
        var ticks = Plan(SignalKind.Event, "table('Pods')", Noon).Ticks(Noon.AddMinutes(-1), null);

        Assert.InRange(ticks[^1].Time, Noon.AddMinutes(60), Noon.AddMinutes(75));
    }

    [Fact]
    public void Ticks_NoRows_AreNone() => Assert.Empty(Plan(SignalKind.Event, "Pods").Ticks(Noon, Noon.AddDays(1)));

    private static ReplayPlan Plan(SignalKind signal, string query, params DateTimeOffset[] rows)
    {
        var file = new SourcePosition("thing.kql", 1, 1);
        var catalogue = new DetectionCatalogue(
            [Some.Detection(signal: signal) with { Query = new DetectionQuery(query, file, 0) }],
            [new SavedFunction("Outer", "{ Inner }", "Outer.kql"), new SavedFunction("Inner", "{ table('Pods') }", "Inner.kql")],
            ["Pods"],
            []);
        return new(catalogue, new PodsCompiler(), new IngestionActivity([new("Pods", rows), new("Other", [Noon.AddHours(5)])]));
    }

    private sealed class PodsCompiler : IQueryCompiler
    {
        public QueryAnalysis Analyse(string query, DateTimeOffset now) => new([], ["Pods"], ImmutableArray<QueryFault>.Empty);
    }
}
