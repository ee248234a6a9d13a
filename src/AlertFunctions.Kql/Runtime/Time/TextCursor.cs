namespace AlertFunctions.Kql.Runtime.Time;

/// <summary>A place in a text that moves forward over numbers, words and single characters.</summary>
internal ref struct TextCursor(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    public readonly bool AtEnd => _position == _text.Length;

    public readonly bool PeekIsDigit() => !AtEnd && char.IsAsciiDigit(_text[_position]);

    public bool TrySkip(char expected)
    {
        if (AtEnd || _text[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    public bool TrySkipBlanks()
    {
        var start = _position;
        while (!AtEnd && _text[_position] == ' ')
        {
            _position++;
        }

        return _position > start;
    }

    /// <summary>Reads up to nine digits.</summary>
    public bool TryReadNumber(out int value, out int digits)
    {
        value = 0;
        digits = 0;
        while (PeekIsDigit() && digits < 9)
        {
            value = (value * 10) + (_text[_position++] - '0');
            digits++;
        }

        return digits > 0;
    }

    /// <summary>Reads decimals of a second as ticks; those after the seventh are cut.</summary>
    public bool TryReadFraction(out long ticks)
    {
        ticks = 0;
        var digits = 0;
        while (PeekIsDigit())
        {
            if (digits < 7)
            {
                ticks = (ticks * 10) + (_text[_position] - '0');
            }

            _position++;
            digits++;
        }

        for (var i = digits; i < 7; i++)
        {
            ticks *= 10;
        }

        return digits > 0;
    }

    public bool TryReadWord(out ReadOnlySpan<char> word)
    {
        var start = _position;
        while (!AtEnd && char.IsAsciiLetter(_text[_position]))
        {
            _position++;
        }

        word = _text[start.._position];
        return word.Length > 0;
    }

    public readonly ReadOnlySpan<char> Rest => _text[_position..];
}
