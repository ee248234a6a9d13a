using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>
/// Reads JSON text into plain CLR values: null, <see cref="bool"/>, <see cref="long"/> for a whole number that fits,
/// <see cref="double"/> for any other number, <see cref="string"/>, <see cref="List{T}"/> of values for an array and
/// <see cref="JsonBag"/> for a property bag. These are the kinds that a dynamic value has.
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/dynamic.
/// </summary>
internal ref struct JsonReader
{
    /// <summary>How deep arrays and bags may lie in each other.</summary>
    public const int DepthLimit = 1000;

    private readonly ReadOnlySpan<char> _text;
    private int _position;
    private int _depth;

    private JsonReader(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Reads one JSON value; false where the text is not exactly one.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out object? value)
    {
        var reader = new JsonReader(text);
        return reader.TryReadValue(out value) && reader.AtEnd();
    }

    /// <summary>Reads a stored dynamic value: text that is not JSON stands for itself, as parse_json has it.</summary>
    public static object? Read(string? text) =>
        text is null ? null : TryRead(text, out var value) ? value : text;

    private bool AtEnd()
    {
        SkipBlanks();
        return _position == _text.Length;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t' or '\r' or '\n')
        {
            _position++;
        }
    }

    private bool TryReadValue(out object? value)
    {
        value = null;
        SkipBlanks();
        if (_position >= _text.Length)
        {
            return false;
        }

        switch (_text[_position])
        {
            case '{':
                return TryReadBag(out value);
            case '[':
                return TryReadArray(out value);
            case '"':
                var isText = TryReadString(out var text);
                value = text;
                return isText;
            case 't':
                value = true;
                return TryReadWord("true");
            case 'f':
                value = false;
                return TryReadWord("false");
            case 'n':
                return TryReadWord("null");
            default:
                return TryReadNumber(out value);
        }
    }

    private bool TryReadWord(string word)
    {
        if (!_text[_position..].StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    private bool TryReadNumber(out object? value)
    {
        value = null;
        var start = _position;
        var isWhole = true;
        if (Peek('-'))
        {
            _position++;
        }

        var digits = SkipDigits();
        if (digits == 0 || (digits > 1 && _text[_position - digits] == '0'))
        {
            return false;
        }

        if (Peek('.'))
        {
            isWhole = false;
            _position++;
            if (SkipDigits() == 0)
            {
                return false;
            }
        }

        if (Peek('e') || Peek('E'))
        {
            isWhole = false;
            _position++;
            if (Peek('+') || Peek('-'))
            {
                _position++;
            }

            if (SkipDigits() == 0)
            {
                return false;
            }
        }

        var number = _text[start.._position];
        if (isWhole && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            value = whole;
            return true;
        }

        value = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        return true;
    }

    private bool Peek(char expected) => _position < _text.Length && _text[_position] == expected;

    private int SkipDigits()
    {
        var start = _position;
        while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
        {
            _position++;
        }

        return _position - start;
    }

    private bool TryReadArray(out object? value)
    {
        var items = new List<object?>();
        value = items;
        if (++_depth > DepthLimit)
        {
            return false;
        }

        _position++;
        SkipBlanks();
        if (Peek(']'))
        {
            _position++;
            _depth--;
            return true;
        }

        while (true)
        {
            if (!TryReadValue(out var item))
            {
                return false;
            }

            items.Add(item);
            SkipBlanks();
            if (Peek(']'))
            {
                _position++;
                _depth--;
                return true;
            }

            if (!Peek(','))
            {
                return false;
            }

            _position++;
        }
    }

    private bool TryReadBag(out object? value)
    {
        var bag = new JsonBag();
        value = bag;
        if (++_depth > DepthLimit)
        {
            return false;
        }

        _position++;
        SkipBlanks();
        if (Peek('}'))
        {
            _position++;
            _depth--;
            return true;
        }

        while (true)
        {
            SkipBlanks();
            if (!Peek('"') || !TryReadString(out var key))
            {
                return false;
            }

            SkipBlanks();
            if (!Peek(':'))
            {
                return false;
            }

            _position++;
            if (!TryReadValue(out var item))
            {
                return false;
            }

            bag[key] = item;
            SkipBlanks();
            if (Peek('}'))
            {
                _position++;
                _depth--;
                return true;
            }

            if (!Peek(','))
            {
                return false;
            }

            _position++;
        }
    }

    private bool TryReadString(out string value)
    {
        _position++;
        var rest = _text[_position..];
        var stop = rest.IndexOfAny('"', '\\');
        if (stop >= 0 && rest[stop] == '"')
        {
            value = rest[..stop].ToString();
            _position += stop + 1;
            return true;
        }

        var built = new StringBuilder();
        while (_position < _text.Length)
        {
            var c = _text[_position++];
            if (c == '"')
            {
                value = built.ToString();
                return true;
            }

            if (c != '\\')
            {
                built.Append(c);
            }
            else if (!TryReadEscape(built))
            {
                break;
            }
        }

        value = "";
        return false;
    }

    private bool TryReadEscape(StringBuilder built)
    {
        if (_position >= _text.Length)
        {
            return false;
        }

        var c = _text[_position++];
        switch (c)
        {
            case '"' or '\\' or '/':
                built.Append(c);
                return true;
            case 'b':
                built.Append('\b');
                return true;
            case 'f':
                built.Append('\f');
                return true;
            case 'n':
                built.Append('\n');
                return true;
            case 'r':
                built.Append('\r');
                return true;
            case 't':
                built.Append('\t');
                return true;
            case 'u' when _position + 4 <= _text.Length
                && ushort.TryParse(
                    _text.Slice(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                built.Append((char)code);
                _position += 4;
                return true;
            default:
                return false;
        }
    }
}
