using System.Collections.Concurrent;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Testing;

/// <summary>Takes what it is sent, unless the test has it answer something else.</summary>
public sealed class CollectingNotifier : INotifier
{
    private readonly ConcurrentQueue<Notification> _taken = new();

    /// <summary>What comes of the next sends; where it gives null, the notification is taken.</summary>
    public Func<Notification, NotifyResult?> Answer { get; set; } = _ => null;

    public IReadOnlyList<Notification> Taken => [.. _taken];

    public Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        if (Answer(notification) is { } other)
        {
            return Task.FromResult(other);
        }

        _taken.Enqueue(notification);
        return Task.FromResult<NotifyResult>(new Sent());
    }
}
