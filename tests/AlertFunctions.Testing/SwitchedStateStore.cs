using AlertFunctions.Alerting.State;

namespace AlertFunctions.Testing;

/// <summary>A store in memory that cannot be reached while the test says so.</summary>
public sealed class SwitchedStateStore : IStateStore
{
    private readonly MemoryStateStore _store = new();

    public bool Unavailable { get; set; }

    public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
    {
        ThrowIfUnavailable();
        return _store.ReadAsync(partition, row, cancellationToken);
    }

    public IAsyncEnumerable<StateDocument> ReadRangeAsync(string partition, string? from, string? to, CancellationToken cancellationToken)
    {
        ThrowIfUnavailable();
        return _store.ReadRangeAsync(partition, from, to, cancellationToken);
    }

    public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
    {
        ThrowIfUnavailable();
        return _store.WriteAsync(partition, changes, cancellationToken);
    }

    private void ThrowIfUnavailable()
    {
        if (Unavailable)
        {
            throw new StateUnavailableException("The test's store is away.");
        }
    }
}
