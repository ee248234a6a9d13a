using System.Diagnostics.CodeAnalysis;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// Every alert that is remembered, in memory with the store behind it, many to a document. Changes are made here and written together by
/// <see cref="FlushAsync"/>; one that only says "seen again" is written now and then, because what was not written can be told after a
/// crash (<see cref="AlertRecord.MissedSince"/>). One tick uses it at a time. What another process wrote
/// of the same alerts meanwhile is noticed by its ETag and merged.
/// </summary>
/// <param name="store">Where the alerts lie.</param>
/// <param name="detections">Only these detections' alerts are read; null for all.</param>
public sealed partial class AlertBook(IStateStore store, IReadOnlyCollection<string>? detections = null) : IDisposable
{
    private const int LargestDocument = 256 * 1024;
    private const int BatchBytes = StateLimits.MaxBatchBytes - LargestDocument;
    private const string Partitions = "0123456789abcdef";

    /// <summary>So far a stored <see cref="AlertRecord.SeenAt"/> may lie behind.</summary>
    internal static readonly TimeSpan SeenIsWrittenEvery = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, AlertEntry> _byFingerprint = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<AlertEntry>> _byDetection = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlertPack> _packs = new(StringComparer.Ordinal);
    private readonly HashSet<AlertPack> _unwritten = [];
    private readonly HashSet<AlertEntry> _changed = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Lock _lock = new();
    private bool _loaded;

    public IReadOnlyCollection<AlertEntry> Entries => _byFingerprint.Values;

    /// <summary>Changes so far that say more than "seen again".</summary>
    public int Changes { get; private set; }

    /// <summary>Changes when everything was read again, and entries are new objects.</summary>
    public int Generation { get; private set; }

    /// <summary>Reads what is stored, once; and again after another process was found to have changed it.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return;
        }

        Clear();
        foreach (var (partition, from) in detections is null
            ? Partitions.Select(digit => (PartitionOf(digit), (string?)null))
            : detections.Select(detection => (PartitionOf(DigitOf(detection)), (string?)AlertPack.RowOf(detection, ""))))
        {
            await foreach (var document in store.ReadRangeAsync(partition, from, from is null ? null : StateKey.After(from), cancellationToken))
            {
                Load(document);
            }
        }

        foreach (var pack in _packs.Values.SelectMany(root => root.Below).Where(pack => pack is { IsSplit: true, ETag: not null }))
        {
            foreach (var part in pack.Below)
            {
                Touch(part);
            }
        }

        _loaded = true;
    }

    /// <summary>Gives up what is not written, and has everything read again.</summary>
    public void Forget() => _loaded = false;

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
    /// <param name="record">What is to be remembered.</param>
    /// <param name="memory">How far the stored <see cref="AlertRecord.SeenAt"/> may lie behind; null where it can be told without.</param>
    public void Set(AlertRecord record, TimeSpan? memory = null)
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
                    if (record.SeenAt - (entry.Written?.SeenAt ?? DateTimeOffset.MinValue) >= (memory < SeenIsWrittenEvery ? memory : SeenIsWrittenEvery))
                    {
                        Touch(entry.Pack);
                    }

                    return;
                }
            }

            Touch(entry.Pack);
            _changed.Add(entry);
            Changes++;
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
            entry.Pack.Entries.Remove(entry);
            Touch(entry.Pack);
            _changed.Add(entry);
            Changes++;
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
    /// The store cannot be reached, and what is unwritten stays so; or other processes keep changing the same alerts, and everything is read again.
    /// </exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            AlertPack[] unwritten;
            lock (_lock)
            {
                unwritten = [.. _unwritten];
            }

            foreach (var partition in unwritten.GroupBy(pack => DigitOf(pack.Detection)))
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

    private void Load(StateDocument document)
    {
        var stored = AlertPackDocument.Read(document.Content.Span);
        var pack = RootOf(stored.Detection).At(stored.Bits);
        pack.ETag = document.ETag;
        foreach (var record in stored.Records)
        {
            // A crash may have left the document of a pack beside those that it was split into, which are read after it and are newer.
            if (_byFingerprint.TryGetValue(record.Fingerprint, out var known))
            {
                known.Record = record;
                known.Written = record;
                continue;
            }

            var entry = new AlertEntry(record) { Written = record, IsAsStored = true };
            Add(entry);
            _changed.Add(entry);
        }
    }

    private async Task WriteAsync(string partition, IEnumerable<AlertPack> packs, CancellationToken cancellationToken)
    {
        var batch = new List<PackWrite>();
        var bytes = 0;
        var waiting = new Stack<AlertPack>(packs);
        var removals = new List<AlertPack>();
        while (waiting.TryPop(out var pack))
        {
            var snapshot = Take(pack);
            if (snapshot is null)
            {
                removals.Add(pack);
                continue;
            }

            var content = snapshot.Entries.Length > AlertPack.MostAlerts ? null : Content(snapshot);
            if (content is null)
            {
                Split(pack, waiting);
                continue;
            }

            batch.Add(snapshot with { Change = new Put(pack.Row, content, pack.ETag) });
            bytes += content.Length;
            if (batch.Count == StateLimits.MaxChanges || bytes > BatchBytes)
            {
                await WriteAsync(partition, batch, cancellationToken);
                (batch, bytes) = ([], 0);
            }
        }

        // What is in the way of the newer documents goes after they are there, so that a crash loses nothing.
        foreach (var pack in removals)
        {
            if (pack.ETag is null)
            {
                Done(new PackWrite(pack, pack.Version, []), null);
                continue;
            }

            batch.Add(new PackWrite(pack, pack.Version, []) { Change = new Remove(pack.Row, pack.ETag) });
            if (batch.Count == StateLimits.MaxChanges)
            {
                await WriteAsync(partition, batch, cancellationToken);
                batch = [];
            }
        }

        if (batch.Count > 0)
        {
            await WriteAsync(partition, batch, cancellationToken);
        }
    }

    private async Task WriteAsync(string partition, List<PackWrite> batch, CancellationToken cancellationToken)
    {
        for (var merges = 0; ; merges++)
        {
            if (await store.WriteAsync(partition, [.. batch.Select(write => write.Change!)], cancellationToken) is Written written)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    Done(batch[i], batch[i].Change is Put ? written.ETags[i] : null);
                }

                return;
            }

            if (merges == MostMerges || await MergeAsync(partition, batch, cancellationToken) is not { } merged)
            {
                // Whatever was not written is found again by the next evaluation: its mark has not moved.
                _loaded = false;
                throw new StateUnavailableException("Another process changed the same alerts; they are read again.");
            }

            batch = merged;
        }
    }

    /// <summary>What a pack holds now; null where its document is to go.</summary>
    private PackWrite? Take(AlertPack pack)
    {
        lock (_lock)
        {
            return pack.IsSplit || pack.Entries.Count == 0
                ? null
                : new PackWrite(pack, pack.Version, [.. pack.Entries.Select(entry => (entry, entry.Record))]);
        }
    }

    private void Split(AlertPack pack, Stack<AlertPack> waiting)
    {
        lock (_lock)
        {
            var (zero, one) = pack.Split();
            foreach (var part in new[] { pack, zero, one })
            {
                _unwritten.Add(part);
                waiting.Push(part);
            }
        }
    }

    private void Done(PackWrite write, string? etag)
    {
        lock (_lock)
        {
            write.Pack.ETag = etag;
            foreach (var (entry, record) in write.Entries)
            {
                entry.Written = record;
            }

            if (write.Pack.Version == write.Version)
            {
                _unwritten.Remove(write.Pack);
            }
        }
    }

    private void Touch(AlertPack pack)
    {
        pack.Version++;
        _unwritten.Add(pack);
    }

    private void Clear()
    {
        _byFingerprint.Clear();
        _byDetection.Clear();
        _packs.Clear();
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
        RootOf(entry.Record.Detection).Of(entry.Record.Fingerprint).Add(entry);
    }

    private AlertPack RootOf(string detection)
    {
        if (!_packs.TryGetValue(detection, out var root))
        {
            _packs[detection] = root = new AlertPack(detection, "");
        }

        return root;
    }

    private static bool OnlySeenAgain(AlertRecord before, AlertRecord after) =>
        before.State == after.State && before.Episode == after.Episode && before.Severity == after.Severity && before.MissedSince == after.MissedSince
        && ReferenceEquals(before.Deliveries, after.Deliveries) && ReferenceEquals(before.Held, after.Held)
        && ReferenceEquals(before.Acknowledged, after.Acknowledged)
        && ReferenceEquals(before.Rows, after.Rows) && ReferenceEquals(before.Description, after.Description);

    /// <summary>
    /// The document of a pack; null where it is too large and can be split. Evidence of a single alert that is too large is halved until it
    /// fits; the count says how many rows there were.
    /// </summary>
    private static byte[]? Content(PackWrite snapshot)
    {
        var records = snapshot.Entries.Select(e => e.Record).ToArray();
        var content = AlertPackDocument.Write(snapshot.Pack.Detection, snapshot.Pack.Bits, records);
        if (records.Length > 1)
        {
            return content.Length > LargestDocument ? null : content;
        }

        var record = records[0];
        while (content.Length > LargestDocument && record.Rows is { } rows)
        {
            record = record with { Rows = rows.Rows.Count > 1 ? rows with { Rows = [.. rows.Rows.Take(rows.Rows.Count / 2)] } : null };
            content = AlertPackDocument.Write(snapshot.Pack.Detection, snapshot.Pack.Bits, [record]);
        }

        return content;
    }

    /// <summary>A detection's alerts lie in one of sixteen partitions: few enough to read them all, and what is told together is written together.</summary>
    private static char DigitOf(string detection) => Fingerprint.Of(detection, [])[0];

    private static string PartitionOf(char digit) => StateKey.Of("alerts", digit.ToString());

    /// <summary>A pack as it is written.</summary>
    private sealed record PackWrite(AlertPack Pack, int Version, (AlertEntry Entry, AlertRecord Record)[] Entries)
    {
        public StateChange? Change { get; init; }
    }
}

/// <summary>An alert in the book.</summary>
public sealed class AlertEntry(AlertRecord record)
{
    public AlertRecord Record { get; internal set; } = record;

    /// <summary>Whether it is as it was read, and no evaluation looked for it since: it may have been seen after its <see cref="AlertRecord.SeenAt"/>.</summary>
    internal bool IsAsStored { get; set; }

    internal AlertPack Pack { get; set; } = null!;

    /// <summary>As it was last read or written; null where it never was.</summary>
    internal AlertRecord? Written { get; set; }

    internal bool IsRemoved { get; set; }
}
