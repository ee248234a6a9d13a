using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// An alert's identity: a hash of the detection's id and the names and values of its identity columns, and of nothing else.
/// </summary>
public static class Fingerprint
{
    private const int Bytes = 16;

    /// <param name="detection">The detection's id.</param>
    /// <param name="identity">Name and text of each identity column; their order does not matter.</param>
    /// <returns>32 lower-case hexadecimal digits.</returns>
    public static string Of(string detection, IEnumerable<KeyValuePair<string, string>> identity)
    {
        ArgumentNullException.ThrowIfNull(detection);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, detection);
        foreach (var (name, value) in identity.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            Append(hash, name);
            Append(hash, value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Bytes));
    }

    // The length before each text keeps ("ab", "c") and ("a", "bc") apart.
    private static void Append(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
