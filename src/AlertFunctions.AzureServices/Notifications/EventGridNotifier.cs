using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.AzureServices.Http;
using Azure;
using Azure.Core;
using Azure.Messaging.EventGrid;

namespace AlertFunctions.AzureServices.Notifications;

/// <summary>
/// Publishes each alert of a group to an Event Grid topic, as a CloudEvent whose data is what Azure Monitor's common alert schema has under <c>data</c>.
/// Types: <see cref="FiredType"/>, <see cref="ResolvedType"/>; subject: the detection's id; the id is the same when a notification is sent twice.
/// The app's identity needs EventGrid Data Sender on the topic. Source: learn.microsoft.com/azure/event-grid/post-to-custom-topic.
/// </summary>
public sealed class EventGridNotifier : INotifier
{
    public const string FiredType = "AlertFunctions.AlertFired";
    public const string ResolvedType = "AlertFunctions.AlertResolved";

    /// <summary>Hosts of topics, in every cloud. Others must be allowed by name.</summary>
    public static readonly IReadOnlyList<string> TopicHosts = ["*.eventgrid.azure.net", "*.eventgrid.azure.us", "*.eventgrid.azure.cn"];

    /// <summary>The service takes 1 MB a request.</summary>
    private const int MaxBatchBytes = 900 * 1024;

    private readonly Uri _topic;
    private readonly WebhookOptions _options;
    private readonly EventGridPublisherClient _client;
    private readonly CardOptions _cards;
    private readonly TimeProvider _time;

    /// <summary>The app's identity never leaves for a host that is neither a topic's nor allowed: the publisher is made, and nothing is sent.</summary>
    public EventGridNotifier(Uri topic, TokenCredential credential, WebhookOptions options, CardOptions cards, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(options);
        _topic = topic;
        _options = options with { AllowedHosts = [.. options.AllowedHosts, .. TopicHosts] };
        _cards = cards;
        _time = time;

        // The pipeline of notifications retries, by its own plan.
        var publisher = new EventGridPublisherClientOptions { Retry = { MaxRetries = 0, NetworkTimeout = options.Timeout } };
        _client = topic.Scheme == Uri.UriSchemeHttps
            ? new EventGridPublisherClient(topic, credential, publisher)
            // No token goes over an open line, which is for this machine only.
            : new EventGridPublisherClient(topic, new AzureKeyCredential("loopback"), publisher);
    }

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        if (!_options.Allows(_topic))
        {
            return new Failed(FailureReason.ClientError, "The topic's address is not https on an allowed host; nothing was sent.");
        }

        foreach (var batch in Batches([.. notification.Group.Alerts.Select(alert => Render(alert, notification))]))
        {
            try
            {
                await _client.SendEncodedCloudEventsAsync(batch, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && WorldFault.Is(exception))
            {
                return Result(exception);
            }
        }

        return new Sent();
    }

    private byte[] Render(Alert alert, Notification notification)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", IdOf(alert, notification));
            json.WriteString("source", alert.Query.WorkspaceResourceId ?? "/alertfunctions");
            json.WriteString("type", alert.State == AlertState.Resolved ? ResolvedType : FiredType);
            json.WriteString("subject", alert.Detection);
            json.WriteString("time", notification.Now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            CommonAlert.WriteData(json, alert, _cards.PortalHost);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string IdOf(Alert alert, Notification notification)
    {
        var identity = $"{alert.Fingerprint}\n{alert.State}\n{notification.Reason}\n{alert.LastSeenAt.UtcTicks}\n{notification.Group.Key}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32];
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Batches(IReadOnlyList<byte[]> events)
    {
        var batch = new ArrayBufferWriter<byte>();
        foreach (var (index, one) in events.Index())
        {
            if (batch.WrittenCount > 0 && batch.WrittenCount + one.Length > MaxBatchBytes)
            {
                batch.Write("]"u8);
                yield return batch.WrittenMemory;
                batch = new ArrayBufferWriter<byte>();
            }

            batch.Write(batch.WrittenCount == 0 ? "["u8 : ","u8);
            batch.Write(one);
            if (index == events.Count - 1)
            {
                batch.Write("]"u8);
                yield return batch.WrittenMemory;
            }
        }
    }

    private NotifyResult Result(Exception exception)
    {
        if (exception is not RequestFailedException { Status: > 0 } refused)
        {
            // The exception's own text names the host.
            return new Retry(FailureReason.ConnectionFailed, $"No connection to the topic: {exception.GetType().Name}.");
        }

        var detail = string.Create(CultureInfo.InvariantCulture, $"The topic answered HTTP {refused.Status} {refused.ErrorCode}").TrimEnd() + ".";
        return HttpAnswer.Result(refused.Status, detail, refused.GetRawResponse() is { } response ? RetryAfter.Of(response, _time) : null);
    }
}
