using System.Globalization;
using System.Text;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// Makes outside values harmless in a card. Teams renders Markdown in TextBlock and Fact, replaces <c>{{DATE()}}</c> and <c>{{TIME()}}</c>, and
/// knows <c>&lt;at&gt;</c> mentions (learn.microsoft.com/adaptive-cards/authoring-cards/text-features,
/// learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format); a value is shown as it is and does none of that.
/// </summary>
public static class CardText
{
    private const string Special = "\\`*_~[](){}<>#|&";

    /// <summary>
    /// One line of visible characters: line breaks and tabs become a space; controls, bidirectional overrides, invisible format characters
    /// and broken surrogates become U+FFFD, because what cannot be seen can deceive.
    /// </summary>
    public static string Clean(string value)
    {
        var text = new StringBuilder(value.Length);
        var space = true;
        foreach (var rune in value.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (!space)
                {
                    text.Append(' ');
                }

                space = true;
                continue;
            }

            space = false;
            text.Append(IsVisible(rune) ? rune.ToString() : "\uFFFD");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Cleans, and cuts to <paramref name="max"/> characters with a count of those left out.</summary>
    public static string Clean(string value, int max)
    {
        // Cleaning is linear; what lies far beyond the cut needs no cleaning, only counting.
        var head = value.Length > 4 * max ? value[..(4 * max)] : value;
        var clean = Clean(head);
        var rest = value.Length - head.Length;
        if (rest == 0 && clean.Length <= max)
        {
            return clean;
        }

        var cut = Math.Min(max, clean.Length);
        if (cut > 0 && cut < clean.Length && char.IsHighSurrogate(clean[cut - 1]))
        {
            cut--;
        }

        var left = clean.Length - cut + rest;
        return string.Create(CultureInfo.InvariantCulture, $"{clean.AsSpan(0, cut)}… ({left:N0} more characters)");
    }

    /// <summary>The Markdown that shows a clean line as it is.</summary>
    public static string Escape(string line)
    {
        var text = new StringBuilder(line.Length + 8);
        for (var i = 0; i < line.Length; i++)
        {
            if (NeedsBackslash(line, i))
            {
                text.Append('\\');
            }

            text.Append(line[i]);
        }

        return text.ToString();
    }

    private static bool NeedsBackslash(string line, int i) => line[i] switch
    {
        var c when Special.Contains(c, StringComparison.Ordinal) => true,

        // At the start of a line these begin a list, a rule or a heading's underline.
        '-' or '+' or '=' => i == 0,
        '.' or ')' when i > 0 && line.AsSpan(0, i).IndexOfAnyExceptInRange('0', '9') < 0 => true,

        // Clients turn bare addresses into links; an escaped character in them stops that.
        ':' => line.AsSpan(i + 1).StartsWith("//"),
        '.' => i >= 3 && line.AsSpan(i - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
