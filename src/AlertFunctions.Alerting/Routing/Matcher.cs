using System.Text.RegularExpressions;

namespace AlertFunctions.Alerting.Routing;

/// <summary>How a matcher compares: Alertmanager's four, and an order for severities.</summary>
public enum MatchOperator
{
    Equal,
    NotEqual,
    Matches,
    NotMatches,
    AtLeast,
    AtMost,
}

/// <summary>
/// A condition on one label: <c>Namespace=shop</c>, <c>!=</c>, <c>=~</c> and <c>!~</c> (a regular expression over the whole value),
/// <c>severity&gt;=High</c> and <c>&lt;=</c> (severities only). A label that is absent has the empty value, as in Alertmanager.
/// </summary>
public sealed record Matcher
{
    // Longer operators first: "=~" begins like "=".
    private static readonly (string Text, MatchOperator Operator)[] Operators =
    [
        ("!=", MatchOperator.NotEqual), ("=~", MatchOperator.Matches), ("!~", MatchOperator.NotMatches), (">=", MatchOperator.AtLeast),
        ("<=", MatchOperator.AtMost), ("=", MatchOperator.Equal),
    ];

    private readonly Regex? _regex;
    private readonly Severity _severity;

    private Matcher(string label, MatchOperator @operator, string value, Regex? regex, Severity severity)
    {
        (Label, Operator, Value, _regex, _severity) = (label, @operator, value, regex, severity);
    }

    public string Label { get; }

    public MatchOperator Operator { get; }

    public string Value { get; }

    /// <summary>Reads a matcher; <paramref name="fault"/> says what is wrong with the text where it gives null.</summary>
    public static Matcher? Parse(string text, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (at, sign, kind) = FirstOperator(text);
        if (at <= 0 || text[..at].Trim() is not { Length: > 0 } label)
        {
            fault = $"'{text}' is not a matcher: write Label=value, or with !=, =~, !~, or severity>=High";
            return null;
        }

        var value = Unquote(text[(at + sign.Length)..].Trim());
        fault = "";
        switch (kind)
        {
            case MatchOperator.Matches or MatchOperator.NotMatches:
                try
                {
                    // Without backtracking no value that an attacker writes can hold the pipeline up.
                    var regex = new Regex($"^(?:{value})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
                    return new Matcher(label, kind, value, regex, default);
                }
                catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
                {
                    fault = $"'{value}' is not a regular expression that can be used here: {exception.Message}";
                    return null;
                }

            case MatchOperator.AtLeast or MatchOperator.AtMost:
                if (label == LabelNames.Severity && Enum.TryParse<Severity>(value, ignoreCase: true, out var severity) && Enum.IsDefined(severity))
                {
                    return new Matcher(label, kind, value, null, severity);
                }

                fault = $"'{text}': only severities have an order: {string.Join(", ", Enum.GetNames<Severity>())}";
                return null;
            default:
                return new Matcher(label, kind, value, null, default);
        }
    }

    /// <summary>The label has exactly this value.</summary>
    public static Matcher Equal(string label, string value) => new(label, MatchOperator.Equal, value, null, default);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var value = labels.TryGetValue(Label, out var present) ? present : "";
        return Operator switch
        {
            MatchOperator.Equal => value == Value,
            MatchOperator.NotEqual => value != Value,
            MatchOperator.Matches => _regex!.IsMatch(value),
            MatchOperator.NotMatches => !_regex!.IsMatch(value),
            MatchOperator.AtLeast => Enum.TryParse<Severity>(value, out var severity) && severity >= _severity,
            MatchOperator.AtMost => Enum.TryParse<Severity>(value, out var severity) && severity <= _severity,
            _ => throw new System.Diagnostics.UnreachableException($"Operator {Operator}."),
        };
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var isPlain = Value == Value.Trim() && Value is not ['"', .., '"'];
        return $"{Label}{Operators.First(o => o.Operator == Operator).Text}{(isPlain ? Value : $"\"{Value}\"")}";
    }

    public bool Equals(Matcher? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    private static (int At, string Sign, MatchOperator Operator) FirstOperator(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var (sign, kind) in Operators)
            {
                if (string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0)
                {
                    return (at, sign, kind);
                }
            }
        }

        return (-1, "", MatchOperator.Equal);
    }

    private static string Unquote(string value) => value is ['"', .., '"'] && value.Length > 1 ? value[1..^1] : value;
}
