using System.Diagnostics;
using System.Runtime.CompilerServices;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Proofs.Crash;

/// <summary>
/// Counts this process's operations on the store and its deliveries, and at one of them ends the process as the kernel would: SIGKILL, before
/// the operation or after it took effect. Nothing is flushed, no handler runs.
/// </summary>
/// <param name="point">Twice the number of the operation, from 0; one more for after it. Null for never.</param>
internal sealed class KillSwitch(int? point)
{
    public int Operations { get; private set; }

    public async Task<T> AroundAsync<T>(Func<Task<T>> operation)
    {
        Begin();
        var result = await operation();
        End();
        return result;
    }

    public void Begin() => Reach(2 * Operations);

    public void End() => Reach((2 * Operations++) + 1);

    private void Reach(int here)
    {
        if (here == point)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}

internal sealed class KilledStore(IStateStore store, KillSwitch kill) : IStateStore
{
    public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken) =>
        kill.AroundAsync(() => store.ReadAsync(partition, row, cancellationToken));

    public async IAsyncEnumerable<StateDocument> ReadRangeAsync(
        string partition, string? from, string? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        kill.Begin();
        await foreach (var document in store.ReadRangeAsync(partition, from, to, cancellationToken))
        {
            yield return document;
        }

        kill.End();
    }

    public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken) =>
        kill.AroundAsync(() => store.WriteAsync(partition, changes, cancellationToken));
}

internal sealed class KilledNotifier(INotifier notifier, KillSwitch kill) : INotifier
{
    public Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken) =>
        kill.AroundAsync(() => notifier.NotifyAsync(notification, cancellationToken));
}
