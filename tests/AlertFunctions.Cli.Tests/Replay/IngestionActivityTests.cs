using AlertFunctions.Cli.Replay;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class IngestionActivityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("a minute within", 9, 11, true)]
    [InlineData("the minute's rows may be as late as its end", 10.9, 12, true)]
    [InlineData("the end belongs to it", 5, 10, true)]
    [InlineData("before", 0, 9.9, false)]
    [InlineData("after", 11.1, 19, false)]
    [InlineData("between two", 12, 18, false)]
    public void Any_Minutes_AreNeverOverlooked(string why, double after, double until, bool expected)
    {
        var activity = new IngestionActivity([new("Pods", [Noon.AddMinutes(10), Noon.AddMinutes(20)])]);

        Assert.True(expected == activity.Any(["Other", "Pods"], Noon.AddMinutes(after), Noon.AddMinutes(until)), why);
    }

    [Fact]
    public void Span_AllTables_FirstMinuteToTheEndOfTheLast()
    {
        var activity = new IngestionActivity([new("A", [Noon]), new("B", [Noon.AddMinutes(-5), Noon.AddMinutes(7)]), new("C", [])]);

        Assert.Equal((Noon.AddMinutes(-5), Noon.AddMinutes(8)), (activity.Span?.Start, activity.Span?.End));
        Assert.Null(new IngestionActivity([]).Span);
    }
}
