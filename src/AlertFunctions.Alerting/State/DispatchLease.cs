using System.Text.Json;

namespace AlertFunctions.Alerting.State;

/// <summary>What came of asking for the lease.</summary>
public enum LeaseOutcome
{
    /// <summary>It is held, and no other process held it since this one last did.</summary>
    Held,

    /// <summary>It is held, and another process may have told receivers meanwhile: what is in memory is to be read again.</summary>
    TakenOver,

    /// <summary>Another process holds it.</summary>
    Refused,
}

/// <summary>
/// The right to tell receivers, which one process has at a time: a document that is written on condition of its ETag and ends by itself, so
/// that a process that was killed keeps nobody from telling for long. Clocks of processes may differ by less than half of its length.
/// </summary>
/// <param name="store">The store that the processes share.</param>
/// <param name="owner">What tells this process from others.</param>
/// <param name="time">The process's clock.</param>
public sealed class DispatchLease(IStateStore store, string owner, TimeProvider time) : IDisposable
{
    private const string Partition = "leases";
    private const string Row = "dispatch";
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private string? _etag;
    private DateTimeOffset _until;

    /// <summary>Takes the lease, or renews it where its end is near.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task<LeaseOutcome> HoldAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            return _etag is not null && now < _until - (Length / 2) ? LeaseOutcome.Held : await TakeAsync(now, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives the lease back before its end, where it is still this process's.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_etag is not null && await WriteAsync(DateTimeOffset.UnixEpoch, _etag, cancellationToken))
            {
                _until = DateTimeOffset.UnixEpoch;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<LeaseOutcome> TakeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stored = await store.ReadAsync(Partition, Row, cancellationToken);
        var held = stored is null ? null : JsonSerializer.Deserialize(stored.Content.Span, StateJson.Default.LeaseDocument);
        if (held is not null && held.Owner != owner && held.Until > now)
        {
            return LeaseOutcome.Refused;
        }

        var isOurs = _etag is not null && stored?.ETag == _etag;
        if (!await WriteAsync(now + Length, stored?.ETag, cancellationToken))
        {
            return LeaseOutcome.Refused;
        }

        _until = now + Length;
        return isOurs || stored is null ? LeaseOutcome.Held : LeaseOutcome.TakenOver;
    }

    private async Task<bool> WriteAsync(DateTimeOffset until, string? etag, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new LeaseDocument(owner, until), StateJson.Default.LeaseDocument);
        var written = await store.WriteAsync(Partition, [new Put(Row, content, etag)], cancellationToken) as Written;
        _etag = written?.ETags[0];
        return written is not null;
    }
}

internal sealed record LeaseDocument(string Owner, DateTimeOffset Until);
