using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Pages;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Pages;

public sealed class AlertPageTests
{
    private const string Hostile = "\"><script>alert(1)</script>'&";

    [Theory]
    [InlineData(LinkAction.Acknowledge)]
    [InlineData(LinkAction.Silence)]
    public void Page_OfHostileValues_ShowsThemAsText(LinkAction action)
    {
        var page = AlertPage.Ask(Alert(), new AlertLink(action, new string('0', 32), Some.Noon));

        Assert.DoesNotContain("<script", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\">&", page.Body, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", AlertPage.Message(200, "x", Hostile).Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Page_Headers_LetNothingInAndNothingOut()
    {
        var page = AlertPage.NotValid();

        Assert.Equal((403, "no-store", "no-referrer"), (page.Status, page.Headers["Cache-Control"], page.Headers["Referrer-Policy"]));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hours=4&by=Ada+L%C3%B6we", "4", "Ada Löwe")]
    [InlineData("hours=4&hours=24&&by", "24", null)]
    [InlineData("", null, null)]
    [InlineData("%zz=%zz&by=%", null, "%")]
    public void Form_OfABrowser_GivesItsValues(string body, string? hours, string? by)
    {
        var form = WebForm.Parse(body);

        Assert.Equal((hours, by), (form.GetValueOrDefault("hours"), form.GetValueOrDefault("by")));
    }

    private static AlertRecord Alert() => new()
    {
        Fingerprint = new string('0', 32),
        Detection = "aks/thing",
        Severity = Severity.High,
        IsEvent = false,
        Labels = new Dictionary<string, string> { ["Name"] = Hostile, [Hostile] = "x" },
        Title = Hostile,
        StartsAt = Some.Noon,
        LastSeenAt = Some.Noon,
        Count = 1,
        RecordedAt = Some.Noon,
        SeenAt = Some.Noon,
        Range = new TimeRange(Some.Noon, Some.Noon),
        Acknowledged = new Acknowledgement(Some.Noon, Hostile),
    };
}
