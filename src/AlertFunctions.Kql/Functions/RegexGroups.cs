using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Functions;

/// <summary>The capture groups of a regular expression, by number and by name.</summary>
internal static class RegexGroups
{
    public static int Count(string regex) => Names(regex).Count;

    /// <summary>The numbers of the groups that a JSON array names by number or name; null where one is not there.</summary>
    public static IReadOnlyList<int>? Choose(string regex, string groups)
    {
        var names = Names(regex);
        if (JsonReader.Read(groups) is not List<object?> { Count: > 0 } items)
        {
            return null;
        }

        var numbers = items
            .Select(item => item switch
            {
                long number => (int)Math.Clamp(number, -1, names.Count + 1),
                string name => names.IndexOf(name) + 1,
                _ => 0,
            })
            .ToList();
        return numbers.TrueForAll(number => number >= 1 && number <= names.Count) ? numbers : null;
    }

    /// <summary>The same expression, whose groups are matched but not captured.</summary>
    public static string WithoutCapture(string regex) => OnlyCapture(regex, 0);

    /// <summary>The same expression, of whose groups only the one of this number is captured.</summary>
    public static string OnlyCapture(string regex, int number)
    {
        var openings = Openings(regex).Where(o => Name(regex.AsSpan(o + 1)) is not null).ToList();
        foreach (var opening in openings.Where((_, i) => i != number - 1).Reverse())
        {
            var name = Name(regex.AsSpan(opening + 1))!;
            var end = name.Length == 0 ? opening + 1 : regex.IndexOf('>', opening) + 1;
            regex = $"{regex.AsSpan(0, opening)}(?:{regex.AsSpan(end)}";
        }

        return regex;
    }

    // One entry a group, in order; a group without a name has an empty one.
    private static List<string> Names(string regex) =>
        [.. Openings(regex).Select(opening => Name(regex.AsSpan(opening + 1))).OfType<string>()];

    // Where the brackets stand that open a group of whatever sort.
    private static List<int> Openings(string regex)
    {
        var openings = new List<int>();
        var isInClass = false;
        for (var i = 0; i < regex.Length; i++)
        {
            switch (regex[i])
            {
                case '\\':
                    i++;
                    break;
                case '[' when !isInClass:
                    isInClass = true;

                    // A closing bracket directly behind the opening one is a member of the class.
                    i += regex.AsSpan(i + 1).StartsWith("^]") ? 2 : regex.AsSpan(i + 1).StartsWith("]") ? 1 : 0;
                    break;
                case ']':
                    isInClass = false;
                    break;
                case '(' when !isInClass:
                    openings.Add(i);
                    break;
            }
        }

        return openings;
    }

    // The name of a group that captures, empty where it has none; null of another.
    private static string? Name(ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("?"))
        {
            return "";
        }

        var start = rest.StartsWith("?P<") ? 3 : rest.StartsWith("?<") && !rest.StartsWith("?<=") && !rest.StartsWith("?<!") ? 2 : -1;
        return start > 0 && rest[start..].IndexOf('>') is var end and > 0 ? rest.Slice(start, end).ToString() : null;
    }
}
