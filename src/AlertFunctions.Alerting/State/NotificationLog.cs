using System.Collections.Concurrent;
using System.Text.Json;

namespace AlertFunctions.Alerting.State;

/// <summary>What each receiver was told of each group, in memory with the store behind it.</summary>
public sealed class NotificationLog(IStateStore store) : IDisposable
{
    private readonly ConcurrentDictionary<(string Receiver, string Group), GroupNotice> _notices = new();
    private readonly ConcurrentDictionary<(string Receiver, string Group), GroupNotice> _unwritten = new();
    private readonly ConcurrentDictionary<string, bool> _loaded = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writing = new(1, 1);

    public async Task LoadAsync(IEnumerable<string> receivers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(receivers);
        foreach (var receiver in receivers.Where(r => !_loaded.ContainsKey(r)))
        {
            await foreach (var document in store.ReadRangeAsync(PartitionOf(receiver), null, null, cancellationToken))
            {
                var stored = JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.StoredNotice)
                    ?? throw new InvalidOperationException($"A stored notice of {receiver} is empty.");
                _notices[(receiver, stored.Group)] = stored.Notice;
            }

            _loaded[receiver] = true;
        }
    }

    /// <summary>Gives up what is not written, and has everything read again.</summary>
    public void Forget()
    {
        _loaded.Clear();
        _notices.Clear();
        _unwritten.Clear();
    }

    public GroupNotice Of(string receiver, string group) => _notices.GetValueOrDefault((receiver, group)) ?? new GroupNotice();

    public void Set(string receiver, string group, GroupNotice notice)
    {
        _notices[(receiver, group)] = notice;
        _unwritten[(receiver, group)] = notice;
    }

    /// <summary>Writes what is not written yet.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached; what is unwritten stays so.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            foreach (var receiver in _unwritten.ToArray().GroupBy(u => u.Key.Receiver))
            {
                foreach (var chunk in receiver.Chunk(StateLimits.MaxChanges))
                {
                    await store.WriteAsync(
                        PartitionOf(receiver.Key),
                        [.. chunk.Select(u => new Put(StateKey.Of(u.Key.Group), Content(u.Key.Group, u.Value), StateChange.Any))],
                        cancellationToken);
                    foreach (var written in chunk)
                    {
                        _unwritten.TryRemove(written);
                    }
                }
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private static byte[] Content(string group, GroupNotice notice) =>
        JsonSerializer.SerializeToUtf8Bytes(new StoredNotice(group, notice), StateJson.Default.StoredNotice);

    private static string PartitionOf(string receiver) => StateKey.Of("notices", receiver);
}

/// <summary>A notice with its group's key, which the row key may only hold as a hash.</summary>
internal sealed record StoredNotice(string Group, GroupNotice Notice);
