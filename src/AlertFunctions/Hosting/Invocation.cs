using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AlertFunctions.Hosting;

/// <summary>
/// One call of the host, <c>{"Data":{binding:value},"Metadata":{...}}</c>. How a value is written depends on its trigger: an event or timer is an
/// object; a queue message is a JSON string that holds a JSON string literal. Metadata repeats members of the payload under names that can
/// hide the host's own, so nothing is read from it but what the payload cannot say.
/// </summary>
internal sealed record Invocation(string Function, string Id, JsonElement Data, JsonElement Metadata)
{
    /// <exception cref="InvocationException">The body is no envelope of the host.</exception>
    public static Invocation Parse(string function, string id, ReadOnlyMemory<byte> body)
    {
        try
        {
            var root = JsonElement.Parse(body.Span, Deep);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("Data", out var data) && data.ValueKind == JsonValueKind.Object)
            {
                return new Invocation(function, id, data, root.TryGetProperty("Metadata", out var metadata) ? metadata : default);
            }
        }
        catch (JsonException)
        {
            // Told below with what every other malformed body gets.
        }

        throw new InvocationException("The body is not an envelope of the Functions host: {\"Data\":{...},\"Metadata\":{...}}.");
    }

    // Events carry resources of any depth, such as the body of a Kubernetes request.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The text of a queue message. The host writes text as a JSON literal inside the string and bytes as Base64, which here are UTF-8; other text is taken as it is.
    /// </summary>
    /// <exception cref="InvocationException">The envelope has no such text.</exception>
    public string MessageText(QueueBinding binding)
    {
        var value = Value(binding);
        if (value.ValueKind != JsonValueKind.String)
        {
            return value.GetRawText();
        }

        var outer = value.GetString()!;
        if (outer.Length > 1 && outer[0] == '"' && outer[^1] == '"')
        {
            try
            {
                return JsonElement.Parse(outer).GetString() ?? "";
            }
            catch (JsonException)
            {
                // A message that merely begins and ends with quotes.
            }
        }

        var bytes = new byte[outer.Length];
        if (outer.Length > 0 && Convert.TryFromBase64String(outer, bytes, out var length))
        {
            try
            {
                return StrictUtf8.GetString(bytes, 0, length);
            }
            catch (DecoderFallbackException)
            {
                // Text that is Base64 by chance.
            }
        }

        return outer;
    }

    /// <summary>The event, or the events where the subscription delivers batches, which the host writes as a string of JSON.</summary>
    /// <exception cref="InvocationException">The envelope holds no events.</exception>
    public IReadOnlyList<JsonElement> Events(EventGridBinding binding)
    {
        var value = Value(binding);
        if (value.ValueKind == JsonValueKind.String)
        {
            try
            {
                value = JsonElement.Parse(value.GetString()!, Deep);
            }
            catch (JsonException)
            {
                throw new InvocationException("The event is text that is not JSON.");
            }
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray()],
            JsonValueKind.Object => [value],
            _ => throw new InvocationException($"The event is a {value.ValueKind}."),
        };
    }

    /// <summary>
    /// The occurrence that a timer run stands for, in UTC: the schedule's Next, which a late or repeated run shares with the one it replaces. Null where the
    /// host keeps no schedule, or where the run was started by hand.
    /// </summary>
    public DateTimeOffset? Occurrence(TimerBinding binding)
    {
        var timer = Value(binding);
        return timer.ValueKind == JsonValueKind.Object
            && timer.TryGetProperty("ScheduleStatus", out var status) && status.ValueKind == JsonValueKind.Object
            && status.TryGetProperty("Next", out var next) && next.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(next.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year > 1
                ? time
                : null;
    }

    /// <exception cref="InvocationException">The envelope holds no request.</exception>
    public HttpCall Request(HttpBinding binding) => HttpCall.Parse(Value(binding));

    private JsonElement Value(TriggerBinding binding) => Data.TryGetProperty(binding.Name, out var value)
        ? value
        : throw new InvocationException($"The envelope has no '{binding.Name}': function.json and the app do not belong together.");
}

/// <summary>The host sent what its contract does not allow: sent again, it would be the same.</summary>
internal sealed class InvocationException(string message) : Exception(message);
