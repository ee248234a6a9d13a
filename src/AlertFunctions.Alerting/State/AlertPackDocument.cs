using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlertFunctions.Alerting.State;

/// <summary>
/// A pack as it is stored: JSON under Brotli, whose matches take out what alerts of one detection have in common (names, titles, times).
/// </summary>
internal sealed record AlertPackDocument
{
    // Measured with 50,000 alerts of pods: 85 bytes an alert; quality 4 gives 83 for half as much work again in all of the pipeline.
    private const int Quality = 2;
    private const int WindowBits = 18;

    [JsonPropertyName("d")]
    public required string Detection { get; init; }

    [JsonPropertyName("p")]
    public required string Bits { get; init; }

    [JsonPropertyName("a")]
    public required AlertDocument[] Alerts { get; init; }

    [JsonIgnore]
    public IEnumerable<AlertRecord> Records => Alerts.Select(alert => alert.ToRecord(Detection));

    public static byte[] Write(string detection, string bits, IEnumerable<AlertRecord> records)
    {
        var plain = new ArrayBufferWriter<byte>(32 * 1024);
        using (var json = new Utf8JsonWriter(plain))
        {
            var document = new AlertPackDocument { Detection = detection, Bits = bits, Alerts = [.. records.Select(AlertDocument.Of)] };
            JsonSerializer.Serialize(json, document, StateJson.Default.AlertPackDocument);
        }

        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.WrittenCount));
        try
        {
            return BrotliEncoder.TryCompress(plain.WrittenSpan, packed, out var length, Quality, WindowBits)
                ? packed.AsSpan(0, length).ToArray()
                : throw new InvalidOperationException("Unreachable: the buffer holds any outcome.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    public static AlertPackDocument Read(ReadOnlySpan<byte> content)
    {
        using var plain = new BrotliStream(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(plain, StateJson.Default.AlertPackDocument)
            ?? throw new InvalidOperationException("A stored pack of alerts is empty.");
    }
}
