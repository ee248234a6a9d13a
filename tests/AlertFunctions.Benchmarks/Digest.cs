using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AlertFunctions.Benchmarks;

/// <summary>What two results must share: how many rows, and the sum of the rows' hashes.</summary>
internal sealed record Digest(IReadOnlyList<string> Columns, long Rows, ulong Hash);

/// <summary>Writes values of both engines in one form and adds up the rows.</summary>
internal sealed class DigestBuilder
{
    private readonly IReadOnlyList<string> _columns;
    private readonly int[] _places;
    private long _rows;
    private ulong _hash;

    public DigestBuilder(IReadOnlyList<string> actual, IReadOnlyList<string>? wanted)
    {
        _columns = wanted ?? actual;
        _places =
        [
            .. _columns.Select(name => actual.Index().Where(column => column.Item == name).Select(column => column.Index).DefaultIfEmpty(-1).First()),
        ];
        if (Array.IndexOf(_places, -1) is var missing && missing >= 0)
        {
            throw new InvalidOperationException($"The result has no column {_columns[missing]}.");
        }
    }

    public void Add(Func<int, object?> value)
    {
        var row = new StringBuilder();
        foreach (var place in _places)
        {
            Write(row, value(place));
            row.Append('\u001f');
        }

        _rows++;
        _hash += BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes<char>(row.ToString())));
    }

    public Digest Build() => new(_columns, _rows, _hash);

    private static void Write(StringBuilder row, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case DateTimeOffset time:
                Write(row, time.UtcDateTime);
                break;
            case DateTime time:
                row.Append(time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture)).Append('Z');
                break;
            case string text:
                row.Append(text);
                break;
            case JsonElement { ValueKind: JsonValueKind.Array } array:
                foreach (var item in array.EnumerateArray())
                {
                    Write(row, item);
                    row.Append(',');
                }

                break;
            case JsonElement { ValueKind: JsonValueKind.String } text:
                row.Append(text.GetString());
                break;
            case JsonElement element:
                row.Append(element.GetRawText());
                break;
            case IEnumerable items:
                foreach (var item in items)
                {
                    Write(row, item);
                    row.Append(',');
                }

                break;
            default:
                row.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
