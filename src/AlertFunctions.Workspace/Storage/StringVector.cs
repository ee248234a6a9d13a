using DuckDB.NET.Native;

namespace AlertFunctions.Workspace.Storage;

/// <summary>
/// DuckDB's <c>duckdb_string_t</c>, 16 bytes a value: the length, then up to 12 bytes in place, or a prefix and a pointer.
/// Source: duckdb.h of DuckDB 1.5.
/// </summary>
internal static unsafe class StringVector
{
    public const int ValueSize = 16;

    /// <summary>Texts up to so many bytes lie in the value itself.</summary>
    public const int InlineLength = 12;

    public static ReadOnlySpan<byte> Read(byte* data, int row)
    {
        var value = data + ((long)row * ValueSize);
        var length = *(int*)value;
        return length <= InlineLength ? new(value + 4, length) : new(*(byte**)(value + 8), length);
    }

    /// <summary>Writes valid UTF-8 that stays where it is, at <paramref name="place"/>, or is short enough to lie in the value.</summary>
    public static void Set(byte* data, int row, ReadOnlySpan<byte> utf8, byte* place)
    {
        var value = data + ((long)row * ValueSize);
        *(int*)value = utf8.Length;
        if (utf8.Length <= InlineLength)
        {
            var inline = new Span<byte>(value + 4, InlineLength);
            utf8.CopyTo(inline);
            inline[utf8.Length..].Clear();
        }
        else
        {
            *(int*)(value + 4) = *(int*)place;
            *(byte**)(value + 8) = place;
        }
    }

    /// <summary>Writes valid UTF-8. The vector's values must have been zeroed, and those before <paramref name="row"/> written.</summary>
    public static void Write(nint vector, byte* data, int row, ReadOnlySpan<byte> utf8)
    {
        var value = data + ((long)row * ValueSize);
        if (utf8.Length <= InlineLength)
        {
            *(int*)value = utf8.Length;
            var inline = new Span<byte>(value + 4, InlineLength);
            utf8.CopyTo(inline);
            inline[utf8.Length..].Clear();
        }
        else if (row > 0 && *(int*)(value - ValueSize) == utf8.Length && Read(data, row - 1).SequenceEqual(utf8))
        {
            // Records come in runs: the row above has the text already, on the vector's heap.
            Buffer.MemoryCopy(value - ValueSize, value, ValueSize, ValueSize);
        }
        else
        {
            fixed (byte* text = utf8)
            {
                NativeMethods.Vectors.DuckDBUnsafeVectorAssignStringElementLength(vector, (ulong)row, text, utf8.Length);
            }
        }
    }
}
