using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// The terms of has_any and has_all. Those made of letters and digits alone are whole words of the text: a text is taken apart once,
/// however many terms there are.
/// </summary>
internal sealed class TermSet
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, bool>("kql_has_any", (text, terms) => Of(terms).AnyIn(text)),
        RuntimeFunction.Of<string, string, bool>("kql_has_all", (text, terms) => Of(terms).AllIn(text)),
    ];

    // Rows of a query mostly have the same terms one after the other, and rows of a chunk the same object.
    [ThreadStatic]
    private static string? _lastJson;

    [ThreadStatic]
    private static TermSet? _last;

    private readonly HashSet<string> _words = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _others = [];

    private TermSet(string json)
    {
        foreach (var item in JsonReader.Read(json) as List<object?> ?? [])
        {
            var term = JsonText.ToPlainText(item);
            if (term.Length > 0 && term.All(char.IsLetterOrDigit))
            {
                _words.Add(term);
            }
            else
            {
                _others.Add(term);
            }
        }
    }

    private static TermSet Of(string json)
    {
        if (_last is not { } set || _lastJson != json)
        {
            _last = set = new TermSet(json);
        }

        _lastJson = json;
        return set;
    }

    private bool AnyIn(string text) => Words(text, _ => true) > 0 || _others.Exists(term => TermSearch.Has(text, term));

    private bool AllIn(string text)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Words(text, word =>
        {
            found.Add(word);
            return found.Count == _words.Count;
        });
        return found.Count == _words.Count && _others.TrueForAll(term => TermSearch.Has(text, term));
    }

    /// <summary>How many words of the text are terms, up to the one at which the caller has seen enough.</summary>
    private int Words(string text, Func<string, bool> isEnough)
    {
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        var count = 0;
        for (var start = 0; _words.Count > 0 && start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
            {
                end++;
            }

            if (end > start && lookup.TryGetValue(text.AsSpan(start, end - start), out var word))
            {
                count++;
                if (isEnough(word))
                {
                    break;
                }
            }

            start = end;
        }

        return count;
    }
}
