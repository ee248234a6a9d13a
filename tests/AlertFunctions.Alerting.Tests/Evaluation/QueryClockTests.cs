using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Evaluation;

public sealed class QueryClockTests
{
    private const string Noon = "datetime(2026-03-02T12:00:00.0000000Z)";

    [Theory]
    [InlineData("T | where TimeGenerated > ago(1h)", $"T | where TimeGenerated > ({Noon} - (1h))")]
    [InlineData("T | where A - ago (1h) > 1d and B < now( )", $"T | where A - ({Noon} - (1h)) > 1d and B < {Noon}")]
    [InlineData("T | where A < now() and B < now( -1h )", $"T | where A < {Noon} and B < ({Noon} + ( -1h ))")]
    [InlineData("T | where A < ago(now() - max_of(A, B)) // ago(1h)", $"T | where A < ({Noon} - ({Noon} - max_of(A, B))) // ago(1h)")]
    [InlineData("T | where A < ago(totimespan(')'))", $"T | where A < ({Noon} - (totimespan(')')))")]
    [InlineData("T | where A < ago(1h", $"T | where A < ({Noon} - (1h)")]
    [InlineData("T | where Text == 'ago(1h)' // now()", "T | where Text == 'ago(1h)' // now()")]
    [InlineData("T | extend ago = 1 | where now > ago", "T | extend ago = 1 | where now > ago")]
    [InlineData("let now = () { datetime(2020-01-01) }; T | where A < now()", "let now = () { datetime(2020-01-01) }; T | where A < now()")]
    public void Set_Text_WritesTheTimeForTheCallsOfTheClockAndNothingElse(string query, string expected) =>
        Assert.Equal(expected, QueryClock.Set(query, Some.Noon));
}
