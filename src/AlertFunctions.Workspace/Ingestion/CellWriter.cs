using System.Buffers;
using System.Text;
using System.Text.Json;
using AlertFunctions.Kql;

namespace AlertFunctions.Workspace.Ingestion;

/// <summary>Writes the JSON value that a reader stands on into a cell, converted to the column's type.</summary>
internal sealed class CellWriter
{
    private const int LongestShown = 60;

    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private byte[] _unescaped = new byte[1024];

    /// <summary>
    /// False where the column cannot hold the value; the cell is then as it was, and the reader still stands on a scalar.
    /// JSON null and, but for string columns, empty text are no value.
    /// </summary>
    public bool TryWrite(RowChunk chunk, int column, KqlType type, ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                chunk.SetNull(column);
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return TryWriteContainer(chunk, column, type, ref reader, record);
            case JsonTokenType.String:
                return TryWriteString(chunk, column, type, Text(ref reader));
            default:
                return TryWriteText(chunk, column, type, reader.ValueSpan);
        }
    }

    /// <summary>Whether a column of this type could hold the value that the reader stands on.</summary>
    public bool CanHold(KqlType type, Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => true,
        JsonTokenType.StartObject or JsonTokenType.StartArray => type is KqlType.Dynamic,
        _ => type switch
        {
            KqlType.String => true,
            KqlType.Real => CellText.TryReal(Text(ref reader), out _),
            KqlType.Bool => CellText.TryBool(Text(ref reader), out _),
            KqlType.DateTime => CellText.TryDateTime(Text(ref reader), out _),
            KqlType.Guid => CellText.TryGuid(Text(ref reader), out _),
            _ => false,
        },
    };

    /// <summary>The type of a custom table's column that starts with this value.</summary>
    public static KqlType NaturalType(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => KqlType.Bool,
        JsonTokenType.Number => reader.TryGetInt64(out _) ? KqlType.Long : KqlType.Real,
        JsonTokenType.String or JsonTokenType.Null => KqlType.String,
        _ => KqlType.Dynamic,
    };

    /// <summary>The value as a message shows it.</summary>
    public static string Describe(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.StartObject or JsonTokenType.EndObject => "an object",
            JsonTokenType.StartArray or JsonTokenType.EndArray => "an array",
            JsonTokenType.String => $"\"{String(ref reader)}\"",
            _ => Encoding.UTF8.GetString(reader.ValueSpan),
        };
        return text.Length > LongestShown ? $"{text[..LongestShown]}…" : text;
    }

    /// <summary>The text of a name or string.</summary>
    /// <exception cref="FormatException">An escape stands for half a character.</exception>
    public static string String(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("a text has an escape that is half a character");
        }
    }

    private bool TryWriteContainer(RowChunk chunk, int column, KqlType type, ref Utf8JsonReader reader, ReadOnlySpan<byte> record)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        if (type is not (KqlType.Dynamic or KqlType.String))
        {
            return false;
        }

        _json.ResetWrittenCount();
        CompactJson.Write(record[start..(int)reader.BytesConsumed], _json);
        chunk.SetText(column, _json.WrittenSpan);
        return true;
    }

    /// <summary>Writes a JSON string, given without its escapes.</summary>
    public bool TryWriteString(RowChunk chunk, int column, KqlType type, ReadOnlySpan<byte> text)
    {
        if (type == KqlType.Dynamic)
        {
            // Exports carry dynamic values as text; any other text is a dynamic string.
            _json.ResetWrittenCount();
            if (!CompactJson.TryWriteContainer(text, _json))
            {
                CompactJson.WriteString(text, _json);
            }

            chunk.SetText(column, _json.WrittenSpan);
            return true;
        }

        if (type != KqlType.String && text.Trim((byte)' ').IsEmpty)
        {
            chunk.SetNull(column);
            return true;
        }

        return TryWriteText(chunk, column, type, text);
    }

    /// <summary>Writes the text of a JSON number, true or false.</summary>
    public static bool TryWriteText(RowChunk chunk, int column, KqlType type, ReadOnlySpan<byte> text)
    {
        switch (type)
        {
            case KqlType.String or KqlType.Dynamic:
                chunk.SetText(column, text);
                return true;
            case KqlType.DateTime when CellText.TryDateTime(text, out var ticks):
                chunk.SetLong(column, ticks);
                return true;
            case KqlType.TimeSpan when CellText.TryTimeSpan(text, out var ticks):
                chunk.SetLong(column, ticks);
                return true;
            case KqlType.Long when CellText.TryLong(text, out var number):
                chunk.SetLong(column, number);
                return true;
            case KqlType.Int when CellText.TryLong(text, out var number) && number == (int)number:
                chunk.SetInt(column, (int)number);
                return true;
            case KqlType.Real when CellText.TryReal(text, out var number):
                chunk.SetReal(column, number);
                return true;
            case KqlType.Bool when CellText.TryBool(text, out var truth):
                chunk.SetBool(column, truth);
                return true;
            case KqlType.Decimal when CellText.TryDecimal(text, out var scaled):
                chunk.SetDecimal(column, scaled);
                return true;
            case KqlType.Guid when CellText.TryGuid(text, out var guid):
                chunk.SetGuid(column, guid);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The text of a scalar, without escapes; valid until the next call.</summary>
    /// <exception cref="FormatException">An escape stands for half a character.</exception>
    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_unescaped.Length < reader.ValueSpan.Length)
        {
            _unescaped = new byte[reader.ValueSpan.Length * 2];
        }

        try
        {
            return _unescaped.AsSpan(0, reader.CopyString(_unescaped));
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("a text has an escape that is half a character");
        }
    }
}
