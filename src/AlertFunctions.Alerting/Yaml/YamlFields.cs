using System.Collections.Immutable;
using System.Globalization;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Yaml;

/// <summary>
/// Reads the fields of a YAML mapping by name and type, reports what is missing, misspelt or of the wrong type, and goes on.
/// After everything was asked for, <see cref="ReportUnknown"/> reports the rest.
/// </summary>
public sealed class YamlFields
{
    private readonly Dictionary<string, YamlEntry> _entries;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly ICollection<CatalogueDiagnostic> _diagnostics;

    public YamlFields(YamlMapping mapping, ICollection<CatalogueDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        _entries = mapping.Entries.ToDictionary(e => e.Key, StringComparer.Ordinal);
        _diagnostics = diagnostics;
        Position = mapping.Position;
    }

    /// <summary>The place of the mapping.</summary>
    public SourcePosition Position { get; }

    /// <summary>Whether the field is there, with a value.</summary>
    public bool Has(string name) => _entries.TryGetValue(name, out var entry) && entry.Value is not YamlScalar { IsNull: true };

    public SourcePosition PositionOf(string name) => _entries.TryGetValue(name, out var entry) ? entry.Value.Position : Position;

    /// <summary>The field's node, whatever it is; null where it is absent or has no value.</summary>
    public YamlNode? Node(string name)
    {
        _asked.Add(name);
        return Has(name) ? _entries[name].Value : null;
    }

    /// <summary>Says that the field must be there; true where it is.</summary>
    public bool Require(string name, string? hint = null, string code = CatalogueCodes.MissingField)
    {
        _asked.Add(name);
        if (Has(name))
        {
            return true;
        }

        var position = _entries.TryGetValue(name, out var entry) ? entry.KeyPosition : Position;
        Error(position, code, $"Field '{name}' is missing{(entry is null ? "" : " its value")}.", hint);
        return false;
    }

    public string? Text(string name) => Scalar(name, "text")?.Value;

    /// <summary>Text that is not blank.</summary>
    public string? FilledText(string name)
    {
        var scalar = Scalar(name, "text");
        if (scalar is null || !string.IsNullOrWhiteSpace(scalar.Value))
        {
            return scalar?.Value;
        }

        Error(scalar.Position, CatalogueCodes.MissingField, $"Field '{name}' is blank.");
        return null;
    }

    public TimeSpan? Duration(string name)
    {
        if (Scalar(name, "a duration") is not { } scalar)
        {
            return null;
        }

        if (Durations.TryParse(scalar.Value, out var duration))
        {
            return duration;
        }

        Error(scalar.Position, CatalogueCodes.WrongDuration, $"Field '{name}' is not a duration: '{scalar.Value}'.", "write 5m, 1h30m, 14d or PT5M");
        return null;
    }

    public long? WholeNumber(string name)
    {
        if (Scalar(name, "a whole number") is not { } scalar)
        {
            return null;
        }

        if (scalar.Style == YamlScalarStyle.Plain
            && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        WrongType(scalar, name, "a whole number");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Scalar(name, "true or false") is not { } scalar)
        {
            return null;
        }

        if (scalar.Style == YamlScalarStyle.Plain && bool.TryParse(scalar.Value, out var flag))
        {
            return flag;
        }

        WrongType(scalar, name, "true or false");
        return null;
    }

    /// <summary>A value of a closed set, compared without case; the set's own spelling is what authors are told.</summary>
    public T? OneOf<T>(string name, IReadOnlyList<(string Word, T Value)> words)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(words);
        if (Scalar(name, "text") is not { } scalar)
        {
            return null;
        }

        foreach (var (word, value) in words)
        {
            if (string.Equals(word, scalar.Value, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        var hint = Spelling.DidYouMean(scalar.Value, words.Select(w => w.Word)) is { } meant ? meant + " " : "";
        Error(
            scalar.Position, CatalogueCodes.WrongValue, $"Field '{name}' cannot be '{scalar.Value}'.",
            $"{hint}it is one of {string.Join(", ", words.Select(w => w.Word))}");
        return null;
    }

    /// <summary>A list of texts; empty where the field is absent.</summary>
    public ImmutableArray<string> Texts(string name) => [.. TextNodes(name).Select(s => s.Value)];

    /// <summary>A list of texts with their places.</summary>
    public IReadOnlyList<YamlScalar> TextNodes(string name)
    {
        var texts = new List<YamlScalar>();
        foreach (var item in Items(name))
        {
            if (item is YamlScalar { IsNull: false } scalar)
            {
                texts.Add(scalar);
            }
            else
            {
                WrongType(item, $"{name}[]", "text");
            }
        }

        return texts;
    }

    /// <summary>The items of a list; empty where the field is absent.</summary>
    public IReadOnlyList<YamlNode> Items(string name)
    {
        switch (Node(name))
        {
            case null:
                return [];
            case YamlSequence sequence:
                return sequence.Items;
            case var other:
                WrongType(other, name, "a list");
                return [];
        }
    }

    /// <summary>The fields of each item of a list of mappings.</summary>
    public IEnumerable<YamlFields> ItemFields(string name)
    {
        foreach (var item in Items(name))
        {
            if (item is YamlMapping mapping)
            {
                yield return new YamlFields(mapping, _diagnostics);
            }
            else
            {
                WrongType(item, $"{name}[]", "a mapping of fields");
            }
        }
    }

    /// <summary>The fields below this one; null where it is absent.</summary>
    public YamlFields? Fields(string name)
    {
        switch (Node(name))
        {
            case null:
                return null;
            case YamlMapping mapping:
                return new YamlFields(mapping, _diagnostics);
            case var other:
                WrongType(other, name, "a mapping of fields");
                return null;
        }
    }

    /// <summary>Name → text for a mapping whose keys are the author's own.</summary>
    public ImmutableSortedDictionary<string, string> TextByName(string name)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (Fields(name) is { } fields)
        {
            foreach (var key in fields._entries.Keys)
            {
                if (fields.Text(key) is { } text)
                {
                    texts[key] = text;
                }
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>The names of the fields that are there, in the file's order.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Reports every field that nothing asked for.</summary>
    public void ReportUnknown()
    {
        foreach (var entry in _entries.Values.Where(e => !_asked.Contains(e.Key)))
        {
            Error(
                entry.KeyPosition, CatalogueCodes.UnknownField, $"Field '{entry.Key}' is not known.",
                Spelling.DidYouMean(entry.Key, _asked.Where(a => !_entries.ContainsKey(a))));
        }
    }

    public void Error(SourcePosition position, string code, string message, string? hint = null) =>
        _diagnostics.Add(new CatalogueDiagnostic(position, CatalogueSeverity.Error, code, message, hint));

    public void Warn(SourcePosition position, string code, string message, string? hint = null) =>
        _diagnostics.Add(new CatalogueDiagnostic(position, CatalogueSeverity.Warning, code, message, hint));

    private YamlScalar? Scalar(string name, string expected)
    {
        switch (Node(name))
        {
            case null:
                return null;
            case YamlScalar scalar:
                return scalar;
            case var other:
                WrongType(other, name, expected);
                return null;
        }
    }

    private void WrongType(YamlNode node, string name, string expected)
    {
        var found = node switch
        {
            YamlSequence => "a list",
            YamlMapping => "a mapping",
            YamlScalar scalar => $"'{scalar.Value}'",
            _ => "something else",
        };
        var braces = node is YamlMapping && expected == "text" ? "text that begins with { needs quotes around it" : null;
        Error(node.Position, CatalogueCodes.WrongType, $"Field '{name}' must be {expected}, not {found}.", braces);
    }
}
