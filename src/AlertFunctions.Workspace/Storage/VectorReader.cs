using System.Runtime.CompilerServices;
using System.Text;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>The values of a flat vector that DuckDB hands over, of bool, int, long, double or string.</summary>
internal readonly unsafe ref struct VectorReader<T>
{
    private readonly byte* _data;
    private readonly ulong* _validity;

    public VectorReader(DuckDBDataChunk chunk, int column)
    {
        var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
    }

    public bool IsValid(int row) => _validity == null || ((_validity[row >> 6] >> (row & 63)) & 1) != 0;

    /// <summary>The bytes of a string.</summary>
    public ReadOnlySpan<byte> ReadUtf8(int row) => StringVector.Read(_data, row);

    public T Read(int row)
    {
        if (typeof(T) == typeof(string))
        {
            var text = Encoding.UTF8.GetString(StringVector.Read(_data, row));
            return Unsafe.As<string, T>(ref text);
        }

        return Unsafe.Read<T>(_data + ((long)row * Unsafe.SizeOf<T>()));
    }
}
