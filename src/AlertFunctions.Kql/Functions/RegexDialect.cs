using System.Text;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// The service's regular expressions in the dialect that DuckDB runs, RE2. They differ in their classes: a word, a digit and white
/// space are Unicode's there and ASCII's in RE2. The boundary of a word, \b, remains that of ASCII words.
/// Sources: learn.microsoft.com/kusto/query/regex; github.com/google/re2/wiki/Syntax.
/// </summary>
internal static class RegexDialect
{
    // Unicode's Alphabetic, marks, decimal digits, connecting punctuation and the two joiners.
    private const string Word =
        @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\x{200c}\x{200d}\x{24b6}-\x{24e9}\x{1f130}-\x{1f149}\x{1f150}-\x{1f169}\x{1f170}-\x{1f189}";

    private const string NoWord = @"\p{No}\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{S}\p{Z}\p{C}";

    private const string Space = @"\t-\r \x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}";

    private const string NoSpace =
        @"\x{0}-\x{8}\x{e}-\x{1f}!-\x{84}\x{86}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff}";

    /// <summary>The same expression for RE2; false, with the reason, where RE2 has nothing for a part of it.</summary>
    public static bool TryToRe2(string regex, out string re2, out string reason)
    {
        var output = new StringBuilder();
        (re2, reason) = ("", "");
        var isInClass = false;
        for (var i = 0; i < regex.Length; i++)
        {
            var rest = regex.AsSpan(i);
            switch (rest[0])
            {
                case '\\' when rest.Length > 1:
                    i += Escape(rest, isInClass, output, ref reason) - 1;
                    break;
                case '[' when !isInClass:
                    isInClass = true;
                    var opening = rest.StartsWith("[^]") ? 3 : rest.StartsWith("[^") || rest.StartsWith("[]") ? 2 : 1;
                    output.Append(rest[..opening]);
                    i += opening - 1;
                    break;
                case '[' when rest.StartsWith("[:") && rest.IndexOf(":]") is var end and > 0:
                    output.Append(rest[..(end + 2)]);
                    i += end + 1;
                    break;
                case '[':
                    reason = "a class within a class";
                    break;
                case ']':
                    isInClass = false;
                    output.Append(']');
                    break;
                case '&' or '-' or '~' when isInClass && rest.Length > 1 && rest[1] == rest[0]:
                    reason = $"{rest[..2]} between classes";
                    break;
                case '(' when !isInClass && FlagsOf(rest).IndexOfAny("xRu") >= 0:
                    reason = "the flags x, R and u";
                    break;
                case var other:
                    output.Append(other);
                    break;
            }

            if (reason.Length > 0)
            {
                return false;
            }
        }

        re2 = output.ToString();
        return true;
    }

    // Writes an escape and tells its length.
    private static int Escape(ReadOnlySpan<char> rest, bool isInClass, StringBuilder output, ref string reason)
    {
        var set = rest[1] switch
        {
            'd' => @"\p{Nd}",
            'D' => @"\P{Nd}",
            'w' => isInClass ? Word : $"[{Word}]",
            'W' => isInClass ? NoWord : $"[^{Word}]",
            's' => isInClass ? Space : $"[{Space}]",
            'S' => isInClass ? NoSpace : $"[^{Space}]",
            _ => null,
        };
        if (set is not null)
        {
            output.Append(set);
            return 2;
        }

        if (rest[1] is '<' or '>' || rest.StartsWith(@"\b{"))
        {
            reason = @"\<, \> and \b{...}";
            return 2;
        }

        var digits = rest[1] switch { 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && rest.Length > 2 && rest[2] == '{')
        {
            output.Append(@"\x");
            return 2;
        }

        if (digits > 0 && rest.Length >= 2 + digits)
        {
            output.Append(@"\x{").Append(rest.Slice(2, digits)).Append('}');
            return 2 + digits;
        }

        output.Append(rest[..2]);
        return 2;
    }

    // The flags that a group sets or clears: none of one that is named or captures.
    private static ReadOnlySpan<char> FlagsOf(ReadOnlySpan<char> group)
    {
        if (!group.StartsWith("(?") || group.StartsWith("(?P<") || group.StartsWith("(?<"))
        {
            return [];
        }

        var end = group.IndexOfAny(')', ':');
        return end < 0 ? [] : group[2..end];
    }
}
