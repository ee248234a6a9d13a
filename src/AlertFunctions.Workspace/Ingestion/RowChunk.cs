using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Storage;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// Up to 2,048 rows of one table, in DuckDB's own vectors, which <see cref="RowFeed"/> hands over as they are. A cell that is not
/// written is null or, in a string column, ''. Rows are written in order. Used by one thread at a time.
/// </summary>
internal sealed unsafe class RowChunk : IDisposable
{
    public const int Capacity = 2048;

    private readonly DuckDBDataChunk _chunk;
    private readonly Column[] _columns;
    private readonly TextHeap _texts;

    /// <param name="table">Column i of the chunk, after $ingestion, is column i of this table.</param>
    /// <param name="texts">Holds the long texts, until the rows are in their table.</param>
    public RowChunk(StoredTable table, TextHeap texts)
    {
        _texts = texts;
        var types = LogicalTypes(table);
        _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk(
            Array.ConvertAll(types, type => type.DangerousGetHandle()), (ulong)types.Length);
        foreach (var type in types)
        {
            type.Dispose();
        }

        _columns = new Column[types.Length];
        for (var index = 0; index < _columns.Length; index++)
        {
            var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, index);
            var type = index == 0 ? KqlType.Long : table.Columns[index - 1].Type;
            ref var column = ref _columns[index];
            column.Vector = vector;
            column.Size = Size(type);
            column.IsText = type is KqlType.String or KqlType.Dynamic;
            column.Data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
            if (column.IsText)
            {
                Unsafe.InitBlock(column.Data, 0, (uint)(Capacity * column.Size));
            }

            if (index > 0 && type != KqlType.String)
            {
                NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(vector);
                column.Validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
                Unsafe.InitBlock(column.Validity, 0, Capacity / 8);
            }
        }
    }

    /// <summary>Complete rows.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public int ColumnCount => _columns.Length;

    /// <summary>The types of a table's columns in DuckDB, <c>$ingestion</c> first; the caller disposes them.</summary>
    public static DuckDBLogicalType[] LogicalTypes(StoredTable table) =>
    [
        NativeMethods.LogicalType.DuckDBCreateLogicalType(DuckDBType.BigInt),
        .. table.Columns.Select(column => LogicalType(column.Type)),
    ];

    /// <summary>DuckDB's vector of a column.</summary>
    public nint Vector(int column) => _columns[column].Vector;

    public void SetIngestion(long ticks) => ((long*)_columns[0].Data)[Count] = ticks;

    public void SetText(int column, ReadOnlySpan<byte> utf8)
    {
        ref var cell = ref _columns[column + 1];
        StringVector.Set(cell.Data, Count, utf8, utf8.Length > StringVector.InlineLength ? _texts.Keep(utf8) : null);
        SetValid(cell);
    }

    public void SetLong(int column, long value)
    {
        ref var cell = ref _columns[column + 1];
        ((long*)cell.Data)[Count] = value;
        SetValid(cell);
    }

    public void SetInt(int column, int value)
    {
        ref var cell = ref _columns[column + 1];
        ((int*)cell.Data)[Count] = value;
        SetValid(cell);
    }

    public void SetReal(int column, double value)
    {
        ref var cell = ref _columns[column + 1];
        ((double*)cell.Data)[Count] = value;
        SetValid(cell);
    }

    public void SetBool(int column, bool value)
    {
        ref var cell = ref _columns[column + 1];
        ((bool*)cell.Data)[Count] = value;
        SetValid(cell);
    }

    /// <summary>A decimal as its value times 10^18, the form of DECIMAL(38, 18).</summary>
    public void SetDecimal(int column, Int128 scaled)
    {
        ref var cell = ref _columns[column + 1];
        ((Int128*)cell.Data)[Count] = scaled;
        SetValid(cell);
    }

    public void SetGuid(int column, Guid value)
    {
        ref var cell = ref _columns[column + 1];
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);

        // DuckDB holds a UUID as a signed 128-bit number whose top bit is flipped, so that numbers sort as texts do.
        ((ulong*)cell.Data)[Count * 2] = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        ((ulong*)cell.Data)[(Count * 2) + 1] = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ (1UL << 63);
        SetValid(cell);
    }

    public void SetNull(int column)
    {
        ref var cell = ref _columns[column + 1];
        if (cell.IsText)
        {
            Unsafe.InitBlock(cell.Data + (Count * cell.Size), 0, (uint)cell.Size);
        }

        if (cell.Validity != null)
        {
            cell.Validity[Count >> 6] &= ~(1UL << (Count & 63));
        }
    }

    public bool IsNull(int column)
    {
        ref var cell = ref _columns[column + 1];
        return cell.Validity != null && ((cell.Validity[Count >> 6] >> (Count & 63)) & 1) == 0;
    }

    public bool IsEmptyText(int column) => *(int*)(_columns[column + 1].Data + (Count * StringVector.ValueSize)) == 0;

    public long GetLong(int column) => ((long*)_columns[column + 1].Data)[Count];

    /// <summary>Ends the row that the setters wrote; the next one is empty.</summary>
    public void Commit() => Count++;

    /// <summary>Empties the row that the setters wrote.</summary>
    public void Rollback()
    {
        for (var column = 0; column < _columns.Length - 1; column++)
        {
            SetNull(column);
        }
    }

    public void Dispose() => _chunk.Dispose();

    private void SetValid(in Column column)
    {
        if (column.Validity != null)
        {
            column.Validity[Count >> 6] |= 1UL << (Count & 63);
        }
    }

    private static int Size(KqlType type) => type switch
    {
        KqlType.Bool => 1,
        KqlType.Int => 4,
        KqlType.Long or KqlType.Real or KqlType.DateTime or KqlType.TimeSpan => 8,
        _ => 16,
    };

    private static DuckDBLogicalType LogicalType(KqlType type) => type == KqlType.Decimal
        ? NativeMethods.LogicalType.DuckDBCreateDecimalType(38, 18)
        : NativeMethods.LogicalType.DuckDBCreateLogicalType(type switch
        {
            KqlType.Bool => DuckDBType.Boolean,
            KqlType.Int => DuckDBType.Integer,
            KqlType.Long or KqlType.DateTime or KqlType.TimeSpan => DuckDBType.BigInt,
            KqlType.Real => DuckDBType.Double,
            KqlType.String or KqlType.Dynamic => DuckDBType.Varchar,
            KqlType.Guid => DuckDBType.Uuid,
            _ => throw new InvalidOperationException($"Unreachable: {type} is no type of KQL."),
        });

    private struct Column
    {
        public nint Vector;
        public byte* Data;
        public ulong* Validity;
        public int Size;
        public bool IsText;
    }
}
