using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>Writes a result vector of bool, int, long, double or string, or their nullable forms; rows in ascending order.</summary>
internal readonly unsafe ref struct VectorWriter<T>
{
    private readonly nint _vector;
    private readonly byte* _data;
    private readonly ulong* _validity;

    public VectorWriter(nint vector)
    {
        _vector = vector;
        _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(vector);
        _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);
    }

    public void WriteNull(int row)
    {
        _validity[row >> 6] &= ~(1UL << (row & 63));
        if (typeof(T) == typeof(string))
        {
            StringVector.Write(_vector, _data, row, []);
        }
    }

    public void Write(int row, T value)
    {
        if (value is null)
        {
            WriteNull(row);
        }
        else if (typeof(T) == typeof(string))
        {
            WriteText(row, Unsafe.As<T, string>(ref value));
        }
        else if (typeof(T) == typeof(long?))
        {
            ((long*)_data)[row] = Unsafe.As<T, long?>(ref value).GetValueOrDefault();
        }
        else if (typeof(T) == typeof(double?))
        {
            ((double*)_data)[row] = Unsafe.As<T, double?>(ref value).GetValueOrDefault();
        }
        else if (typeof(T) == typeof(int?))
        {
            ((int*)_data)[row] = Unsafe.As<T, int?>(ref value).GetValueOrDefault();
        }
        else if (typeof(T) == typeof(bool?))
        {
            ((bool*)_data)[row] = Unsafe.As<T, bool?>(ref value).GetValueOrDefault();
        }
        else
        {
            Unsafe.Write(_data + ((long)row * Unsafe.SizeOf<T>()), value);
        }
    }

    /// <summary>Writes a string, given as valid UTF-8.</summary>
    public void WriteUtf8(int row, ReadOnlySpan<byte> utf8) => StringVector.Write(_vector, _data, row, utf8);

    private void WriteText(int row, string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, buffer);
        StringVector.Write(_vector, _data, row, buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
