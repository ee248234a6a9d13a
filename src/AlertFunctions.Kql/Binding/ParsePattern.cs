using System.Text;
using System.Text.RegularExpressions;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// The pattern of parse as a regular expression of RE2 that a text matches from end to end. In regex mode a column takes as much
/// as it can unless the flag U is given, which the examples of learn.microsoft.com/kusto/query/parse-operator show; otherwise it
/// ends where the next constant begins. Groups of the author's own capture nothing.
/// </summary>
internal sealed record ParsePattern(IReadOnlyList<ParsePart> Parts, string Kind, string Flags)
{
    /// <summary>Must every constant be there, but not every value convert?</summary>
    public bool IsRelaxed => Kind == "relaxed";

    private bool IsRegex => Kind == "regex";

    /// <summary>The expression, whose only group is the text of <paramref name="column"/>, or which has none.</summary>
    public string Capturing(ParseColumn? column)
    {
        // What is no expression of the author's has no lines: only there is a dot one line's.
        var regex = new StringBuilder(IsRegex ? Flags.Length > 0 ? $"(?{Flags})" : "" : "(?s)").Append("\\A");
        for (var i = 0; i < Parts.Count; i++)
        {
            var isLast = i == Parts.Count - 1;
            regex.Append(Parts[i] switch
            {
                ParseText text when IsRegex => $"(?:{RegexGroups.WithoutCapture(RegexDialect.TryToRe2(text.Text, out var re2, out _) ? re2 : text.Text)})",
                ParseText text => Quote(text.Text),
                ParseColumn part when ReferenceEquals(part, column) => $"({Value(part, isLast, i)})",
                ParseColumn part => $"(?:{Value(part, isLast, i)})",
                _ => isLast ? ".*" : ".*?",
            });
        }

        return regex.Append("\\z").ToString();
    }

    // A value that anything may follow ends with its own characters. A number must be there for the pattern to match at all.
    private string Value(ParseColumn column, bool isLast, int index)
    {
        var isOpen = !isLast && Parts[index + 1] is ParseSkip;
        var own = column.Type switch
        {
            KqlType.Long or KqlType.Int => @"\s*[-+]?[0-9]+\s*",
            KqlType.Real or KqlType.Decimal => @"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*",
            KqlType.Bool => @"\s*(?i:true|false|[01])\s*",
            KqlType.DateTime when isOpen => "[-0-9T:./ ]+Z?",
            KqlType.TimeSpan when isOpen => "[-0-9:.]+",
            KqlType.Guid when isOpen => "[-0-9a-fA-F]+",
            _ => null,
        };
        return own switch
        {
            not null when IsRelaxed && isOpen => $"(?:{own})?",
            not null when !IsRelaxed => own,
            _ => isLast || IsRegex ? ".*" : ".*?",
        };
    }

    public static string Quote(string text) => Regex.Replace(text, @"[^\p{L}\p{N}_\s]", m => "\\" + m.Value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
