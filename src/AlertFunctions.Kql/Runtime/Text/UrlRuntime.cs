using System.Globalization;
using System.Text;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// URLs: encoding as the documentation prints it (lower-case hex; url_encode() has + for a blank), decoding, and parts.
/// Sources: learn.microsoft.com/kusto/query/url-encode-function, .../url-decode-function, .../parse-url-function, .../parse-urlquery-function.
/// </summary>
internal static class UrlRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string>("kql_url_encode", text => Encode(text, blank: "+")),
        RuntimeFunction.Of<string, string>("kql_url_encode_component", text => Encode(text, blank: "%20")),
        RuntimeFunction.Of<string, string>("kql_url_decode", Decode),
        RuntimeFunction.Of<string, string?>("kql_parse_url", ParseUrl),
        RuntimeFunction.Of<string, string?>("kql_parse_urlquery", ParseQuery),
    ];

    public static string Encode(string text, string blank)
    {
        var built = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)octet;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~')
            {
                built.Append(c);
            }
            else if (c == ' ')
            {
                built.Append(blank);
            }
            else
            {
                built.Append(CultureInfo.InvariantCulture, $"%{octet:x2}");
            }
        }

        return built.ToString();
    }

    public static string Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                bytes.Add(octet);
                i += 2;
            }
            else if (text[i] == '+')
            {
                bytes.Add((byte)' ');
            }
            else
            {
                var rune = Rune.TryGetRuneAt(text, i, out var found) ? found : Rune.ReplacementChar;
                bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
                i += rune.Utf16SequenceLength - 1;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>A bag of Scheme, Host, Port, Path, Username, Password, Query Parameters and Fragment, each as text.</summary>
    public static string? ParseUrl(string url)
    {
        var rest = Cut(url, '#', out var fragment);
        rest = Cut(rest, '?', out var query);
        ReadOnlySpan<char> scheme = default, authority = default;
        var path = rest;
        var separator = rest.IndexOf("://");
        if (separator > 0)
        {
            scheme = rest[..separator];
            rest = rest[(separator + 3)..];
            var slash = rest.IndexOf('/');
            authority = slash < 0 ? rest : rest[..slash];
            path = slash < 0 ? default : rest[slash..];
        }
        else if (rest.IndexOf(':') is var colon and > 0 && IsScheme(rest[..colon]))
        {
            scheme = rest[..colon];
            path = rest[(colon + 1)..];
        }

        ReadOnlySpan<char> username = default, password = default;
        if (authority.LastIndexOf('@') is var at and >= 0)
        {
            username = authority[..at];
            authority = authority[(at + 1)..];
            username = Cut(username, ':', out password);
        }

        ReadOnlySpan<char> port = default;
        if (authority.LastIndexOf(':') is var portColon and >= 0 && portColon > authority.LastIndexOf(']'))
        {
            port = authority[(portColon + 1)..];
            authority = authority[..portColon];
        }

        return JsonText.Write(new JsonBag
        {
            ["Scheme"] = scheme.ToString(),
            ["Host"] = authority.ToString(),
            ["Port"] = port.ToString(),
            ["Path"] = path.ToString(),
            ["Username"] = username.ToString(),
            ["Password"] = password.ToString(),
            ["Query Parameters"] = QueryBag(query),
            ["Fragment"] = fragment.ToString(),
        });
    }

    public static string? ParseQuery(string query)
    {
        var text = query.AsSpan();
        if (text.IndexOf('?') is var mark and >= 0)
        {
            text = text[(mark + 1)..];
        }

        return JsonText.Write(new JsonBag { ["Query Parameters"] = QueryBag(text) });
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return char.IsAsciiLetter(text[0]);
    }

    private static JsonBag QueryBag(ReadOnlySpan<char> query)
    {
        var bag = new JsonBag();
        foreach (var part in query.Split('&'))
        {
            var pair = query[part];
            if (pair.IsEmpty)
            {
                continue;
            }

            var key = Cut(pair, '=', out var value);
            bag[Decode(key.ToString())] = Decode(value.ToString());
        }

        return bag;
    }

    // What stands before the first mark, and what behind it.
    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, char mark, out ReadOnlySpan<char> after)
    {
        var at = text.IndexOf(mark);
        after = at < 0 ? default : text[(at + 1)..];
        return at < 0 ? text : text[..at];
    }
}
