namespace AlertFunctions.Alerting.State;

/// <content>What another process wrote of the same packs is put together with what is to be written.</content>
public sealed partial class AlertBook
{
    private const int MostMerges = 5;

    /// <summary>The batch with what is stored now merged into it; null where packs were split, emptied or grown too large, so that all must be read again.</summary>
    private async Task<List<PackWrite>?> MergeAsync(string partition, List<PackWrite> batch, CancellationToken cancellationToken)
    {
        var merged = new List<PackWrite>();
        foreach (var write in batch)
        {
            var pack = write.Pack;
            var stored = await store.ReadAsync(partition, pack.Row, cancellationToken);
            if (stored?.ETag != pack.ETag)
            {
                if (stored is null || write.Change is not Put)
                {
                    return null;
                }

                Merge(pack, stored);
            }

            if (write.Change is Remove)
            {
                merged.Add(write);
                continue;
            }

            if (Take(pack) is not { } snapshot || snapshot.Entries.Length > AlertPack.MostAlerts || Content(snapshot) is not { } content)
            {
                return null;
            }

            merged.Add(snapshot with { Change = new Put(pack.Row, content, pack.ETag) });
        }

        return merged;
    }

    private void Merge(AlertPack pack, StateDocument stored)
    {
        lock (_lock)
        {
            pack.ETag = stored.ETag;
            var theirs = AlertPackDocument.Read(stored.Content.Span).Records.ToDictionary(record => record.Fingerprint, StringComparer.Ordinal);
            foreach (var entry in pack.Entries.ToArray())
            {
                if (theirs.Remove(entry.Record.Fingerprint, out var their))
                {
                    entry.Record = AlertMerge.Of(entry.Written, entry.Record, their);
                    entry.Written = their;
                    _changed.Add(entry);
                }
                else if (ReferenceEquals(entry.Record, entry.Written))
                {
                    // The other forgot it, and here nothing was made of it since.
                    entry.IsRemoved = true;
                    _byFingerprint.Remove(entry.Record.Fingerprint);
                    _byDetection[entry.Record.Detection].Remove(entry);
                    pack.Entries.Remove(entry);
                    _changed.Add(entry);
                }
            }

            // What the other found, and what was forgotten here while it had a use there: that is forgotten another time.
            foreach (var their in theirs.Values)
            {
                var entry = new AlertEntry(their) { Written = their, IsAsStored = true };
                Add(entry);
                _changed.Add(entry);
            }
        }
    }
}
