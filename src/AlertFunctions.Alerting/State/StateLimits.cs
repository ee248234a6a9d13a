namespace AlertFunctions.Alerting.State;

/// <summary>
/// What every store keeps to, so that what works on one machine works in Azure. Source: learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
/// (64 KiB a property, 1 MiB an entity, keys up to 1 KiB without / \ # ? and control characters) and performing-entity-group-transactions (100 entities, 4 MiB).
/// </summary>
public static class StateLimits
{
    /// <summary>A document's content, in bytes: 15 properties of 60 KiB, which leaves room for keys and names in 1 MiB.</summary>
    public const int MaxContentBytes = 15 * 60 * 1024;

    public const int MaxChanges = 100;

    /// <summary>All contents of one write together, in bytes; the service's 4 MiB are counted after Base64.</summary>
    public const int MaxBatchBytes = 2_900_000;

    public const int MaxKeyLength = 512;

    /// <summary>A queue message, in bytes of UTF-8. Source: learn.microsoft.com/azure/storage/queues/scalability-targets (64 KiB).</summary>
    public const int MaxMessageBytes = 48 * 1024;

    /// <exception cref="ArgumentException">The key is empty, too long, or holds a character that Azure Tables refuses.</exception>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > MaxKeyLength || key.AsSpan().ContainsAnyExcept(StateKey.Allowed))
        {
            throw new ArgumentException($"'{key}' is not a state key: make it with StateKey.", nameof(key));
        }
    }

    /// <exception cref="ArgumentException">The changes break a limit that is this class's to keep.</exception>
    public static void Check(string partition, IReadOnlyList<StateChange> changes)
    {
        CheckKey(partition);
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count is 0 or > MaxChanges)
        {
            throw new ArgumentException($"{changes.Count} changes; 1 to {MaxChanges} go together.", nameof(changes));
        }

        var rows = new HashSet<string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var change in changes)
        {
            CheckKey(change.Row);
            if (!rows.Add(change.Row))
            {
                throw new ArgumentException($"Two changes to the row {change.Row}.", nameof(changes));
            }

            var size = change is Put put ? put.Content.Length : 0;
            total += size;
            if (size > MaxContentBytes)
            {
                throw new ArgumentException($"The row {change.Row} has {size} bytes; at most {MaxContentBytes} are stored.", nameof(changes));
            }
        }

        if (total > MaxBatchBytes)
        {
            throw new ArgumentException($"{total} bytes; at most {MaxBatchBytes} go together.", nameof(changes));
        }
    }
}
