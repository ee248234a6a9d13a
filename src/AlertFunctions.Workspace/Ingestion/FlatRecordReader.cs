using System.Buffers;
using System.Text.Json;
using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>
/// Reads records as agents write them: known columns in a recurring order, plain texts and whole numbers. It takes valid JSON
/// only, and leaves whatever is unusual to the reader that explains faults: it says false, and the row is to be read again.
/// </summary>
internal sealed class FlatRecordReader(CellWriter cells)
{
    /// <summary>What ends or escapes a text; JSON has no control characters in texts.</summary>
    private static readonly SearchValues<byte> TextEnd =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private static ReadOnlySpan<byte> Escapes => "\"\\/nrtbf"u8;

    private static ReadOnlySpan<byte> Escaped => "\"\\/\n\r\t\b\f"u8;

    private byte[] _unescaped = new byte[1024];

    public bool TryRead(TableRows rows, RowChunk chunk, ReadOnlySpan<byte> record)
    {
        var columns = rows.Columns;
        var rest = record[1..];
        var previous = -1;
        while (true)
        {
            var guess = columns.Guess(previous);
            if (rest.StartsWith(columns.Prefix(guess)))
            {
                previous = guess;
                rest = rest[columns.Prefix(guess).Length..];
            }
            else if (!TryFindColumn(columns, ref rest, ref previous))
            {
                return false;
            }

            if (rest.IsEmpty || !TryReadValue(chunk, previous, rows.Table.Columns[previous].Type, ref rest) || rest.IsEmpty)
            {
                return false;
            }

            var separator = rest[0];
            rest = rest[1..];
            if (separator == '}')
            {
                return rest.IsEmpty;
            }

            if (separator != ',')
            {
                return false;
            }

            rest = rest.TrimStart((byte)' ');
        }
    }

    private static bool TryFindColumn(ColumnLookup columns, ref ReadOnlySpan<byte> rest, ref int previous)
    {
        rest = rest.TrimStart((byte)' ');
        if (rest is not [(byte)'"', ..])
        {
            return false;
        }

        var end = rest[1..].IndexOfAny(TextEnd) + 1;
        if (end == 0 || rest[end] != '"')
        {
            return false;
        }

        var position = columns.Find(rest[1..end], previous);
        rest = rest[(end + 1)..].TrimStart((byte)' ');
        if (position < 0 || rest is not [(byte)':', ..])
        {
            return false;
        }

        rest = rest[1..].TrimStart((byte)' ');
        previous = position;
        return true;
    }

    private bool TryReadValue(RowChunk chunk, int column, KqlType type, ref ReadOnlySpan<byte> rest)
    {
        if (rest[0] == ' ')
        {
            rest = rest.TrimStart((byte)' ');
        }

        if (rest is [(byte)'"', ..])
        {
            return TryReadText(chunk, column, type, ref rest);
        }

        var length = rest.IndexOfAny((byte)',', (byte)'}');
        if (length <= 0)
        {
            return false;
        }

        var value = rest[..length];
        rest = rest[length..];
        if (value.SequenceEqual("null"u8))
        {
            chunk.SetNull(column);
            return true;
        }

        return (IsWholeNumber(value) || value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8))
            && CellWriter.TryWriteText(chunk, column, type, value);
    }

    private bool TryReadText(RowChunk chunk, int column, KqlType type, ref ReadOnlySpan<byte> rest)
    {
        var end = rest[1..].IndexOfAny(TextEnd) + 1;
        if (end > 0 && rest[end] == '"')
        {
            var text = rest[1..end];
            rest = rest[(end + 1)..];
            return cells.TryWriteString(chunk, column, type, text);
        }

        if (TryUnescape(rest, end, out var length, out var unescaped))
        {
            rest = rest[length..];
            return cells.TryWriteString(chunk, column, type, unescaped);
        }

        while (end > 0 && rest[end] == '\\' && end + 2 < rest.Length)
        {
            var step = rest[(end + 2)..].IndexOfAny(TextEnd);
            end = step < 0 ? 0 : end + 2 + step;
        }

        if (end <= 0 || rest[end] != '"')
        {
            return false;
        }

        // Other escapes are checked and resolved by the reader that knows them all.
        try
        {
            var reader = new Utf8JsonReader(rest[..(end + 1)]);
            reader.Read();
            var written = cells.TryWrite(chunk, column, type, ref reader, rest);
            rest = rest[(end + 1)..];
            return written;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Resolves escapes of one character; false where there is another, or no end.</summary>
    /// <param name="rest">A text from its opening quote on, and what follows it.</param>
    /// <param name="at">Where its first escape is.</param>
    /// <param name="length">How long the text is with its quotes.</param>
    /// <param name="unescaped">The text; valid until the next call.</param>
    private bool TryUnescape(ReadOnlySpan<byte> rest, int at, out int length, out ReadOnlySpan<byte> unescaped)
    {
        length = 0;
        unescaped = default;
        if (_unescaped.Length < rest.Length)
        {
            _unescaped = new byte[rest.Length * 2];
        }

        var (start, written) = (1, 0);
        while (at >= start)
        {
            rest[start..at].CopyTo(_unescaped.AsSpan(written));
            written += at - start;
            if (rest[at] == '"')
            {
                length = at + 1;
                unescaped = _unescaped.AsSpan(0, written);
                return true;
            }

            var escape = rest[at] == '\\' && at + 1 < rest.Length ? Escapes.IndexOf(rest[at + 1]) : -1;
            if (escape < 0)
            {
                return false;
            }

            _unescaped[written++] = Escaped[escape];
            start = at + 2;
            at = rest[start..].IndexOfAny(TextEnd) + start;
        }

        return false;
    }

    /// <summary>Digits without a leading zero, perhaps negative.</summary>
    private static bool IsWholeNumber(ReadOnlySpan<byte> text)
    {
        var digits = text is [(byte)'-', ..] ? text[1..] : text;
        return digits.Length > 0 && (digits[0] != '0' || digits.Length == 1) && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
