using System.Net;
using System.Text.Json;
using AlertFunctions.Alerting.Notifications;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class CommonAlertNotifierTests
{
    // The documented sample, reduced to its names: learn.microsoft.com/azure/azure-monitor/alerts/alerts-payload-samples (Log Alerts V2).
    private static readonly string[] Essentials =
    [
        "alertId", "alertRule", "severity", "signalType", "monitorCondition", "monitoringService", "alertTargetIDs", "configurationItems", "originAlertId",
        "firedDateTime", "description", "essentialsVersion", "alertContextVersion",
    ];

    [Fact]
    public async Task NotifyAsync_Group_PostsEachAlertInTheDocumentedShape()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.OK);

        var result = await SendAsync(receiver, Samples.All["oom-killed-group"]);

        Assert.IsType<Sent>(result);
        Assert.Equal(3, receiver.Requests.Count);
        var messages = receiver.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement).ToArray();
        Assert.All(messages, message => Assert.Equal("azureMonitorCommonAlertSchema", message.GetProperty("schemaId").GetString()));
        var data = messages[0].GetProperty("data");
        Assert.Equal(Essentials, data.GetProperty("essentials").EnumerateObject().Select(member => member.Name));
        Assert.Equal("Sev1", data.GetProperty("essentials").GetProperty("severity").GetString());
        Assert.Equal("Fired", data.GetProperty("essentials").GetProperty("monitorCondition").GetString());
        Assert.Equal("Resolved", messages[2].GetProperty("data").GetProperty("essentials").GetProperty("monitorCondition").GetString());
        Assert.True(messages[2].GetProperty("data").GetProperty("essentials").TryGetProperty("resolvedDateTime", out _));
        var condition = data.GetProperty("alertContext").GetProperty("condition");
        var criterion = Assert.Single(condition.GetProperty("allOf").EnumerateArray());
        Assert.Equal(JsonValueKind.String, criterion.GetProperty("threshold").ValueKind);
        Assert.Contains(
            criterion.GetProperty("dimensions").EnumerateArray(),
            dimension => dimension.GetProperty("name").GetString() == "Namespace" && dimension.GetProperty("value").GetString() == "shop");
        Assert.StartsWith("PT", condition.GetProperty("windowSize").GetString(), StringComparison.Ordinal);
        Assert.Equal("aks/container-oom-killed", data.GetProperty("customProperties").GetProperty("detection").GetString());
    }

    [Fact]
    public async Task NotifyAsync_NotTaken_StopsAndTellsWhy()
    {
        await using var receiver = await LoopbackReceiver.StartAsync(HttpStatusCode.TooManyRequests, ("Retry-After", "120"));

        var retry = Assert.IsType<Retry>(await SendAsync(receiver, Samples.All["oom-killed-group"]));

        Assert.Equal((FailureReason.RateLimited, TimeSpan.FromMinutes(2)), (retry.Reason, retry.After!.Value));
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public void Render_VeryLongTexts_StaysBelowTheSchemasLimit()
    {
        var alert = Some.Alert(title: new string('t', 100_000), description: new string('d', 100_000), runbook: new string('r', 100_000));

        var message = CommonAlert.Render(alert, "portal.azure.com");

        Assert.InRange(message.Length, 1, 64 * 1024);
    }

    private static async Task<NotifyResult> SendAsync(LoopbackReceiver receiver, Notification notification)
    {
        Assert.True(SecretUri.TryCreate(receiver.Address + "/hook?code=TOPSECRET", out var address));
        using var notifier = new CommonAlertNotifier(
            address!, new WebhookOptions { AllowedHosts = ["127.0.0.1"] }, CardOptions.Default, new FakeTimeProvider(Some.Now));
        return await notifier.NotifyAsync(notification, TestContext.Current.CancellationToken);
    }
}
