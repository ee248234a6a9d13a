using AlertFunctions.Cli.Replay;

namespace AlertFunctions.Cli.Tests.Replay;

public sealed class IngestionActivityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("before all", 0, 10)]
    [InlineData("within a minute: its rows may be as late as its end", 10.9, 10)]
    [InlineData("at the end of a minute, for the last of its rows", 11, 10)]
    [InlineData("between two", 12, 20)]
    [InlineData("after all", 22, -1)]
    public void Next_Minutes_AreNeverOverlooked(string why, double after, double expected)
    {
        var activity = new IngestionActivity([new("Pods", [Noon.AddMinutes(10), Noon.AddMinutes(20)]), new("Unread", [Noon.AddMinutes(15)])]);

        Assert.True(
            (expected < 0 ? null : Noon.AddMinutes(expected)) == activity.Next(["Other", "Pods"], Noon.AddMinutes(after)), why);
    }

    [Fact]
    public void Span_AllTables_FirstMinuteToTheEndOfTheLast()
    {
        var activity = new IngestionActivity([new("A", [Noon]), new("B", [Noon.AddMinutes(-5), Noon.AddMinutes(7)]), new("C", [])]);

        Assert.Equal((Noon.AddMinutes(-5), Noon.AddMinutes(8)), (activity.Span?.Start, activity.Span?.End));
        Assert.Null(new IngestionActivity([]).Span);
    }
}
