using System.Runtime.CompilerServices;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Tests.Proofs;

/// <summary>
/// Counts the operations on the store and the sends, and ends the process at one of them: before it takes effect or right after,
/// by a cancellation that nothing catches.
/// </summary>
internal sealed class CrashPoints(IStateStore store, INotifier notifier) : IStateStore, INotifier, IDisposable
{
    private CancellationTokenSource? _process;

    public int Operations { get; private set; }

    /// <summary>The operation at which the process ends; twice the number of operations, an odd one after it took effect.</summary>
    public int? CrashAt { get; set; }

    public CancellationToken StartProcess()
    {
        _process?.Dispose();
        _process = new CancellationTokenSource();
        return _process.Token;
    }

    public async Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        Before();
        var document = await store.ReadAsync(partition, row, cancellationToken);
        After();
        return document;
    }

    public async IAsyncEnumerable<StateDocument> ReadRangeAsync(
        string partition, string? from, string? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Before();
        await foreach (var document in store.ReadRangeAsync(partition, from, to, cancellationToken))
        {
            yield return document;
        }

        After();
    }

    public async Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        Before();
        var result = await store.WriteAsync(partition, changes, cancellationToken);
        After();
        return result;
    }

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        Before();
        var result = await notifier.NotifyAsync(notification, cancellationToken);
        After();
        return result;
    }

    public void Dispose() => _process?.Dispose();

    private void Before() => CrashIf(2 * Operations);

    private void After() => CrashIf((2 * Operations++) + 1);

    private void CrashIf(int point)
    {
        if (CrashAt == point)
        {
            CrashAt = null;
            Operations++;
            _process!.Cancel();
            throw new OperationCanceledException("The process was killed.", _process.Token);
        }
    }
}
