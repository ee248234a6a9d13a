using System.Runtime.CompilerServices;
using System.Text;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>The values of a flat vector that DuckDB hands over, of bool, int, long, double or string.</summary>
internal unsafe ref struct VectorReader<T>
{
    private readonly byte* _data;
    private readonly ulong* _validity;

    /// <summary>The string that was read last, and its value in the vector: a constant stands in every row.</summary>
    private string? _last;
    private UInt128 _lastValue;

    public VectorReader(DuckDBDataChunk chunk, int column)
    {
        var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
    }

    public readonly bool IsValid(int row) => _validity == null || ((_validity[row >> 6] >> (row & 63)) & 1) != 0;

    /// <summary>The bytes of a string.</summary>
    public readonly ReadOnlySpan<byte> ReadUtf8(int row) => StringVector.Read(_data, row);

    public T Read(int row)
    {
        if (typeof(T) == typeof(string))
        {
            var text = ReadText(row);
            return Unsafe.As<string, T>(ref text);
        }

        return Unsafe.Read<T>(_data + ((long)row * Unsafe.SizeOf<T>()));
    }

    private string ReadText(int row)
    {
        var value = Unsafe.ReadUnaligned<UInt128>(_data + ((long)row * StringVector.ValueSize));
        if (_last is null || value != _lastValue)
        {
            _last = Encoding.UTF8.GetString(StringVector.Read(_data, row));
            _lastValue = value;
        }

        return _last;
    }
}
