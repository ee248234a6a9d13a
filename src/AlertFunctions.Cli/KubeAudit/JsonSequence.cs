using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AlertFunctions.Cli.KubeAudit;

/// <summary>Splits a text into the objects that it holds, with the line of each.</summary>
internal sealed class JsonSequence
{
    // Custom resources nest deeper than the reader's default of 64.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    private static readonly SearchValues<byte> Separators = SearchValues.Create(" \t\r\n,[]"u8);

    private readonly byte[] _text;
    private readonly bool _isFinal;
    private readonly List<JsonRecord> _records = [];
    private int _position;
    private int _line;
    private int _lineStartsCounted;

    private JsonSequence(string text, int firstLine, bool isFinal)
    {
        _text = Encoding.UTF8.GetBytes(text);
        _line = firstLine;
        _isFinal = isFinal;
    }

    /// <summary>Reads a line that holds whole objects; false where the line ends within one.</summary>
    public static bool TryReadLine(string line, int number, out List<JsonRecord> records)
    {
        var sequence = new JsonSequence(line, number, isFinal: false);
        records = sequence._records;
        return sequence.ReadAll();
    }

    /// <summary>Reads a text to its end, where an object without an end is a fault.</summary>
    public static List<JsonRecord> Read(string text, int firstLine)
    {
        var sequence = new JsonSequence(text, firstLine, isFinal: true);
        sequence.ReadAll();
        return sequence._records;
    }

    private bool ReadAll()
    {
        while (SkipSeparators())
        {
            var start = _position;
            try
            {
                if (!TryReadObject())
                {
                    return false;
                }
            }
            catch (JsonException fault)
            {
                _records.Add(new(LineOf(start), null, Describe(fault)));
                Resume(start);
            }
        }

        return true;
    }

    private bool SkipSeparators()
    {
        var next = _text.AsSpan(_position).IndexOfAnyExcept(Separators);
        _position += Math.Max(next, 0);
        return next >= 0;
    }

    private bool TryReadObject()
    {
        var reader = new Utf8JsonReader(_text.AsSpan(_position), _isFinal, new JsonReaderState(Options));
        if (_text[_position] != (byte)'{')
        {
            throw new JsonException("an object should begin here.");
        }

        var items = reader;
        if (FindItems(ref items))
        {
            return TryReadItems(items);
        }

        if (!reader.Read() || !JsonElement.TryParseValue(ref reader, out var value))
        {
            return false;
        }

        _records.Add(new(LineOf(_position), value, null));
        _position += (int)reader.BytesConsumed;
        return true;
    }

    /// <summary>Looks for a property <c>items</c> of the object that is an array, and stands on the array's start.</summary>
    private static bool FindItems(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
            {
                var isItems = reader.ValueTextEquals("items"u8);
                if (reader.Read() && isItems && reader.TokenType == JsonTokenType.StartArray)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryReadItems(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var line = LineOf(_position + (int)reader.TokenStartIndex);
            if (!JsonElement.TryParseValue(ref reader, out var item))
            {
                return false;
            }

            _records.Add(new(line, item, null));
        }

        while (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > 0)
        {
            if (!reader.Read())
            {
                return false;
            }
        }

        _position += (int)reader.BytesConsumed;
        return true;
    }

    /// <summary>Moves to the next line that begins an object as far to the left as the one at <paramref name="broken"/>.</summary>
    private void Resume(int broken)
    {
        var lineStart = _text.AsSpan(0, broken).LastIndexOf((byte)'\n') + 1;
        var indent = Math.Max(0, _text.AsSpan(lineStart).IndexOfAnyExcept(" \t"u8));
        while (true)
        {
            var lineEnd = _text.AsSpan(lineStart).IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                _position = _text.Length;
                return;
            }

            lineStart += lineEnd + 1;
            var first = _text.AsSpan(lineStart).IndexOfAnyExcept(" \t"u8);
            if (first >= 0 && first <= indent && _text[lineStart + first] == (byte)'{')
            {
                _position = lineStart + first;
                return;
            }
        }
    }

    // Positions are asked for in rising order, but for the start of a list whose later items were already counted.
    private int LineOf(int position)
    {
        if (position < _lineStartsCounted)
        {
            return _line - _text.AsSpan(position, _lineStartsCounted - position).Count((byte)'\n');
        }

        _line += _text.AsSpan(_lineStartsCounted, position - _lineStartsCounted).Count((byte)'\n');
        _lineStartsCounted = position;
        return _line;
    }

    private static string Describe(JsonException fault)
    {
        // The reader's own message ends with its place in the buffer, which is not the file's.
        var text = fault.Message;
        var place = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return "not valid JSON: " + (place < 0 ? text : text[..place]);
    }
}
