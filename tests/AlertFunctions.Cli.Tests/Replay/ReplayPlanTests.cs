using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Replay;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class ReplayPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    // frequency 5m, settle 5m, period 1h; a condition also lateness 30m and resolveAfter 15m.
    [Theory]
    [InlineData("an event's row matters until the settle margin is over", "event", "Pods", "12:05 12:10")]
    [InlineData("a query that reads all of a table waits for deadlines", "event", "table('Pods')", "12:05 until 13:10")]
    [InlineData("a comment may ask for it too, at no harm", "event", "Pods // not table('Pods')", "12:05 until 13:10")]
    [InlineData("a function may read all of a table", "event", "Outer", "12:05 until 13:10")]
    [InlineData("a condition may change until its window, late rows and resolving are over", "condition", "Pods", "12:05 until 13:50")]
    public void Ticks_OneRow_AreThoseThatCanTellSomethingNew(string why, string signal, string query, string expected)
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
        var ticks = Plan("event", "Pods", Noon, Noon.AddYears(2)).Ticks(Noon.AddMinutes(-1), null);

        Assert.InRange(ticks.Length, 4, 8);
    }

    [Fact]
    public void Ticks_NoEnd_LastUntilTheLastRowNoLongerMatters()
    {
        var ticks = Plan("event", "table('Pods')", Noon).Ticks(Noon.AddMinutes(-1), null);

        Assert.InRange(ticks[^1].Time, Noon.AddMinutes(60), Noon.AddMinutes(75));
    }

    [Fact]
    public void Ticks_NoRows_AreNone() => Assert.Empty(Plan("event", "Pods").Ticks(Noon, Noon.AddDays(1)));

    private static ReplayPlan Plan(string signal, string query, params DateTimeOffset[] rows)
    {
        using var folder = new TemporaryFolder();
        folder.Write("functions/Outer.kql", "{ Inner }");
        folder.Write("functions/Inner.kql", "{ table('Pods') }");
        folder.Write("detections/pods/failed.tests.yaml", "tests: []\n");
        folder.Write("detections/pods/failed.yaml",
            $$"""
            id: pods/failed
            name: A pod failed
            version: 1.0.0
            kind: Scheduled
            description: A pod failed.
            severity: Medium
            queryFrequency: 5m
            queryPeriod: 1h
            triggerOperator: gt
            triggerThreshold: 0
            query: "{{query}}"
            alertFunctions:
              signal: {{signal}}
              identity: [Pod]
              {{(signal == "event" ? "settle: 5m" : "lateness: 30m")}}
              {{(signal == "event" ? "" : "resolveAfter: 15m")}}
              runbook: Look at its log.
            """);
        var catalogue = DetectionLoader.Load(folder.Path);
        Assert.Equal("", string.Join('\n', catalogue.Diagnostics.Where(diagnostic => diagnostic.IsError)));
        return new(catalogue, new PodsCompiler(), new IngestionActivity([new("Pods", rows), new("Other", [Noon.AddHours(5)])]));
    }

    private sealed class PodsCompiler : IQueryCompiler
    {
        public QueryAnalysis Analyse(string query, DateTimeOffset now) => new([], ["Pods"], ImmutableArray<QueryFault>.Empty);
    }
}
