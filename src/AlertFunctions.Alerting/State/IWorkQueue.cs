namespace AlertFunctions.Alerting.State;

/// <summary>
/// Work for later, at least once: Azure Storage Queues in Azure, SQLite on one machine, memory in tests. An item that was received and not completed
/// is seen again when its visibility time-out ends; one received too often goes to the poison queue. A queue that cannot be reached throws
/// <see cref="StateUnavailableException"/>.
/// </summary>
public interface IWorkQueue
{
    /// <summary>Adds an item that becomes visible after <paramref name="delay"/>.</summary>
    /// <exception cref="ArgumentException">The text is longer than <see cref="StateLimits.MaxMessageBytes"/> of UTF-8.</exception>
    Task SendAsync(string text, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Takes up to <paramref name="count"/> (1 to 32) visible items and hides them for <paramref name="visibility"/> (1 s or more).</summary>
    Task<IReadOnlyList<WorkItem>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>Removes a received item. False where its time-out had ended and another has it: the work may be done twice.</summary>
    Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken);

    /// <summary>Shows a received item again after <paramref name="delay"/>. False as for <see cref="CompleteAsync"/>.</summary>
    Task<bool> ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>The texts of up to <paramref name="count"/> (1 to 32) items that were given up, oldest first; they stay.</summary>
    Task<IReadOnlyList<string>> PeekPoisonAsync(int count, CancellationToken cancellationToken);
}

/// <summary>A received item.</summary>
/// <param name="Id">The same at every delivery.</param>
/// <param name="Receipt">Proof of this delivery; opaque.</param>
/// <param name="Text">What was sent.</param>
/// <param name="Deliveries">How often it was received, this time included.</param>
public sealed record WorkItem(string Id, string Receipt, string Text, long Deliveries);
