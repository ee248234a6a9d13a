using AlertFunctions.Alerting.State;

namespace AlertFunctions.Proofs.Throughput;

/// <summary>Counts what a store holds: contents and keys, as a table service bills them.</summary>
internal sealed class SizedStore(IStateStore store) : IStateStore
{
    private readonly Dictionary<(string Partition, string Row), long> _sizes = [];
    private readonly Lock _lock = new();

    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _sizes.Values.Sum();
            }
        }
    }

    public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken) => store.ReadAsync(partition, row, cancellationToken);

    public IAsyncEnumerable<StateDocument> ReadRangeAsync(string partition, string? from, string? to, CancellationToken cancellationToken) =>
        store.ReadRangeAsync(partition, from, to, cancellationToken);

    public async Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        var result = await store.WriteAsync(partition, changes, cancellationToken);
        if (result is Written)
        {
            lock (_lock)
            {
                foreach (var change in changes)
                {
                    _sizes[(partition, change.Row)] = change is Put put ? partition.Length + change.Row.Length + put.Content.Length : 0;
                }
            }
        }

        return result;
    }
}
