using AlertFunctions.Alerting.Yaml;

namespace AlertFunctions.Alerting.Tests.Yaml;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("5m", "00:05:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("14d", "14.00:00:00")]
    [InlineData("90s", "00:01:30")]
    [InlineData("PT5M", "00:05:00")]
    [InlineData("P1D", "1.00:00:00")]
    [InlineData("P1DT12H", "1.12:00:00")]
    [InlineData("0s", "00:00:00")]
    public void TryParse_Duration_Reads(string text, string expected)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), duration);
        Assert.True(Durations.TryParse(Durations.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1M")]
    [InlineData("P5H")]
    [InlineData("PT1D")]
    [InlineData("99999999999d")]
    [InlineData("999999d")]
    public void TryParse_AnythingElse_Refuses(string text) => Assert.False(Durations.TryParse(text, out _));
}
