using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using AlertFunctions.AzureServices.Http;
using Azure.Messaging.EventGrid;

namespace AlertFunctions.AzureServices.EventGrid;

/// <summary>
/// An event as it was delivered, in either schema. Source: learn.microsoft.com/azure/event-grid/event-schema and cloud-event-schema.
/// </summary>
/// <param name="Id">The event's id; empty where it has none. Nothing is decided by it: what happened is told apart by what it happened to.</param>
/// <param name="Type">Such as Microsoft.ContainerRegistry.ImagePushed.</param>
/// <param name="Topic">The resource that it comes from: <c>topic</c>, or <c>source</c> of CloudEvents.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Time">When it happened; null where it does not say.</param>
/// <param name="Data">What the source says.</param>
internal sealed record EventEnvelope(string Id, string Type, string Topic, string Subject, DateTimeOffset? Time, JsonElement Data)
{
    /// <summary>Longer texts are no names of anything in Azure, and would only fill the store.</summary>
    public const int LongestText = 400;

    /// <summary>The fault of an event of another type than its reader knows.</summary>
    public string NotHandled => $"{Type} is not handled here";

    /// <summary>A text that may be a name; null for one that is empty or too long.</summary>
    public static string? Name(string? text) => text is { Length: > 0 and <= LongestText } ? text : null;

    /// <summary>The time in UTC; null for one from before there was Azure, which is a field that was not filled in.</summary>
    public static DateTimeOffset? Plausible(DateTimeOffset? time) => time is { Year: >= 2010 } known ? known.ToUniversalTime() : null;

    /// <summary>When it happened, and where it does not say or says that it will happen, now.</summary>
    public DateTimeOffset At(TimeProvider clock) =>
        Plausible(Time) is { } time && clock.GetUtcNow() is var now ? (time < now ? time : now) : clock.GetUtcNow();

    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out EventEnvelope? envelope, [NotNullWhen(false)] out string? fault)
    {
        envelope = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            fault = $"the event is a {json.ValueKind}, not an object";
            return false;
        }

        var isCloudEvent = json.TryGetProperty("specversion", out _);
        if (json.Text(isCloudEvent ? "type" : "eventType") is not { Length: > 0 } type)
        {
            fault = "the event has no type";
            return false;
        }

        if (!json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object)
        {
            fault = "the event has no data";
            return false;
        }

        fault = null;
        envelope = new EventEnvelope(
            json.Text("id") ?? "",
            type,
            json.Text(isCloudEvent ? "source" : "topic") ?? "",
            json.Text("subject") ?? "",
            TimeOf(json.Text(isCloudEvent ? "time" : "eventTime")),
            data);
        return true;
    }

    /// <summary>The data as the type that Azure's SDK has for events of this type; null, with the fault, where it has none or the data is not what the type says.</summary>
    public object? SystemData(out string? fault)
    {
        try
        {
            var system = new EventGridEvent(Subject, Type, "1", BinaryData.FromString(Data.GetRawText()));
            fault = system.TryGetSystemEventData(out var data) ? null : $"{NotHandled}, or its data cannot be read";
            return data;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            fault = $"the data of {Type} cannot be read: {exception.Message}";
            return null;
        }
    }

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
