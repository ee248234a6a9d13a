using System.Text.Json;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Work;

/// <summary>A detection to be evaluated over a workspace, as it stands in the queue.</summary>
/// <param name="Detection">Its id.</param>
/// <param name="Workspace">The workspace's name; null for the only one.</param>
/// <param name="DueAt">Since when.</param>
/// <param name="Trace">The trace that it belongs to.</param>
internal sealed record DueMessage(string Detection, string? Workspace, DateTimeOffset DueAt, string? Trace = null)
{
    public string ToText() => JsonSerializer.Serialize(this, StateJson.Default.DueMessage);

    /// <exception cref="WorkMessageException">It is no such message.</exception>
    public static DueMessage Parse(string text) => WorkMessageException.Read(() => JsonSerializer.Deserialize(text, StateJson.Default.DueMessage)) is { Detection: { } } due
        ? due
        : throw new WorkMessageException();
}

/// <summary>There may be something to tell receivers.</summary>
/// <param name="At">Since when.</param>
/// <param name="Trace">The trace that it belongs to.</param>
internal sealed record NewsMessage(DateTimeOffset At, string? Trace = null)
{
    public string ToText() => JsonSerializer.Serialize(this, StateJson.Default.NewsMessage);

    /// <exception cref="WorkMessageException">It is no such message.</exception>
    public static NewsMessage Parse(string text) => WorkMessageException.Read(() => JsonSerializer.Deserialize(text, StateJson.Default.NewsMessage)) is { } news && news.At != default
        ? news
        : throw new WorkMessageException();
}

/// <summary>What was queued and is not done yet: row of the mark → when it was due and when it was queued, as ticks in UTC.</summary>
internal sealed record PlannedWork(Dictionary<string, long[]> Queued);

/// <summary>A message of the queue is not the app's: received again, it would be the same. The queue gives it up after some deliveries.</summary>
public sealed class WorkMessageException() : Exception("The queue holds a message that is not the app's.")
{
    internal static T? Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            throw new WorkMessageException();
        }
    }
}
