using System.Text.Json;

#pragma warning disable CA1849 // What hangs on these tokens is quick; by way of the thread pool it would only be later.

namespace AlertFunctions.Alerting.State;

/// <summary>
/// Work that one of several processes does at a time. A process that dies lets go when its time is over; one whose store goes away stops in time.
/// </summary>
/// <param name="store">Where the lease lies.</param>
/// <param name="name">The same in every process.</param>
/// <param name="time">The clock; those of two processes may differ by five seconds.</param>
public sealed class Lease(IStateStore store, string name, TimeProvider time) : IDisposable
{
    private const string Partition = "leases";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewedEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    private readonly string _holder = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Does the work, or gives false where another process, or another call in this one, is at it.</summary>
    /// <param name="work">Its token ends when the lease is lost.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="StateUnavailableException">The store cannot be reached, or was not for so long that the lease was lost.</exception>
    public async Task<bool> TryRunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!await _turn.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return false;
        }

        try
        {
            if (await TakeAsync(cancellationToken) is not { } etag)
            {
                return false;
            }

            await RunAsync(work, etag, cancellationToken);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task RunAsync(Func<CancellationToken, Task> work, string etag, CancellationToken cancellationToken)
    {
        using var lost = new CancellationTokenSource();
        using var done = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lost.Token);
        var renewing = RenewAsync(etag, lost, done.Token);
        try
        {
            await work(end.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StateUnavailableException($"The lease {name} was lost; another process goes on.");
        }
        finally
        {
            done.Cancel();
            await GiveBackAsync(await renewing);
        }
    }

    private async Task<string?> TakeAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(Partition, StateKey.Of(name), cancellationToken);
        var known = stored is null ? null : JsonSerializer.Deserialize(stored.Content.Span, StateJson.Default.LeaseDocument);
        return known is not null && known.Holder != _holder && known.Until + ClockSkew > time.GetUtcNow() ? null : await WriteAsync(Length, stored?.ETag, cancellationToken);
    }

    /// <summary>Gives the last ETag; null where the lease was lost.</summary>
    private async Task<string?> RenewAsync(string etag, CancellationTokenSource lost, CancellationToken done)
    {
        var until = time.GetUtcNow() + Length;
        while (true)
        {
            try
            {
                await Task.Delay(RenewedEvery, time, done);
                if (await WriteAsync(Length, etag, done) is not { } renewed)
                {
                    lost.Cancel();
                    return null;
                }

                etag = renewed;
                until = time.GetUtcNow() + Length;
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return etag;
            }
            catch (StateUnavailableException)
            {
                if (time.GetUtcNow() + RenewedEvery >= until)
                {
                    lost.Cancel();
                    return null;
                }
            }
        }
    }

    private async Task GiveBackAsync(string? etag)
    {
        try
        {
            if (etag is not null)
            {
                await WriteAsync(-ClockSkew, etag, CancellationToken.None);
            }
        }
        catch (StateUnavailableException)
        {
            // It ends by itself.
        }
    }

    private async Task<string?> WriteAsync(TimeSpan length, string? etag, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new LeaseDocument(_holder, time.GetUtcNow() + length), StateJson.Default.LeaseDocument);
        return await store.WriteAsync(Partition, [new Put(StateKey.Of(name), content, etag)], cancellationToken) is Written written ? written.ETags[0] : null;
    }
}

internal sealed record LeaseDocument(string Holder, DateTimeOffset Until);
