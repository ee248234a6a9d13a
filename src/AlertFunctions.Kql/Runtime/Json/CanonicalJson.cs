using System.Globalization;
using System.Runtime.Intrinsics;

namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>
/// Tells, without making values of it, whether a text is JSON exactly as <see cref="JsonText"/> writes it, so that parsing it
/// would give the text itself, and takes such a text apart. Arrays and bags only; false also for what is rare, such as a bag of many
/// keys.
/// </summary>
/// <remarks>Each method takes where something begins and gives where it ends, or <see cref="None"/> where it is not canonical.</remarks>
internal static class CanonicalJson
{
    private const int None = -1;
    private const int DepthLimit = 64;
    private const int KeyLimit = 32;

    public static bool Is(ReadOnlySpan<byte> utf8) => TrySplit(utf8, default);

    /// <summary>Gives the items of an array or bag if the text is canonical; if it is not, some of them may have been given.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> utf8, JsonItems items) => Byte(utf8, 0) switch
    {
        '{' => SkipBag(utf8, 1, 0, items) == utf8.Length,
        '[' => SkipArray(utf8, 1, 0, items) == utf8.Length,
        _ => false,
    };

    /// <summary>The byte at a position; 0, which stands nowhere in JSON, beyond the text.</summary>
    private static int Byte(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length ? text[at] : 0;

    private static int SkipValue(ReadOnlySpan<byte> text, int at, int depth) => Byte(text, at) switch
    {
        '"' => SkipString(text, at + 1),
        '{' => SkipBag(text, at + 1, depth, default),
        '[' => SkipArray(text, at + 1, depth, default),
        't' => SkipWord(text, at, "true"u8),
        'f' => SkipWord(text, at, "false"u8),
        'n' => SkipWord(text, at, "null"u8),
        0 => None,
        _ => SkipNumber(text, at),
    };

    private static int SkipWord(ReadOnlySpan<byte> text, int at, ReadOnlySpan<byte> word) =>
        text[at..].StartsWith(word) ? at + word.Length : None;

    /// <summary>A whole number of at most 18 digits, which fits a long: others may be written in another form. Or a real.</summary>
    private static int SkipNumber(ReadOnlySpan<byte> text, int at)
    {
        var isNegative = text[at] == '-';
        var first = isNegative ? at + 1 : at;
        var end = first;
        while (char.IsAsciiDigit((char)Byte(text, end)))
        {
            end++;
        }

        if (end - first is 0 or > 18 || (end - first > 1 && text[first] == '0'))
        {
            return None;
        }

        return Byte(text, end) is '.' or 'e' or 'E' ? SkipReal(text, at)
            : isNegative && text[first] == '0' ? None
            : end;
    }

    /// <summary>A real in the form that <see cref="RealText"/> gives it.</summary>
    private static int SkipReal(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (Byte(text, end) is (>= '0' and <= '9') or '+' or '-' or '.' or 'E')
        {
            end++;
        }

        var real = text[at..end];
        Span<byte> digits = stackalloc byte[32];
        return double.TryParse(real, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            && value.TryFormat(digits, out var count, "R", CultureInfo.InvariantCulture)
            && real is [.., var last, _]
            && (last == '.' && real[^1] == '0' ? real[..^2] : real).SequenceEqual(digits[..count])
                ? end
                : None;
    }

    /// <summary>A string whose quote lies before the position.</summary>
    private static int SkipString(ReadOnlySpan<byte> text, int at)
    {
        while (true)
        {
            at = SkipPlain(text, at);
            switch (Byte(text, at))
            {
                case '"':
                    return at + 1;
                case '\\' when Byte(text, at + 1) is '"' or '\\' or 'b' or 'f' or 'n' or 'r' or 't':
                    at += 2;
                    break;
                default:
                    return None;
            }
        }
    }

    /// <summary>What stands in a string as it is, up to what ends it, is escaped, or must not stand there.</summary>
    private static int SkipPlain(ReadOnlySpan<byte> text, int at)
    {
        for (; text.Length - at >= Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(text[at..]);
            var stops = Vector128.Equals(bytes, Vector128.Create((byte)'"'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(bytes, Vector128.Create((byte)' '));
            if (stops.ExtractMostSignificantBits() is var bits and not 0)
            {
                return at + (int)uint.TrailingZeroCount(bits);
            }
        }

        while (at < text.Length && text[at] is not ((byte)'"' or (byte)'\\' or < (byte)' '))
        {
            at++;
        }

        return at;
    }

    /// <summary>An array whose bracket lies before the position.</summary>
    private static int SkipArray(ReadOnlySpan<byte> text, int at, int depth, JsonItems items)
    {
        if (Byte(text, at) == ']')
        {
            return at + 1;
        }

        while (depth < DepthLimit && SkipValue(text, at, depth + 1) is var end and not None)
        {
            items.Add(text[at..end]);
            switch (Byte(text, end))
            {
                case ',':
                    at = end + 1;
                    break;
                case ']':
                    return end + 1;
                default:
                    return None;
            }
        }

        return None;
    }

    /// <summary>A bag whose brace lies before the position.</summary>
    private static int SkipBag(ReadOnlySpan<byte> text, int at, int depth, JsonItems items)
    {
        if (Byte(text, at) == '}')
        {
            return at + 1;
        }

        Span<Range> keys = stackalloc Range[KeyLimit];
        for (var count = 0; depth < DepthLimit && count < KeyLimit && Byte(text, at) == '"'; count++)
        {
            var colon = SkipString(text, at + 1);
            if (Byte(text, colon) != ':' || IsAmong(text, keys[..count], text[at..colon]))
            {
                return None;
            }

            keys[count] = at..colon;
            var end = SkipValue(text, colon + 1, depth + 1);
            if (end == None)
            {
                return None;
            }

            items.AddProperty(text[at..colon], text[(colon + 1)..end]);
            switch (Byte(text, end))
            {
                case ',':
                    at = end + 1;
                    break;
                case '}':
                    return end + 1;
                default:
                    return None;
            }
        }

        return None;
    }

    private static bool IsAmong(ReadOnlySpan<byte> text, ReadOnlySpan<Range> keys, ReadOnlySpan<byte> key)
    {
        foreach (var known in keys)
        {
            if (text[known].SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }
}
