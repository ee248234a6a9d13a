using System.Buffers.Binary;
using System.Text;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>hash() and hash_xxhash64(). Sources: learn.microsoft.com/kusto/query/hash-function, .../hash-xxhash64-function.</summary>
internal static class HashRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, long>("kql_hash_text", OfText),
        RuntimeFunction.Of<long, long>("kql_hash_long", OfLong),
    ];

    /// <summary>A string is hashed as its UTF-8 bytes.</summary>
    public static long OfText(string text) => XxHash64.Compute(Encoding.UTF8.GetBytes(text));

    /// <summary>A long, a datetime or a timespan is hashed as its eight bytes, lowest first.</summary>
    public static long OfLong(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return XxHash64.Compute(bytes);
    }
}
