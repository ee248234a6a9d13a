using System.Globalization;
using System.Text;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// The forms of a string: <c>'a\n'</c>, <c>"a"</c>, verbatim <c>@'a\b''c'</c>, of several lines between <c>```</c> or
/// <c>~~~</c>, and each of them behind an h or H, which hides it from the service's logs.
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/string.
/// </summary>
internal static class StringLiteral
{
    public static bool IsStart(string text, int position)
    {
        position = SkipPrefix(text, position);
        return At(text, position) switch
        {
            '\'' or '"' => true,
            '@' => At(text, position + 1) is '\'' or '"',
            '`' => IsFence(text, position, '`'),
            '~' => IsFence(text, position, '~'),
            _ => false,
        };
    }

    /// <summary>The position behind the string that starts at the position; the end of its line where it is not closed.</summary>
    public static int FindEnd(string text, int position, out bool isClosed)
    {
        position = SkipPrefix(text, position);
        var quote = text[position];
        if (quote is '`' or '~')
        {
            var fence = text.AsSpan(position + 3).IndexOf(new string(quote, 3), StringComparison.Ordinal);
            isClosed = fence >= 0;
            return isClosed ? position + 3 + fence + 3 : text.Length;
        }

        var isVerbatim = quote == '@';
        if (isVerbatim)
        {
            quote = text[++position];
        }

        for (position++; position < text.Length; position++)
        {
            var c = text[position];
            if (c == quote)
            {
                if (isVerbatim && At(text, position + 1) == quote)
                {
                    position++;
                    continue;
                }

                isClosed = true;
                return position + 1;
            }

            if (c is '\r' or '\n')
            {
                break;
            }

            if (c == '\\' && !isVerbatim && At(text, position + 1) is not ('\r' or '\n' or '\0'))
            {
                position++;
            }
        }

        isClosed = false;
        return Math.Min(position, text.Length);
    }

    /// <summary>
    /// The value of a string token. A malformed escape gives false and its place; the value then holds what could be read.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> token, out string value, out TextSpan fault)
    {
        fault = default;
        var start = token[0] is 'h' or 'H' ? 1 : 0;
        var isVerbatim = token[start] == '@';
        start += isVerbatim ? 1 : 0;
        var quote = token[start];
        var fence = quote is '`' or '~' ? 3 : 1;
        var body = token[(start + fence)..];
        if (body.Length >= fence && body[^1] == quote)
        {
            body = body[..^fence];
        }

        if (fence == 3)
        {
            value = body.ToString();
            return true;
        }

        if (isVerbatim)
        {
            value = body.ToString().Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal);
            return true;
        }

        if (!body.Contains('\\'))
        {
            value = body.ToString();
            return true;
        }

        var decoded = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                decoded.Append(body[i]);
                continue;
            }

            var length = DecodeEscape(body[(i + 1)..], decoded);
            if (length == 0)
            {
                fault = new TextSpan(start + fence + i, Math.Min(2, body.Length - i));
                value = decoded.ToString();
                return false;
            }

            i += length;
        }

        value = decoded.ToString();
        return true;
    }

    /// <summary>Appends what the escape behind a backslash stands for; gives its length, 0 where it is none.</summary>
    private static int DecodeEscape(ReadOnlySpan<char> escape, StringBuilder decoded)
    {
        if (escape.IsEmpty)
        {
            return 0;
        }

        switch (escape[0])
        {
            case 'u':
                return DecodeHex(escape, 4, decoded);
            case 'U':
                return DecodeHex(escape, 8, decoded);
            case 'x':
                return DecodeHex(escape, 2, decoded);
            case >= '0' and <= '7':
                var digits = 1;
                var code = escape[0] - '0';
                while (digits < 3 && digits < escape.Length && escape[digits] is >= '0' and <= '7'
                    && code * 8 + escape[digits] - '0' <= 0xFF)
                {
                    code = code * 8 + escape[digits++] - '0';
                }

                decoded.Append((char)code);
                return digits;
        }

        var single = escape[0] switch
        {
            '\\' => '\\',
            '\'' => '\'',
            '"' => '"',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'a' => '\a',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            _ => '\uFFFF',
        };
        if (single == '\uFFFF')
        {
            return 0;
        }

        decoded.Append(single);
        return 1;
    }

    private static int DecodeHex(ReadOnlySpan<char> escape, int digits, StringBuilder decoded)
    {
        if (escape.Length <= digits
            || !int.TryParse(
                escape.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            return 0;
        }

        if (code is >= 0 and <= 0xFFFF)
        {
            decoded.Append((char)code);
        }
        else if (Rune.IsValid(code))
        {
            decoded.Append(new Rune(code).ToString());
        }
        else
        {
            return 0;
        }

        return digits + 1;
    }

    private static int SkipPrefix(string text, int position) =>
        At(text, position) is 'h' or 'H' && At(text, position + 1) is '\'' or '"' or '@' or '`' or '~'
            ? position + 1
            : position;

    private static char At(string text, int position) => position < text.Length ? text[position] : '\0';

    private static bool IsFence(string text, int position, char quote) =>
        At(text, position + 1) == quote && At(text, position + 2) == quote;
}
