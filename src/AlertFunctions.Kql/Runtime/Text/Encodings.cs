using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// Base64, gzip and zlib. What does not decode, or is no valid UTF-8 once decoded, is null, which a string result shows as ''.
/// Sources: learn.microsoft.com/kusto/query/base64-encode-tostring-function and the pages beside it.
/// </summary>
internal static class Encodings
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string>("kql_base64_encode", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        RuntimeFunction.Of<string, string?>("kql_base64_decode", DecodeToText),
        RuntimeFunction.Of<string, string?>("kql_base64_decode_array", DecodeToArray),
        RuntimeFunction.Of<string, string?>("kql_base64_encode_array", EncodeArray),
        RuntimeFunction.Of<string, string?>("kql_base64_encode_guid", EncodeGuid),
        RuntimeFunction.Of<string, string?>("kql_base64_decode_guid", DecodeToGuid),
        RuntimeFunction.Of<string, string>("kql_gzip_compress", CompressGzip),
        RuntimeFunction.Of<string, string?>("kql_gzip_decompress", text => Decompress(text, s => new GZipStream(s, CompressionMode.Decompress))),
        RuntimeFunction.Of<string, string>("kql_zlib_compress", CompressZlib),
        RuntimeFunction.Of<string, string?>("kql_zlib_decompress", text => Decompress(text, s => new ZLibStream(s, CompressionMode.Decompress))),
    ];

    public static string? DecodeToText(string text) => Decode(text) is { } bytes ? ToText(bytes) : null;

    /// <summary>The bytes as an array of numbers.</summary>
    public static string? DecodeToArray(string text) =>
        Decode(text) is { } bytes && ToText(bytes) is not null ? $"[{string.Join(',', bytes)}]" : null;

    public static string? EncodeArray(string array)
    {
        if (JsonReader.Read(array) is not List<object?> items)
        {
            return null;
        }

        var bytes = new byte[items.Count];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (items[i] is not (>= 0L and <= 255L))
            {
                return null;
            }

            bytes[i] = (byte)(long)items[i]!;
        }

        return Convert.ToBase64String(bytes);
    }

    /// <summary>The base64 of a GUID's sixteen bytes as Windows lays them out.</summary>
    public static string? EncodeGuid(string guid) =>
        Guid.TryParse(guid, out var value) ? Convert.ToBase64String(value.ToByteArray()) : null;

    public static string? DecodeToGuid(string text) =>
        Decode(text) is { Length: 16 } bytes ? new Guid(bytes).ToString("D") : null;

    /// <summary>Stored blocks, and a header that names no operating system, as the page prints it.</summary>
    public static string CompressGzip(string text)
    {
        var bytes = Compress(text, s => new GZipStream(s, CompressionLevel.NoCompression, leaveOpen: true));
        if (bytes.Length == 0)
        {
            // .NET writes nothing of nothing.
            return "";
        }

        const int ExtraFlags = 8, OperatingSystem = 9;
        bytes[ExtraFlags] = 0;
        bytes[OperatingSystem] = 255;
        return Convert.ToBase64String(bytes);
    }

    public static string CompressZlib(string text) =>
        Convert.ToBase64String(Compress(text, s => new ZLibStream(s, CompressionLevel.NoCompression, leaveOpen: true)));

    private static byte[] Compress(string text, Func<Stream, Stream> compressor)
    {
        using var buffer = new MemoryStream();
        using (var stream = compressor(buffer))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }

    public static string? Decompress(string text, Func<Stream, Stream> decompressor)
    {
        if (Decode(text) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var stream = decompressor(new MemoryStream(bytes));
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            return ToText(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string text)
    {
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length) + 3];
        return Convert.TryFromBase64String(text, buffer, out var written) ? buffer[..written] : null;
    }

    private static string? ToText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
