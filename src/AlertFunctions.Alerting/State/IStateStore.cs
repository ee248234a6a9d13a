namespace AlertFunctions.Alerting.State;

/// <summary>
/// Documents under a partition and a row key: Azure Tables in Azure, SQLite on one machine, memory in tests. Writes are conditional and atomic within a
/// partition. A store that cannot be reached throws <see cref="StateUnavailableException"/>.
/// </summary>
public interface IStateStore
{
    /// <summary>The document, or null where there is none.</summary>
    Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken);

    /// <summary>The partition's documents with <paramref name="from"/> ≤ row &lt; <paramref name="to"/> (null: open), in ordinal order of their row keys.</summary>
    IAsyncEnumerable<StateDocument> ReadRangeAsync(string partition, string? from, string? to, CancellationToken cancellationToken);

    /// <summary>
    /// Makes all changes or none. 1 to <see cref="StateLimits.MaxChanges"/> changes, each to another row, together at most
    /// <see cref="StateLimits.MaxBatchBytes"/>.
    /// </summary>
    Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken);
}

/// <summary>A stored document.</summary>
/// <param name="Row">Its row key.</param>
/// <param name="Content">Bytes, at most <see cref="StateLimits.MaxContentBytes"/>.</param>
/// <param name="ETag">Changes with every write; opaque.</param>
public sealed record StateDocument(string Row, ReadOnlyMemory<byte> Content, string ETag);

/// <summary>A change to one document of a partition.</summary>
public abstract record StateChange
{
    private protected StateChange(string row, string? ifMatch)
    {
        Row = row;
        IfMatch = ifMatch;
    }

    /// <summary>What <see cref="IfMatch"/> holds where the document's present state does not matter.</summary>
    public const string Any = "*";

    public string Row { get; }

    /// <summary>The ETag that the document must still have; null where it must not exist; <see cref="Any"/> where it does not matter.</summary>
    public string? IfMatch { get; }
}

/// <summary>Stores the document whole.</summary>
public sealed record Put(string Row, ReadOnlyMemory<byte> Content, string? IfMatch) : StateChange(Row, IfMatch);

/// <summary>Removes the document. With <see cref="StateChange.Any"/> a missing one is no conflict.</summary>
public sealed record Remove(string Row, string IfMatch) : StateChange(Row, IfMatch);

/// <summary>What came of a write.</summary>
public abstract record StateWriteResult
{
    private protected StateWriteResult()
    {
    }
}

/// <summary>All changes were made. ETags in the order of the changes; empty text for a removal.</summary>
public sealed record Written(IReadOnlyList<string> ETags) : StateWriteResult;

/// <summary>No change was made: the document of <paramref name="Row"/> is not in the state that its change asked for.</summary>
public sealed record Conflict(string Row) : StateWriteResult;

/// <summary>The store cannot be reached or asks to come back later. The message holds no address or credential.</summary>
public sealed class StateUnavailableException : Exception
{
    public StateUnavailableException(string message, Exception? inner = null, TimeSpan? retryAfter = null)
        : base(message, inner) => RetryAfter = retryAfter;

    public TimeSpan? RetryAfter { get; }
}
