using System.Data.Common;
using System.Numerics;
using System.Text.Json;
using AlertFunctions.Kql;
using DuckDB.NET.Data;

namespace AlertFunctions.Workspace.Execution;

/// <summary>
/// Reads one result row by row, without holding it in memory. Cells are as <c>QueryTable</c> documents them. Not safe for
/// concurrent use; it holds a connection of the workspace until it is disposed.
/// </summary>
public sealed class ResultReader : IAsyncDisposable
{
    // Deeper than parse_json() reads, for functions may put its results into further bags and arrays.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 4096 };

    private readonly DbDataReader _reader;
    private readonly DuckDBCommand _command;
    private readonly Action _release;

    internal ResultReader(CompiledResult result, DuckDBCommand command, DbDataReader reader, Action release)
    {
        Result = result;
        _command = command;
        _reader = reader;
        _release = release;
    }

    public CompiledResult Result { get; }

    public IReadOnlyList<KqlColumn> Columns => Result.Columns;

    internal DbDataReader Cells => _reader;

    /// <summary>Moves to the next row; false after the last. The engine computes the next rows on the calling thread.</summary>
    /// <exception cref="QueryExecutionException">The engine failed.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => new(Read(cancellationToken));

    /// <summary>The cell of a column of the row that <see cref="ReadAsync"/> moved to.</summary>
    public object? GetValue(int column)
    {
        if (_reader.IsDBNull(column))
        {
            return null;
        }

        return Columns[column].Type switch
        {
            KqlType.Bool => _reader.GetBoolean(column),
            KqlType.Int => _reader.GetInt32(column),
            KqlType.Long => _reader.GetInt64(column),
            KqlType.Real => _reader.GetDouble(column),
            KqlType.Decimal => Decimal(_reader, column),
            KqlType.String => _reader.GetString(column),
            KqlType.DateTime => Instant(_reader.GetInt64(column)),
            KqlType.TimeSpan => TimeSpan.FromTicks(_reader.GetInt64(column)),
            KqlType.Guid => _reader.GetGuid(column),
            KqlType.Dynamic => ParseDynamic(_reader.GetString(column)),
            var type => throw new InvalidOperationException($"Unreachable: {type} is no type of KQL."),
        };
    }

    /// <summary>A decimal; a whole number of more digits than it holds, such as parse_version() makes, is a BigInteger.</summary>
    internal static IFormattable Decimal(DbDataReader cells, int column)
    {
        try
        {
            return cells.GetDecimal(column);
        }
        catch (OverflowException)
        {
            return cells.GetFieldValue<BigInteger>(column);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _command.DisposeAsync();
        _release();
    }

    private bool Read(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(_command.Cancel);
        try
        {
            return _reader.Read();
        }
        catch (DuckDBException fault)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new QueryExecutionException(EngineFault.Describe(fault), fault);
        }
    }

    // A sum beyond the years 1 to 9999 is no datetime.
    private static DateTimeOffset? Instant(long ticks) =>
        ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static JsonElement ParseDynamic(string json)
    {
        using var document = JsonDocument.Parse(json, Deep);
        return document.RootElement.Clone();
    }
}
