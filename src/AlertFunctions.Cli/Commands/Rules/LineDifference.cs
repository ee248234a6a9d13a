namespace AlertFunctions.Cli.Commands.Rules;

/// <summary>The lines that two texts do not share, with one line around them, as diff shows them.</summary>
internal static class LineDifference
{
    /// <summary>Lines that begin with <c>- </c>, <c>+ </c>, or two blanks where both texts have them; <c>...</c> for those left out.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var all = Merge(before, after).ToList();
        var isShown = all.Select((line, i) =>
            line.Sign != ' ' || (i > 0 && all[i - 1].Sign != ' ') || (i + 1 < all.Count && all[i + 1].Sign != ' ')).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            if (isShown[i])
            {
                yield return $"{all[i].Sign} {all[i].Text}";
            }
            else if (i == 0 || isShown[i - 1])
            {
                yield return "...";
            }
        }
    }

    private static IEnumerable<(char Sign, string Text)> Merge(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        // Length of the longest sequence of lines that the texts share from these lines on.
        var shared = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
        {
            for (var j = after.Count - 1; j >= 0; j--)
            {
                shared[i, j] = before[i] == after[j] ? shared[i + 1, j + 1] + 1 : Math.Max(shared[i + 1, j], shared[i, j + 1]);
            }
        }

        var (b, a) = (0, 0);
        while (b < before.Count || a < after.Count)
        {
            if (b < before.Count && a < after.Count && before[b] == after[a])
            {
                yield return (' ', before[b++]);
                a++;
            }
            else if (a == after.Count || (b < before.Count && shared[b + 1, a] >= shared[b, a + 1]))
            {
                yield return ('-', before[b++]);
            }
            else
            {
                yield return ('+', after[a++]);
            }
        }
    }
}
