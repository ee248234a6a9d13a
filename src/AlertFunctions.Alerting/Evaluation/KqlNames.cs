namespace AlertFunctions.Alerting.Evaluation;

/// <summary>A name in a query's text.</summary>
/// <param name="Name">The name, without brackets and quotes.</param>
/// <param name="Offset">Where it begins in the text.</param>
/// <param name="IsDeclared">It stands after <c>let</c>: the query gives it a meaning of its own.</param>
/// <param name="IsCall">A parenthesis follows.</param>
/// <param name="Before">The character before it that is neither blank nor comment; <c>'\0'</c> at the start.</param>
internal readonly record struct KqlName(string Name, int Offset, bool IsDeclared, bool IsCall, char Before = '\0');

/// <summary>
/// Finds the names that a query's text uses, outside strings and comments. It knows KQL's tokens and nothing of its grammar: which
/// name is a table is for the caller to say, who knows the tables. The deployed app has no compiler, and needs this much of one.
/// Source: learn.microsoft.com/kusto/query/schema-entities/entity-names and .../scalar-data-types/string.
/// </summary>
internal static class KqlNames
{
    public static IReadOnlyList<KqlName> In(string text)
    {
        var names = new List<KqlName>();
        var afterLet = false;
        var afterDot = false;
        var before = '\0';
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            var character = text[at];
            if (char.IsWhiteSpace(character))
            {
                at++;
                continue;
            }

            if (IsAt(text, at, "//"))
            {
                at = EndOfLine(text, at);
                continue;
            }

            var wasLet = afterLet;
            var wasDot = afterDot;
            (afterLet, afterDot) = (false, false);
            if (TrySkipString(text, ref at))
            {
                before = text[at - 1];
                continue;
            }

            if (IsNameStart(character))
            {
                at = EndOfName(text, at);
                var name = text[start..at];
                afterLet = name == "let";
                if (!wasDot && !afterLet)
                {
                    names.Add(new KqlName(name, start, wasLet, IsCall(text, at), before));
                }
            }
            else if (TryReadBracketedName(text, ref at, out var bracketed))
            {
                // After a value, ['x'] picks a member of it.
                if (!wasDot && !FollowsValue(text, start))
                {
                    names.Add(new KqlName(bracketed, start, wasLet, IsCall(text, at), before));
                }
            }
            else if (char.IsAsciiDigit(character))
            {
                at = EndOfName(text, at);
            }
            else
            {
                // The range operator's two dots are not a member access.
                afterDot = character == '.' && !IsAt(text, at, "..") && (at == 0 || text[at - 1] != '.');
                at++;
            }

            before = text[at - 1];
        }

        return names;
    }

    /// <summary>Where the parenthesis that opens at <paramref name="open"/> closes; the text's end where it does not.</summary>
    public static int EndOfParentheses(string text, int open)
    {
        var depth = 0;
        var at = open;
        while (at < text.Length)
        {
            if (IsAt(text, at, "//"))
            {
                at = EndOfLine(text, at);
            }
            else if (!TrySkipString(text, ref at))
            {
                depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
                if (depth == 0)
                {
                    return at;
                }

                at++;
            }
        }

        return text.Length;
    }

    /// <summary>The next place from here on that is not blank.</summary>
    public static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool TrySkipString(string text, ref int at)
    {
        var start = at;
        if (text[start] is 'h' or 'H' && start + 1 < text.Length && text[start + 1] is '\'' or '"' or '@')
        {
            start++;
        }

        var verbatim = text[start] == '@' && start + 1 < text.Length && text[start + 1] is '\'' or '"';
        if (verbatim)
        {
            start++;
        }

        foreach (var fence in (ReadOnlySpan<string>)["```", "~~~"])
        {
            if (IsAt(text, start, fence))
            {
                var end = text.IndexOf(fence, start + fence.Length, StringComparison.Ordinal);
                at = end < 0 ? text.Length : end + fence.Length;
                return true;
            }
        }

        if (text[start] is not ('\'' or '"'))
        {
            return false;
        }

        at = EndOfString(text, start, verbatim);
        return true;
    }

    private static int EndOfString(string text, int start, bool verbatim)
    {
        var quote = text[start];
        var at = start + 1;
        while (at < text.Length)
        {
            if (!verbatim && text[at] == '\\')
            {
                at += 2;
            }
            else if (text[at] != quote)
            {
                at++;
            }
            else if (verbatim && at + 1 < text.Length && text[at + 1] == quote)
            {
                at += 2;
            }
            else
            {
                return at + 1;
            }
        }

        return text.Length;
    }

    private static bool TryReadBracketedName(string text, ref int at, out string name)
    {
        name = "";
        if (text[at] != '[')
        {
            return false;
        }

        var start = SkipBlanks(text, at + 1);
        if (start >= text.Length || text[start] is not ('\'' or '"'))
        {
            return false;
        }

        var end = EndOfString(text, start, verbatim: false);
        var close = SkipBlanks(text, end);
        if (close >= text.Length || text[close] != ']' || end - start < 2)
        {
            return false;
        }

        name = text[(start + 1)..(end - 1)];
        at = close + 1;
        return true;
    }

    private static bool FollowsValue(string text, int bracket) =>
        bracket > 0 && (IsNameStart(text[bracket - 1]) || char.IsAsciiDigit(text[bracket - 1]) || text[bracket - 1] is ')' or ']');

    private static bool IsCall(string text, int end) => SkipBlanks(text, end) is var next && next < text.Length && text[next] == '(';

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is var end && end < 0 ? text.Length : end;

    private static int EndOfName(string text, int at)
    {
        while (at < text.Length && (IsNameStart(text[at]) || char.IsAsciiDigit(text[at])))
        {
            at++;
        }

        return at;
    }

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character is '_' or '$';

    private static bool IsAt(string text, int at, string token) => string.CompareOrdinal(text, at, token, 0, token.Length) == 0;
}
