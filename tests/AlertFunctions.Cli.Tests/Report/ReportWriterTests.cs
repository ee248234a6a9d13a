using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Alerts;
using AlertFunctions.Cli.Report;

namespace AlertFunctions.Cli.Tests.Report;

public sealed partial class ReportWriterTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("alertfn-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WriteAsync_TheCards_AreInThePageAsTheyAreSent()
    {
        var notifications = Enumerable.Range(0, 3).Select(i => NotificationOf(AlertOf($"Container c{i} was killed"))).ToArray();

        var page = await PageAsync(notifications);

        using var cards = JsonDocument.Parse(CardData().Match(page).Groups[1].Value);
        Assert.Equal(3, cards.RootElement.GetArrayLength());
        Assert.Equal(3, Place().Count(page));
        using var first = JsonDocument.Parse(AdaptiveCard.Render(notifications[0], CardOptions.Default));
        Assert.True(JsonElement.DeepEquals(first.RootElement, cards.RootElement[0]));
    }

    [Fact]
    public async Task WriteAsync_HostileText_StaysText()
    {
        const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202E";

        var page = await PageAsync(NotificationOf(AlertOf(Hostile)));

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("202E;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_ThePolicy_AllowsOnlyWhatIsWrittenIntoThePage()
    {
        var page = await PageAsync(NotificationOf(AlertOf("Container api was killed")));

        var policy = Policy().Match(page).Groups[1].Value;
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        string[] inline = [.. Script().Matches(page).Concat(Style().Matches(page)).Select(match => match.Groups[1].Value)];
        Assert.Equal(3, inline.Length);
        Assert.All(inline, text => Assert.Contains(
            $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'", policy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_NothingFound_SaysSo()
    {
        var path = await ReportWriter.WriteAsync(_folder, [], [], TestContext.Current.CancellationToken);

        Assert.Contains("<h1>0 alerts</h1>", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"cards\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex CardData();

    [GeneratedRegex("<div class=\"card\"></div>")]
    private static partial Regex Place();

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    private static Notification NotificationOf(Alert alert) => new(
        new AlertGroup("all", "platform", new Dictionary<string, string>(), [alert]), NotifyReason.FirstNotification, Now);

    private static Alert AlertOf(string title) => new()
    {
        Detection = "aks/container-oom-killed",
        Fingerprint = "0123456789abcdef0123456789abcdef",
        Severity = Severity.High,
        Labels = new Dictionary<string, string> { ["Namespace"] = "shop" },
        Title = title,
        Description = title,
        Runbook = "Look at it.",
        StartsAt = Now.AddMinutes(-5),
        LastSeenAt = Now,
        Count = 1,
        Rows = new QueryTable([], []),
        Query = new QueryLink("KubePodInventory", new TimeRange(Now.AddHours(-1), Now), null),
    };

    private static AlertRecord RecordOf(Alert alert) => new()
    {
        Fingerprint = alert.Fingerprint,
        Detection = alert.Detection,
        Severity = alert.Severity,
        IsEvent = true,
        Labels = alert.Labels,
        Title = alert.Title,
        StartsAt = alert.StartsAt,
        LastSeenAt = alert.LastSeenAt,
        Count = alert.Count,
        RecordedAt = Now,
        SeenAt = Now,
        Range = alert.Query.Range,
    };

    private async Task<string> PageAsync(params Notification[] notifications)
    {
        var alerts = notifications.SelectMany(notification => notification.Group.Alerts).Select(RecordOf).ToArray();
        var cards = notifications.Select(notification => (
            new SentCard(notification.Now, notification.Group.Receiver, notification.Reason),
            Encoding.ASCII.GetString(AdaptiveCard.Render(notification, CardOptions.Default)))).ToArray();
        var path = await ReportWriter.WriteAsync(_folder, alerts, cards, TestContext.Current.CancellationToken);
        return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
    }
}
