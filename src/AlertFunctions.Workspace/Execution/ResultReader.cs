using System.Data.Common;
using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Execution;

/// <summary>
/// Reads one result row by row, without holding it in memory. Cells are as <c>QueryTable</c> documents them. Not safe for
/// concurrent use; it holds a connection of the workspace until it is disposed.
/// </summary>
public sealed class ResultReader : IAsyncDisposable
{
    private readonly DbDataReader _reader;
    private readonly Func<ValueTask> _release;

    internal ResultReader(CompiledResult result, DbDataReader reader, Func<ValueTask> release)
    {
        Result = result;
        _reader = reader;
        _release = release;
    }

    public CompiledResult Result { get; }

    public IReadOnlyList<KqlColumn> Columns => Result.Columns;

    /// <summary>Moves to the next row; false after the last. An engine's fault is a <see cref="QueryExecutionException"/>.</summary>
    public Task<bool> ReadAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The cell of a column of the row that <see cref="ReadAsync"/> moved to.</summary>
    public object? GetValue(int column) => throw new NotImplementedException();

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _release();
    }
}
