namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// Search for whole terms: what is sought must not touch a letter or digit on the sides where it has one itself.
/// Source: learn.microsoft.com/kusto/query/datatypes-string-operators#what-is-a-term.
/// </summary>
internal static class TermSearch
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, bool>("kql_has", Has),
        RuntimeFunction.Of<string, string, bool>("kql_has_cs", HasCaseSensitive),
        RuntimeFunction.Of<string, string, bool>("kql_hasprefix", (text, term) => Find(text, term, StringComparison.OrdinalIgnoreCase, true, false)),
        RuntimeFunction.Of<string, string, bool>("kql_hasprefix_cs", (text, term) => Find(text, term, StringComparison.Ordinal, true, false)),
        RuntimeFunction.Of<string, string, bool>("kql_hassuffix", (text, term) => Find(text, term, StringComparison.OrdinalIgnoreCase, false, true)),
        RuntimeFunction.Of<string, string, bool>("kql_hassuffix_cs", (text, term) => Find(text, term, StringComparison.Ordinal, false, true)),
    ];

    public static bool Has(string text, string term) => Find(text, term, StringComparison.OrdinalIgnoreCase, true, true);

    public static bool HasCaseSensitive(string text, string term) => Find(text, term, StringComparison.Ordinal, true, true);

    private static bool Find(string text, string term, StringComparison comparison, bool atStart, bool atEnd)
    {
        if (term.Length == 0)
        {
            return true;
        }

        var guardsStart = atStart && char.IsLetterOrDigit(term[0]);
        var guardsEnd = atEnd && char.IsLetterOrDigit(term[^1]);
        for (var at = text.IndexOf(term, comparison); at >= 0; at = at + 1 < text.Length ? text.IndexOf(term, at + 1, comparison) : -1)
        {
            var end = at + term.Length;
            if (!(guardsStart && at > 0 && char.IsLetterOrDigit(text[at - 1]))
                && !(guardsEnd && end < text.Length && char.IsLetterOrDigit(text[end])))
            {
                return true;
            }
        }

        return false;
    }
}
