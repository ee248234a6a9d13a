using System.Globalization;
using System.Text;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>A stretch of a runbook as a card can show it.</summary>
/// <param name="Kind">Decides size and font.</param>
/// <param name="Markdown">Within the subset that Adaptive Cards render: bold, italic, lists, links.</param>
internal readonly record struct RunbookBlock(RunbookBlockKind Kind, string Markdown);

internal enum RunbookBlockKind
{
    Text,
    Heading,
    Code,
}

/// <summary>
/// Turns a runbook's Markdown, which its author wrote and reviewers read, into what Adaptive Cards know of Markdown: they show headings, fences and
/// inline code literally (learn.microsoft.com/adaptive-cards/authoring-cards/text-features), so these become blocks of their own and bold text.
/// </summary>
internal static class Runbook
{
    /// <param name="text">Markdown of the detection's file.</param>
    /// <param name="max">How many characters to keep, in whole lines.</param>
    /// <param name="left">How many characters were left out.</param>
    public static IReadOnlyList<RunbookBlock> Blocks(string text, int max, out int left)
    {
        var blocks = new List<RunbookBlock>();
        var paragraph = new StringBuilder();
        var inFence = false;
        var used = 0;
        left = 0;
        foreach (var raw in text.ReplaceLineEndings("\n").Trim('\n').Split('\n'))
        {
            if (left > 0 || used + raw.Length > max)
            {
                left += raw.Length + 1;
                continue;
            }

            used += raw.Length + 1;
            var line = raw.Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Flush(inFence ? RunbookBlockKind.Code : RunbookBlockKind.Text);
                inFence = !inFence;
            }
            else if (inFence)
            {
                Append(CodeLine(raw), "\n\n");
            }
            else if (line.Length == 0)
            {
                Flush(RunbookBlockKind.Text);
            }
            else if (line.StartsWith('#') && line.TrimStart('#').StartsWith(' '))
            {
                Flush(RunbookBlockKind.Text);
                blocks.Add(new(RunbookBlockKind.Heading, InlineCode(Visible(line.TrimStart('#').Trim()))));
            }
            else
            {
                Append(InlineCode(Visible(line)), StartsListItem(line) ? "\n" : " ");
            }
        }

        Flush(inFence ? RunbookBlockKind.Code : RunbookBlockKind.Text);
        return blocks;

        void Append(string line, string separator)
        {
            if (paragraph.Length > 0)
            {
                paragraph.Append(separator);
            }

            paragraph.Append(line);
        }

        void Flush(RunbookBlockKind kind)
        {
            if (paragraph.Length > 0)
            {
                blocks.Add(new(kind, paragraph.ToString()));
                paragraph.Clear();
            }
        }
    }

    /// <summary>A line of code: escaped, its indentation kept with spaces that do not collapse.</summary>
    public static string CodeLine(string raw)
    {
        var clean = CardText.Escape(CardText.Clean(raw));
        var indent = raw.Length - raw.TrimStart(' ').Length;
        return indent == 0 || clean.Length == 0 ? clean : new string('\u00A0', indent) + clean;
    }

    private static string Visible(string line)
    {
        var clean = CardText.Clean(line);

        // Even a trusted author's text must not be taken for the card's own date functions.
        return clean.Replace("{{", "{\\{", StringComparison.Ordinal);
    }

    private static bool StartsListItem(string line)
    {
        if (line is ['-' or '*' or '+', ' ', ..])
        {
            return true;
        }

        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
        {
            digits++;
        }

        return digits > 0 && line.AsSpan(digits).StartsWith(". ");
    }

    private static string InlineCode(string line)
    {
        var parts = line.Split('`');
        if (parts.Length % 2 == 0)
        {
            return line.Replace("`", "\\`", StringComparison.Ordinal);
        }

        var text = new StringBuilder(parts[0]);
        for (var i = 1; i < parts.Length; i += 2)
        {
            text.Append(CultureInfo.InvariantCulture, $"**{CardText.Escape(parts[i].Trim().Replace("{\\{", "{{", StringComparison.Ordinal))}**{parts[i + 1]}");
        }

        return text.ToString();
    }
}
