using System.Globalization;
using System.Runtime.CompilerServices;

namespace AlertFunctions.Alerting.State;

/// <summary>A store that forgets with the process: for tests and single runs.</summary>
public sealed class MemoryStateStore : IStateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<string, StateDocument>> _partitions = new(StringComparer.Ordinal);
    private long _version;

    public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        StateLimits.CheckKey(partition);
        StateLimits.CheckKey(row);
        lock (_lock)
        {
            return Task.FromResult(_partitions.GetValueOrDefault(partition)?.GetValueOrDefault(row));
        }
    }

    public async IAsyncEnumerable<StateDocument> ReadRangeAsync(
        string partition, string? from, string? to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StateLimits.CheckKey(partition);
        List<StateDocument> documents;
        lock (_lock)
        {
            documents = [.. (_partitions.GetValueOrDefault(partition)?.Values ?? Enumerable.Empty<StateDocument>()).Where(document =>
                (from is null || string.CompareOrdinal(document.Row, from) >= 0) && (to is null || string.CompareOrdinal(document.Row, to) < 0))];
        }

        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return document;
        }

        await Task.CompletedTask;
    }

    public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        StateLimits.Check(partition, changes);
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var rows))
            {
                _partitions[partition] = rows = new SortedDictionary<string, StateDocument>(StringComparer.Ordinal);
            }

            if (changes.FirstOrDefault(change => !Holds(rows, change)) is { } conflicting)
            {
                return Task.FromResult<StateWriteResult>(new Conflict(conflicting.Row));
            }

            return Task.FromResult<StateWriteResult>(new Written([.. changes.Select(change => Apply(rows, change))]));
        }
    }

    private static bool Holds(SortedDictionary<string, StateDocument> rows, StateChange change) => change.IfMatch switch
    {
        StateChange.Any => true,
        null => !rows.ContainsKey(change.Row),
        var etag => rows.TryGetValue(change.Row, out var document) && document.ETag == etag,
    };

    private string Apply(SortedDictionary<string, StateDocument> rows, StateChange change)
    {
        if (change is not Put put)
        {
            rows.Remove(change.Row);
            return "";
        }

        var etag = (++_version).ToString(CultureInfo.InvariantCulture);
        rows[put.Row] = new StateDocument(put.Row, put.Content.ToArray(), etag);
        return etag;
    }
}
