namespace AlertFunctions.Kql.Syntax;

/// <summary>Finds what somebody may have meant by a misspelt word.</summary>
internal static class Spelling
{
    private const int LongestWord = 64;

    /// <summary>
    /// The candidate with the fewest edits (a letter more, less, other, or two swapped), or null where none is near: at most
    /// one edit for each three letters.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > LongestWord)
        {
            return null;
        }

        string? closest = null;
        var fewest = Math.Max(1, word.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) < fewest && candidate.Length <= LongestWord)
            {
                var edits = Edits(word, candidate);
                if (edits < fewest)
                {
                    (closest, fewest) = (candidate, edits);
                }
            }
        }

        return closest;
    }

    private static int Edits(string a, string b)
    {
        var (before, last, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            (before, last, current) = (last, current, before);
        }

        return last[b.Length];
    }
}
