using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Evaluation;

public sealed class QueryClockTests
{
    private const string Ago = "let alertfunctions_ago = (span: timespan) { datetime(2026-03-02T12:00:00.0000000Z) - span };\n";
    private const string Now = "let alertfunctions_now = () { datetime(2026-03-02T12:00:00.0000000Z) };\n";
    private const string Later = "let alertfunctions_later = (span: timespan) { datetime(2026-03-02T12:00:00.0000000Z) + span };\n";

    [Theory]
    [InlineData("T | where TimeGenerated > ago(1h)", Ago + "T | where TimeGenerated > alertfunctions_ago(1h)")]
    [InlineData("T | where A < now() and B < now( -1h )", Later + Now + "T | where A < alertfunctions_now() and B < alertfunctions_later( -1h )")]
    [InlineData("T | where Text == 'ago(1h)' // now()", "T | where Text == 'ago(1h)' // now()")]
    [InlineData("T | extend ago = 1 | where now > ago", "T | extend ago = 1 | where now > ago")]
    [InlineData("let now = () { datetime(2020-01-01) }; T | where A < now()", "let now = () { datetime(2020-01-01) }; T | where A < now()")]
    public void Set_Text_RenamesTheCallsOfTheClockAndNothingElse(string query, string expected) =>
        Assert.Equal(expected, QueryClock.Set(query, Some.Noon));
}
