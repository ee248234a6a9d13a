using System.Text;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>The pairs of a text as a bag of strings. Source: learn.microsoft.com/kusto/query/parse-kv-operator.</summary>
internal static class KeyValueRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, string?>("kql_parse_kv", Parse),
        RuntimeFunction.Of<string, string, string?>("kql_first_pairs", FirstPairs),
    ];

    // Rows of a query have the same options one after the other.
    [ThreadStatic]
    private static (string Text, KeyValueOptions Options)? _last;

    /// <summary>The first value of each key; leading and trailing white space is ignored.</summary>
    public static string? Parse(string text, string options)
    {
        if (_last is not { } last || last.Text != options)
        {
            _last = last = (options, KeyValueOptions.Read(options));
        }

        var bag = new JsonBag();
        if (last.Options.PairDelimiter.Length == 0)
        {
            WithoutDelimiters(text, last.Options, bag);
        }
        else
        {
            WithDelimiters(text, last.Options, bag);
        }

        return JsonText.Write(bag);
    }

    /// <summary>A bag of keys and values, both JSON arrays of strings: the first value of a key counts.</summary>
    public static string? FirstPairs(string keys, string values)
    {
        if (JsonReader.Read(keys) is not List<object?> names || JsonReader.Read(values) is not List<object?> texts)
        {
            return null;
        }

        var bag = new JsonBag();
        for (var i = 0; i < names.Count && i < texts.Count; i++)
        {
            bag.TryAdd(((string)names[i]!).Trim(), ((string)texts[i]!).Trim());
        }

        return JsonText.Write(bag);
    }

    private static void WithDelimiters(string text, KeyValueOptions options, JsonBag bag)
    {
        var position = 0;
        while (position < text.Length)
        {
            position = Skip(text, position, options);
            if (Quoted(text, position, options, out var key, out var behind))
            {
                position = Skip(text, behind, options);
                if (!At(text, position, options.KeyValueDelimiter))
                {
                    position = Next(text, position, options);
                    continue;
                }
            }
            else
            {
                var mark = text.IndexOf(options.KeyValueDelimiter, position, StringComparison.Ordinal);
                var end = text.IndexOf(options.PairDelimiter, position, StringComparison.Ordinal);
                if (mark < 0)
                {
                    return;
                }

                if (end >= 0 && end < mark)
                {
                    position = end + options.PairDelimiter.Length;
                    continue;
                }

                key = text[position..mark].Trim();
                position = mark;
            }

            position = Skip(text, position + options.KeyValueDelimiter.Length, options);
            if (Quoted(text, position, options, out var value, out behind))
            {
                position = Next(text, behind, options);
            }
            else
            {
                var end = options.IsGreedy ? GreedyEnd(text, position, options) : text.IndexOf(options.PairDelimiter, position, StringComparison.Ordinal);
                value = (end < 0 ? text[position..] : text[position..end]).Trim();
                position = end < 0 ? text.Length : end + options.PairDelimiter.Length;
            }

            bag.TryAdd(key, value);
        }
    }

    // The pair delimiter that stands before the next key: the last one in front of the next delimiter of a key and its value.
    private static int GreedyEnd(string text, int position, KeyValueOptions options)
    {
        var mark = text.IndexOf(options.KeyValueDelimiter, position, StringComparison.Ordinal);
        var end = mark <= position ? -1 : text.LastIndexOf(options.PairDelimiter, mark - 1, mark - position, StringComparison.Ordinal);
        return end;
    }

    // Every character that is no letter or digit parts words; a listed key has the word behind it as its value.
    private static void WithoutDelimiters(string text, KeyValueOptions options, JsonBag bag)
    {
        var position = 0;
        while (Word(text, ref position, options) is { } word)
        {
            if (options.Keys.Contains(word) && !bag.ContainsKey(word))
            {
                bag.Add(word, Word(text, ref position, options) ?? "");
            }
        }
    }

    private static string? Word(string text, ref int position, KeyValueOptions options)
    {
        for (; position < text.Length; position++)
        {
            if (Quoted(text, position, options, out var quoted, out var behind))
            {
                position = behind;
                return quoted;
            }

            if (char.IsLetterOrDigit(text[position]))
            {
                var start = position;
                while (position < text.Length && char.IsLetterOrDigit(text[position]))
                {
                    position++;
                }

                return text[start..position];
            }
        }

        return null;
    }

    // White space, unless it is what parts the pairs.
    private static int Skip(string text, int position, KeyValueOptions options)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]) && !At(text, position, options.PairDelimiter)
            && !At(text, position, options.KeyValueDelimiter))
        {
            position++;
        }

        return position;
    }

    private static int Next(string text, int position, KeyValueOptions options)
    {
        var end = text.IndexOf(options.PairDelimiter, position, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + options.PairDelimiter.Length;
    }

    private static bool At(string text, int position, string what) =>
        what.Length > 0 && string.CompareOrdinal(text, position, what, 0, what.Length) == 0;

    private static bool Quoted(string text, int position, KeyValueOptions options, out string value, out int behind)
    {
        (value, behind) = ("", position);
        if (position >= text.Length || !options.Quotes.TryGetValue(text[position], out var close))
        {
            return false;
        }

        var content = new StringBuilder();
        for (var i = position + 1; i < text.Length; i++)
        {
            if (text[i] == close)
            {
                (value, behind) = (content.ToString(), i + 1);
                return true;
            }

            if (options.Escapes.Contains(text[i]) && i + 1 < text.Length)
            {
                i++;
            }

            content.Append(text[i]);
        }

        return false;
    }

    private sealed record KeyValueOptions(
        string PairDelimiter,
        string KeyValueDelimiter,
        bool IsGreedy,
        IReadOnlyDictionary<char, char> Quotes,
        IReadOnlySet<char> Escapes,
        IReadOnlySet<string> Keys)
    {
        public static KeyValueOptions Read(string json)
        {
            var bag = JsonReader.Read(json) as JsonBag ?? [];
            return new KeyValueOptions(
                bag.GetValueOrDefault("pair_delimiter") as string ?? "",
                bag.GetValueOrDefault("kv_delimiter") as string ?? "",
                bag.GetValueOrDefault("greedy") is true,
                Texts("quote").ToDictionary(q => q[0], q => q[^1]),
                Texts("escape").Select(e => e[0]).ToHashSet(),
                Texts("keys").ToHashSet(StringComparer.Ordinal));

            IEnumerable<string> Texts(string name) => (bag.GetValueOrDefault(name) as List<object?> ?? []).OfType<string>().Distinct();
        }
    }
}
