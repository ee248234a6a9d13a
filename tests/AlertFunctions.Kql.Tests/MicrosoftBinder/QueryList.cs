using AlertFunctions.Testing;

namespace AlertFunctions.Kql.Tests.MicrosoftBinder;

/// <summary>Files of queries, one a line; lines that begin with // are comments.</summary>
internal static class QueryList
{
    public static IReadOnlyList<string> Read(string file) => [.. ReadWithReasons(file).Select(entry => entry.Query)];

    /// <summary>The queries with the comment above each, which holds for those below it up to an empty line.</summary>
    public static IReadOnlyList<(string Reason, string Query)> ReadWithReasons(string file)
    {
        var entries = new List<(string, string)>();
        var reason = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests", "AlertFunctions.Kql.Tests", "MicrosoftBinder", file)))
        {
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                reason = $"{reason} {line[2..].Trim()}".Trim();
            }
            else if (line.Length == 0)
            {
                reason = "";
            }
            else
            {
                entries.Add((reason, line));
            }
        }

        return entries;
    }
}
