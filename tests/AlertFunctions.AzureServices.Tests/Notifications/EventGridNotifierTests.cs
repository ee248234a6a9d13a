using System.Text.Json;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.AzureServices.Notifications;
using AlertFunctions.Testing;
using Azure.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.AzureServices.Tests.Notifications;

/// <summary>Publishes with Event Grid's own client over real sockets.</summary>
public sealed class EventGridNotifierTests
{
    [Fact]
    public async Task NotifyAsync_Group_PublishesOneCloudEventForEachAlert()
    {
        var requests = new List<(string Target, string? ContentType, BinaryData Body)>();

        var result = await SendAsync(
            async context => requests.Add(($"{context.Request.Method} {context.Request.Path}", context.Request.ContentType, await BinaryData.FromStreamAsync(context.Request.Body))),
            Some.Alert("a", labels: "ClusterId=/subscriptions/s/clusters/c"), Some.Alert("b") with { State = AlertState.Resolved });

        Assert.IsType<Sent>(result);
        var (target, contentType, body) = Assert.Single(requests);
        Assert.Equal("POST /api/events", target);
        Assert.Equal("application/cloudevents-batch+json; charset=utf-8", contentType);
        var events = CloudEvent.ParseMany(body);
        Assert.Equal(["AlertFunctions.AlertFired", "AlertFunctions.AlertResolved"], events.Select(e => e.Type));
        Assert.All(events, e => Assert.Equal("aks/thing", e.Subject));
        Assert.Equal(Some.Noon, events[0].Time);
        var data = JsonDocument.Parse(events[0].Data!).RootElement;
        Assert.Equal("Sev2", data.GetProperty("essentials").GetProperty("severity").GetString());
        Assert.Equal("/subscriptions/s/clusters/c", data.GetProperty("essentials").GetProperty("configurationItems")[0].GetString());
    }

    [Fact]
    public async Task NotifyAsync_SameNotificationTwice_BearsTheSameIds()
    {
        var ids = new List<string>();
        Func<HttpContext, Task> keep = async context => ids.AddRange(CloudEvent.ParseMany(await BinaryData.FromStreamAsync(context.Request.Body)).Select(e => e.Id));

        await SendAsync(keep, Some.Alert("a"), Some.Alert("b"));
        await SendAsync(keep, Some.Alert("a"), Some.Alert("b"));

        Assert.Equal(ids[..2], ids[2..]);
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task NotifyAsync_MoreThanARequestHolds_SendsSeveral()
    {
        var counts = new List<int>();
        var alerts = Enumerable.Range(0, 40).Select(i => Some.Alert($"{i}", labels: $"Note={new string('x', 50_000)}")).ToArray();

        var result = await SendAsync(
            async context =>
            {
                var body = await BinaryData.FromStreamAsync(context.Request.Body);
                Assert.True(body.ToMemory().Length < 1024 * 1024);
                counts.Add(CloudEvent.ParseMany(body).Length);
            },
            alerts);

        Assert.IsType<Sent>(result);
        Assert.True(counts.Count > 1);
        Assert.Equal(40, counts.Sum());
    }

    [Theory]
    [InlineData(429, "120", FailureReason.RateLimited, 120)]
    [InlineData(503, "5", FailureReason.ServerError, 5)]
    [InlineData(408, null, FailureReason.Timeout, null)]
    public async Task NotifyAsync_PassingFault_IsRetriedWhenTheTopicSays(int status, string? after, FailureReason reason, int? seconds)
    {
        var retry = Assert.IsType<Retry>(await AnswerAsync(status, after));

        Assert.Equal(reason, retry.Reason);
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, retry.After);
        Assert.DoesNotContain("127.0.0.1", retry.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, FailureReason.ClientError)]
    [InlineData(401, FailureReason.Unauthorized)]
    [InlineData(403, FailureReason.Unauthorized)]
    [InlineData(404, FailureReason.ClientError)]
    [InlineData(413, FailureReason.TooLarge)]
    public async Task NotifyAsync_LastingFault_Fails(int status, FailureReason reason) =>
        Assert.Equal(reason, Assert.IsType<Failed>(await AnswerAsync(status, null)).Reason);

    [Fact]
    public async Task NotifyAsync_NobodyListens_IsRetried()
    {
        Uri address;
        await using (var server = await LoopbackServer.StartAsync(_ => Task.CompletedTask))
        {
            address = server.Address;
        }

        var result = await Notifier(address).NotifyAsync(SomeNotification.Of(Some.Alert()), TestContext.Current.CancellationToken);

        Assert.Equal(FailureReason.ConnectionFailed, Assert.IsType<Retry>(result).Reason);
    }

    [Theory]
    [InlineData("https://evil.example/api/events")]
    [InlineData("https://eventgrid.azure.net.evil.example/api/events")]
    [InlineData("http://topic.westeurope-1.eventgrid.azure.net/api/events")]
    public async Task NotifyAsync_AddressThatIsNotAllowed_SendsNothing(string address)
    {
        var notifier = new EventGridNotifier(new Uri(address), new NoCredential(), new WebhookOptions(), CardOptions.Default, TimeProvider.System);

        Assert.IsType<Failed>(await notifier.NotifyAsync(SomeNotification.Of(Some.Alert()), TestContext.Current.CancellationToken));
    }

    private static Task<NotifyResult> AnswerAsync(int status, string? after) => SendAsync(
        context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = after;
            return Task.CompletedTask;
        },
        Some.Alert());

    private static async Task<NotifyResult> SendAsync(Func<HttpContext, Task> answer, params Alert[] alerts)
    {
        await using var server = await LoopbackServer.StartAsync(context => answer(context));
        return await Notifier(new Uri(server.Address, "/api/events")).NotifyAsync(SomeNotification.Of(alerts), TestContext.Current.CancellationToken);
    }

    private static EventGridNotifier Notifier(Uri topic) => new(
        topic, new NoCredential(), new WebhookOptions { AllowedHosts = ["127.0.0.1"] }, CardOptions.Default, new FakeTimeProvider(Some.Noon));
}
