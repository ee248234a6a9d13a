using System.Buffers;

namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>
/// Tells, without making values of it, whether a text is JSON exactly as <see cref="JsonText"/> writes it, so that parsing it
/// would give the text itself. Arrays and bags only; false also for what is rare, such as a real or a bag of many keys.
/// </summary>
internal ref struct CanonicalJson
{
    private const int DepthLimit = 64;
    private const int KeyLimit = 32;

    /// <summary>What ends a string, or does not stand in it as it is.</summary>
    private static readonly SearchValues<byte> InString =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private readonly ReadOnlySpan<byte> _text;
    private int _position;
    private int _depth;

    private CanonicalJson(ReadOnlySpan<byte> text) => _text = text;

    public static bool Is(ReadOnlySpan<byte> utf8)
    {
        var reader = new CanonicalJson(utf8);
        return reader.Next is '{' or '[' && reader.SkipValue() && reader._position == utf8.Length;
    }

    private readonly int Next => _position < _text.Length ? _text[_position] : -1;

    private bool SkipValue() => Next switch
    {
        '{' => SkipBag(),
        '[' => SkipArray(),
        '"' => SkipString(),
        't' => SkipWord("true"u8),
        'f' => SkipWord("false"u8),
        'n' => SkipWord("null"u8),
        _ => SkipWholeNumber(),
    };

    private bool Skip(char expected)
    {
        if (Next != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private bool SkipWord(ReadOnlySpan<byte> word)
    {
        if (!_text[_position..].StartsWith(word))
        {
            return false;
        }

        _position += word.Length;
        return true;
    }

    /// <summary>A number of at most 18 digits, which fits a long: others may be written in another form.</summary>
    private bool SkipWholeNumber()
    {
        var isNegative = Skip('-');
        var rest = _text[_position..];
        var digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? rest.Length : digits;
        if (digits is 0 or > 18 || (rest[0] == '0' && (digits > 1 || isNegative)))
        {
            return false;
        }

        _position += digits;
        return Next is not ('.' or 'e' or 'E');
    }

    private bool SkipString()
    {
        _position++;
        while (_text[_position..].IndexOfAny(InString) is var step && step >= 0)
        {
            _position += step;
            if (Skip('"'))
            {
                return true;
            }

            if (Next != '\\' || !IsEscape())
            {
                return false;
            }

            _position++;
        }

        return false;
    }

    private bool IsEscape()
    {
        _position++;
        return Next is '"' or '\\' or 'b' or 'f' or 'n' or 'r' or 't';
    }

    private bool SkipArray()
    {
        _position++;
        if (Skip(']'))
        {
            return true;
        }

        if (++_depth > DepthLimit)
        {
            return false;
        }

        do
        {
            if (!SkipValue())
            {
                return false;
            }
        }
        while (Skip(','));
        _depth--;
        return Skip(']');
    }

    private bool SkipBag()
    {
        _position++;
        if (Skip('}'))
        {
            return true;
        }

        if (++_depth > DepthLimit)
        {
            return false;
        }

        Span<Range> keys = stackalloc Range[KeyLimit];
        var count = 0;
        do
        {
            var start = _position;
            if (count == KeyLimit || Next != '"' || !SkipString() || IsAmong(keys[..count], _text[start.._position]))
            {
                return false;
            }

            keys[count++] = start.._position;
            if (!Skip(':') || !SkipValue())
            {
                return false;
            }
        }
        while (Skip(','));
        _depth--;
        return Skip('}');
    }

    private readonly bool IsAmong(ReadOnlySpan<Range> keys, ReadOnlySpan<byte> key)
    {
        foreach (var known in keys)
        {
            if (_text[known].SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }
}
