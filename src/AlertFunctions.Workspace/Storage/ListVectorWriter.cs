using System.Buffers;
using AlertFunctions.Kql.Runtime;
using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>
/// Writes a result vector of lists of strings. The bytes of all its strings are gathered and given to DuckDB as one, of which the
/// strings are parts.
/// </summary>
internal sealed unsafe class ListVectorWriter : ITextList, IDisposable
{
    private readonly nint _vector;
    private readonly ulong* _entries;

    /// <summary>The length of each item, -1 for NULL.</summary>
    private int[] _lengths = ArrayPool<int>.Shared.Rent(4096);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _count;
    private int _used;
    private int _countBefore;
    private int _usedBefore;

    public ListVectorWriter(nint vector)
    {
        _vector = vector;
        _entries = (ulong*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
    }

    public Span<byte> Add(int length)
    {
        Append(length);
        Grow(ref _bytes, _used, length);
        _used += length;
        return _bytes.AsSpan(_used - length, length);
    }

    public void AddNull() => Append(-1);

    public void Clear() => (_count, _used) = (_countBefore, _usedBefore);

    /// <summary>Makes what was added since the last list the list of a row.</summary>
    public void EndList(int row)
    {
        // duckdb_list_entry of duckdb.h: where the list begins among all items, and how many it has.
        _entries[row * 2] = (ulong)_countBefore;
        _entries[(row * 2) + 1] = (ulong)(_count - _countBefore);
        (_countBefore, _usedBefore) = (_count, _used);
    }

    /// <summary>Gives the items to DuckDB, when every row has its list.</summary>
    public void Flush()
    {
        NativeMethods.Vectors.DuckDBListVectorReserve(_vector, (ulong)_count);
        NativeMethods.Vectors.DuckDBListVectorSetSize(_vector, (ulong)_count);
        var items = NativeMethods.Vectors.DuckDBListVectorGetChild(_vector);
        var data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(items);
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(items);
        var validity = NativeMethods.Vectors.DuckDBVectorGetValidity(items);
        var place = _count > 0 ? Keep(items, data) : null;
        var offset = 0;
        for (var item = 0; item < _count; item++)
        {
            if (_lengths[item] is var length && length < 0)
            {
                validity[item >> 6] &= ~(1UL << (item & 63));
                length = 0;
            }

            StringVector.Set(data, item, _bytes.AsSpan(offset, length), place + offset);
            offset += length;
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_lengths);
        ArrayPool<byte>.Shared.Return(_bytes);
    }

    /// <summary>Copies the bytes to the vector's own memory, as a string that the first item's will replace.</summary>
    private byte* Keep(nint items, byte* data)
    {
        fixed (byte* bytes = _bytes)
        {
            NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(items, 0, bytes, _used);
        }

        return _used > StringVector.InlineLength ? *(byte**)(data + 8) : null;
    }

    private void Append(int length)
    {
        Grow(ref _lengths, _count, 1);
        _lengths[_count++] = length;
    }

    private static void Grow<T>(ref T[] array, int used, int added)
    {
        if (array.Length - used >= added)
        {
            return;
        }

        var larger = ArrayPool<T>.Shared.Rent(Math.Max(array.Length * 2, used + added));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
