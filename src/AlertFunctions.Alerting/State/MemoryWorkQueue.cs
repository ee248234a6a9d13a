using System.Globalization;
using System.Text;

namespace AlertFunctions.Alerting.State;

/// <summary>A queue that forgets with the process: for tests and single runs.</summary>
public sealed class MemoryWorkQueue(TimeProvider time, int maxDeliveries = 5) : IWorkQueue
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly List<string> _poison = [];
    private long _sequence;

    public Task SendAsync(string text, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(text) > StateLimits.MaxMessageBytes)
        {
            throw new ArgumentException($"A work item holds at most {StateLimits.MaxMessageBytes} bytes.", nameof(text));
        }

        lock (_lock)
        {
            _entries.Add(new Entry(Next(), text) { VisibleAt = time.GetUtcNow() + delay });
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkItem>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var items = new List<WorkItem>();
        lock (_lock)
        {
            foreach (var entry in _entries.Where(entry => entry.VisibleAt <= now).ToList())
            {
                if (items.Count == count)
                {
                    break;
                }

                if (entry.Deliveries >= maxDeliveries)
                {
                    _poison.Add(entry.Text);
                    _entries.Remove(entry);
                    continue;
                }

                entry.Deliveries++;
                entry.VisibleAt = now + visibility;
                entry.Receipt = Next();
                items.Add(new WorkItem(entry.Id, entry.Receipt, entry.Text, entry.Deliveries));
            }
        }

        return Task.FromResult<IReadOnlyList<WorkItem>>(items);
    }

    public Task<bool> CompleteAsync(WorkItem item, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_entries.RemoveAll(entry => IsHeld(entry, item)) > 0);
        }
    }

    public Task<bool> ReleaseAsync(WorkItem item, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.Find(entry => IsHeld(entry, item)) is not { } held)
            {
                return Task.FromResult(false);
            }

            held.VisibleAt = time.GetUtcNow() + delay;
            held.Receipt = Next();
            return Task.FromResult(true);
        }
    }

    public Task<IReadOnlyList<string>> PeekPoisonAsync(int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. _poison.Take(count)]);
        }
    }

    private static bool IsHeld(Entry entry, WorkItem item) => entry.Id == item.Id && entry.Receipt == item.Receipt;

    private string Next() => (++_sequence).ToString(CultureInfo.InvariantCulture);

    private sealed class Entry(string id, string text)
    {
        public string Id => id;

        public string Text => text;

        public string Receipt { get; set; } = "";

        public long Deliveries { get; set; }

        public DateTimeOffset VisibleAt { get; set; }
    }
}
