using System.Net;
using System.Text.Json;
using AlertFunctions.Alerting.Notifications;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>Posts over real sockets to a server on loopback.</summary>
public sealed class WebhookNotifierTests
{
    private const string Secret = "/workflows/abc/triggers/manual/paths/invoke?sp=run&sig=TOPSECRET";

    private static readonly WebhookOptions Loopback = new() { AllowedHosts = ["127.0.0.1"] };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NotifyAsync_Accepted_PostedTheCardInAMessage()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.Accepted);

        var result = await SendAsync(receiver);

        Assert.IsType<Sent>(result);
        var (path, contentType, body) = Assert.Single(receiver.Requests);
        Assert.Equal(Secret, path);
        Assert.Equal("application/json; charset=utf-8", contentType);
        using var message = JsonDocument.Parse(body);
        Assert.Equal("message", message.RootElement.GetProperty("type").GetString());
        var attachment = Assert.Single(message.RootElement.GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        CardSchema.AssertValid(attachment.GetProperty("content"));
    }

    [Theory]
    [InlineData(408, FailureReason.Timeout)]
    [InlineData(429, FailureReason.RateLimited)]
    [InlineData(500, FailureReason.ServerError)]
    [InlineData(502, FailureReason.ServerError)]
    [InlineData(504, FailureReason.ServerError)]
    public async Task NotifyAsync_APassingFault_IsRetried(int status, FailureReason reason)
    {
        await using var receiver = await LoopbackReceiver.StartAsync((HttpStatusCode)status);

        Assert.Equal(new Retry(reason, $"The receiver answered HTTP {status}."), await SendAsync(receiver));
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Mon, 02 Mar 2026 12:01:30 GMT", 90)]
    [InlineData("Mon, 02 Mar 2026 11:00:00 GMT", 0)]
    public async Task NotifyAsync_RetryAfter_IsHonouredInBothForms(string header, int seconds)
    {
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.TooManyRequests, ("Retry-After", header));

        var retry = Assert.IsType<Retry>(await SendAsync(receiver));

        Assert.Equal(TimeSpan.FromSeconds(seconds), retry.After);
    }

    [Theory]
    [InlineData(400, FailureReason.ClientError)]
    [InlineData(401, FailureReason.Unauthorized)]
    [InlineData(403, FailureReason.Unauthorized)]
    [InlineData(404, FailureReason.ClientError)]
    [InlineData(413, FailureReason.TooLarge)]
    public async Task NotifyAsync_ALastingFault_Fails(int status, FailureReason reason)
    {
        await using var receiver = await LoopbackReceiver.StartAsync((HttpStatusCode)status);

        Assert.Equal(new Failed(reason, $"The receiver answered HTTP {status}."), await SendAsync(receiver));
    }

    [Fact]
    public async Task NotifyAsync_ARedirect_IsNotFollowed()
    {
        await using var elsewhere = await LoopbackReceiver.StartAsync(HttpStatusCode.OK);
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.TemporaryRedirect, ("Location", elsewhere.Address + "/x"));

        var failed = Assert.IsType<Failed>(await SendAsync(receiver));

        Assert.Equal(FailureReason.ClientError, failed.Reason);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task NotifyAsync_NoAnswer_IsATimeout()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.OK, hang: true);
        var time = new FakeTimeProvider(Some.Now);
        using var notifier = new WebhookNotifier(Address(receiver.Address), Loopback, CardOptions.Default, time);

        var sending = notifier.NotifyAsync(Some.Notification(Some.Alert()), Cancelled);
        await receiver.FirstRequest.WaitAsync(Cancelled);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(new Retry(FailureReason.Timeout, "No answer within 30 seconds."), await sending);
    }

    [Fact]
    public async Task NotifyAsync_TheCallerCancels_Throws()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.OK, hang: true);
        using var caller = new CancellationTokenSource();
        using var notifier = new WebhookNotifier(Address(receiver.Address), Loopback, CardOptions.Default, new FakeTimeProvider(Some.Now));

        var sending = notifier.NotifyAsync(Some.Notification(Some.Alert()), caller.Token);
        await receiver.FirstRequest.WaitAsync(Cancelled);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task NotifyAsync_NobodyListens_IsRetriedAndNamesNoAddress()
    {
        string address;
        await using (var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.OK))
        {
            address = receiver.Address;
        }

        using var notifier = new WebhookNotifier(Address(address), Loopback, CardOptions.Default, new FakeTimeProvider(Some.Now));
        var result = await notifier.NotifyAsync(Some.Notification(Some.Alert()), Cancelled);

        Assert.Equal(new Retry(FailureReason.ConnectionFailed, "No connection: ConnectionError."), result);
    }

    [Theory]
    [InlineData("https://evil.example/x?sig=TOPSECRET")]
    [InlineData("https://logic.azure.com/x?sig=TOPSECRET")]
    [InlineData("https://logic.azure.com.evil.example/x?sig=TOPSECRET")]
    [InlineData("https://evillogic.azure.com/x?sig=TOPSECRET")]
    [InlineData("http://prod.westeurope.logic.azure.com/x?sig=TOPSECRET")]
    [InlineData("https://user:TOPSECRET@prod.westeurope.logic.azure.com/x")]
    [InlineData("ftp://prod.westeurope.logic.azure.com/TOPSECRET")]
    public async Task NotifyAsync_AnAddressThatIsNotAllowed_SendsNothingAndDoesNotRepeatIt(string address)
    {
        Assert.True(SecretUri.TryCreate(address, out var secret));
        using var notifier = new WebhookNotifier(secret!, new WebhookOptions(), CardOptions.Default, new FakeTimeProvider(Some.Now));

        var failed = Assert.IsType<Failed>(await notifier.NotifyAsync(Some.Notification(Some.Alert()), Cancelled));

        Assert.DoesNotContain("TOPSECRET", failed.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://prod-1.westeurope.logic.azure.com:443/workflows/x", true)]
    [InlineData("https://env.api.powerplatform.com/x", true)]
    [InlineData("https://PROD.LOGIC.AZURE.COM/x", true)]
    [InlineData("https://hooks.example/x", false)]
    public void Allows_TeamsOwnHosts(string address, bool expected) => Assert.Equal(expected, new WebhookOptions().Allows(new Uri(address)));

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(302)]
    public async Task NotifyAsync_AnyFault_RevealsNeitherAddressNorBody(int status)
    {
        await using var receiver = await LoopbackReceiver.StartAsync((HttpStatusCode)status);

        var text = (await SendAsync(receiver, Some.Alert(title: "HIDDENTITLE"))).ToString();

        Assert.DoesNotContain("TOPSECRET", text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("HIDDENTITLE", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretUri_InAnyText_IsStars()
    {
        Assert.True(SecretUri.TryCreate("https://a.logic.azure.com/?sig=TOPSECRET", out var secret));

        Assert.Equal("*** ***", $"{secret} {string.Concat(secret)}");
        Assert.Equal("{}", JsonSerializer.Serialize(secret));
        Assert.False(SecretUri.TryCreate("not an address", out _));
    }

    private static SecretUri Address(string server) => SecretUri.TryCreate(server + Secret, out var uri) ? uri! : throw new ArgumentException("No address.");

    private static async Task<NotifyResult> SendAsync(LoopbackReceiver receiver, Alert? alert = null)
    {
        using var notifier = new WebhookNotifier(Address(receiver.Address), Loopback, CardOptions.Default, new FakeTimeProvider(Some.Now));
        return await notifier.NotifyAsync(Some.Notification(alert ?? Some.Alert()), Cancelled);
    }
}
