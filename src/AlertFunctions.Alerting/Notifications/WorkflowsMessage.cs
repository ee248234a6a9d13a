using System.Buffers;
using System.Text.Json;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// A card in the message that Teams' Workflows template "Post to a channel when a webhook request is received" expects: the flow iterates over
/// <c>attachments</c> (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using).
/// </summary>
public static class WorkflowsMessage
{
    public static byte[] Wrap(ReadOnlySpan<byte> card)
    {
        var buffer = new ArrayBufferWriter<byte>(card.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message"u8);
            json.WriteStartArray("attachments"u8);
            json.WriteStartObject();
            json.WriteString("contentType"u8, "application/vnd.microsoft.card.adaptive"u8);
            json.WriteNull("contentUrl"u8);
            json.WritePropertyName("content"u8);
            json.WriteRawValue(card);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
