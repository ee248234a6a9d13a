using System.Diagnostics.CodeAnalysis;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// Every alert that is remembered, in memory with the store behind it. Changes are made here and written together by
/// <see cref="FlushAsync"/>; one that only says "seen again" is written now and then, because the evaluation after a crash says
/// it again. One tick uses it at a time; another process that writes the same alerts is noticed by its ETags.
/// </summary>
public sealed class AlertBook(IStateStore store) : IDisposable
{
    private const int LargestDocument = 256 * 1024;
    private const int BatchBytes = StateLimits.MaxBatchBytes - LargestDocument;
    private const string Partitions = "0123456789abcdef";
    private static readonly TimeSpan SeenIsWrittenEvery = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, AlertEntry> _byFingerprint = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<AlertEntry>> _byDetection = new(StringComparer.Ordinal);
    private readonly HashSet<AlertEntry> _unwritten = [];
    private readonly HashSet<AlertEntry> _changed = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _lock = new();
    private bool _loaded;

    public IReadOnlyCollection<AlertEntry> Entries => _byFingerprint.Values;

    /// <summary>Changes when everything was read again, and entries are new objects.</summary>
    public int Generation { get; private set; }

    /// <summary>Reads what is stored, once; and again after another process was found to have changed it.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return;
        }

        Forget();
        foreach (var digit in Partitions)
        {
            await foreach (var document in store.ReadRangeAsync(PartitionOf(digit), null, null, cancellationToken))
            {
                var record = AlertDocument.Read(document.Row, document.Content.Span);
                var entry = new AlertEntry(record) { ETag = document.ETag, WrittenSeenAt = record.SeenAt };
                Add(entry);
                _changed.Add(entry);
            }
        }

        _loaded = true;
    }

    public bool TryGet(string fingerprint, [NotNullWhen(true)] out AlertEntry? entry)
    {
        lock (_lock)
        {
            return _byFingerprint.TryGetValue(fingerprint, out entry);
        }
    }

    public IReadOnlyCollection<AlertEntry> EntriesOf(string detection) =>
        _byDetection.TryGetValue(detection, out var entries) ? entries : [];

    /// <summary>Replaces what is remembered of the alert's fingerprint.</summary>
    public void Set(AlertRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_lock)
        {
            if (!_byFingerprint.TryGetValue(record.Fingerprint, out var entry))
            {
                entry = new AlertEntry(record);
                Add(entry);
            }
            else if (ReferenceEquals(entry.Record, record))
            {
                return;
            }
            else
            {
                var before = entry.Record;
                entry.Record = record;
                if (OnlySeenAgain(before, record))
                {
                    if (record.SeenAt - entry.WrittenSeenAt >= SeenIsWrittenEvery)
                    {
                        _unwritten.Add(entry);
                    }

                    return;
                }
            }

            _unwritten.Add(entry);
            _changed.Add(entry);
        }
    }

    /// <summary>Changes what is remembered of a fingerprint, if it still is.</summary>
    public void Update(string fingerprint, Func<AlertRecord, AlertRecord> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            if (_byFingerprint.TryGetValue(fingerprint, out var entry))
            {
                Set(change(entry.Record));
            }
        }
    }

    /// <summary>Forgets an alert that can be met no more.</summary>
    public void Remove(AlertEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_lock)
        {
            entry.IsRemoved = true;
            _byFingerprint.Remove(entry.Record.Fingerprint);
            _byDetection[entry.Record.Detection].Remove(entry);
            _unwritten.Add(entry);
            _changed.Add(entry);
        }
    }

    /// <summary>The entries that changed since this was last asked.</summary>
    public IReadOnlyList<AlertEntry> TakeChanged()
    {
        lock (_lock)
        {
            AlertEntry[] changed = [.. _changed];
            _changed.Clear();
            return changed;
        }
    }

    /// <summary>Writes what is not written yet. After it returns, a crash loses none of it.</summary>
    /// <exception cref="StateUnavailableException">
    /// The store cannot be reached, and what is unwritten stays so; or another process changed an alert, and everything is read again.
    /// </exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            AlertEntry[] unwritten;
            lock (_lock)
            {
                unwritten = [.. _unwritten];
            }

            foreach (var partition in unwritten.GroupBy(e => DigitOf(e.Record.Detection)))
            {
                await WriteAsync(PartitionOf(partition.Key), partition, cancellationToken);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private async Task WriteAsync(string partition, IEnumerable<AlertEntry> entries, CancellationToken cancellationToken)
    {
        var batch = new List<(AlertEntry Entry, AlertRecord Record, StateChange Change)>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            var record = entry.Record;
            if (entry is { IsRemoved: true, ETag: null })
            {
                Done(entry, record, null);
                continue;
            }

            var row = record.Fingerprint;
            var content = entry.IsRemoved ? [] : Fitting(record);
            batch.Add((entry, record, entry.IsRemoved ? new Remove(row, entry.ETag!) : new Put(row, content, entry.ETag)));
            bytes += content.Length;
            if (batch.Count == StateLimits.MaxChanges || bytes > BatchBytes)
            {
                await WriteAsync(partition, batch, cancellationToken);
                (batch, bytes) = ([], 0);
            }
        }

        if (batch.Count > 0)
        {
            await WriteAsync(partition, batch, cancellationToken);
        }
    }

    private async Task WriteAsync(
        string partition, List<(AlertEntry Entry, AlertRecord Record, StateChange Change)> batch, CancellationToken cancellationToken)
    {
        var result = await store.WriteAsync(partition, [.. batch.Select(b => b.Change)], cancellationToken);
        if (result is not Written written)
        {
            // Whatever was not written is found again by the next evaluation: its mark has not moved.
            _loaded = false;
            throw new StateUnavailableException("Another process changed the same alerts; they are read again.");
        }

        for (var i = 0; i < batch.Count; i++)
        {
            Done(batch[i].Entry, batch[i].Record, written.ETags[i]);
        }
    }

    private void Done(AlertEntry entry, AlertRecord record, string? etag)
    {
        lock (_lock)
        {
            entry.ETag = etag;
            entry.WrittenSeenAt = record.SeenAt;
            if (ReferenceEquals(entry.Record, record))
            {
                _unwritten.Remove(entry);
            }
        }
    }

    private void Forget()
    {
        _byFingerprint.Clear();
        _byDetection.Clear();
        _unwritten.Clear();
        _changed.Clear();
        Generation++;
    }

    private void Add(AlertEntry entry)
    {
        _byFingerprint[entry.Record.Fingerprint] = entry;
        if (!_byDetection.TryGetValue(entry.Record.Detection, out var entries))
        {
            _byDetection[entry.Record.Detection] = entries = [];
        }

        entries.Add(entry);
    }

    private static bool OnlySeenAgain(AlertRecord before, AlertRecord after) =>
        before.State == after.State && before.Episode == after.Episode && before.Severity == after.Severity
        && ReferenceEquals(before.Deliveries, after.Deliveries) && ReferenceEquals(before.Held, after.Held)
        && ReferenceEquals(before.Rows, after.Rows) && ReferenceEquals(before.Description, after.Description);

    /// <summary>Evidence that is too large is halved until it fits; the count says how many rows there were.</summary>
    private static byte[] Fitting(AlertRecord record)
    {
        var content = AlertDocument.Write(record);
        while (content.Length > LargestDocument && record.Rows is { } rows)
        {
            record = record with { Rows = rows.Rows.Count > 1 ? rows with { Rows = [.. rows.Rows.Take(rows.Rows.Count / 2)] } : null };
            content = AlertDocument.Write(record);
        }

        return content;
    }

    /// <summary>A detection's alerts lie in one of sixteen partitions: few enough to read them all, and what is told together is written together.</summary>
    private static char DigitOf(string detection) => Fingerprint.Of(detection, [])[0];

    private static string PartitionOf(char digit) => StateKey.Of("alerts", digit.ToString());
}

/// <summary>An alert in the book.</summary>
public sealed class AlertEntry(AlertRecord record)
{
    public AlertRecord Record { get; internal set; } = record;

    internal string? ETag { get; set; }

    internal DateTimeOffset WrittenSeenAt { get; set; }

    internal bool IsRemoved { get; set; }
}
