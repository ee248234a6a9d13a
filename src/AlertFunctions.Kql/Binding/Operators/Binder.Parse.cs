using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    // parse becomes one regular expression with a group for each column.
    // Source: learn.microsoft.com/kusto/query/parse-operator.
    private BoundTable BindParse(BoundTable input, ParseOperator parse)
    {
        CheckParameters(parse, "kind", "flags");
        var kind = parse.FindParameter("kind")?.Word ?? "simple";
        if (kind is not ("simple" or "regex" or "relaxed"))
        {
            diagnostics.Semantic("KQL128", parse.FindParameter("kind")!.Span, $"There is no kind of parse '{kind}'");
            return input with { IsError = true };
        }

        var source = Bind(parse.Text);
        if (source is BoundError)
        {
            return input with { IsError = true };
        }

        if (source.Type is not (KqlType.String or KqlType.Dynamic))
        {
            diagnostics.Semantic("KQL114", parse.Text.Span, $"parse wants a string, this is {TypeName(source.Type)}");
            return input with { IsError = true };
        }

        source = Conversion.To(source, KqlType.String);
        var regex = new StringBuilder();
        var flags = parse.FindParameter("flags")?.Word ?? "";
        regex.Append(CultureInfo.InvariantCulture, $"(?s{flags.Replace("s", "", StringComparison.Ordinal)})^");
        var columns = new List<ParseColumn>();
        for (var i = 0; i < parse.Pattern.Length; i++)
        {
            var isLast = i == parse.Pattern.Length - 1;
            switch (parse.Pattern[i])
            {
                case ParseText text:
                    regex.Append(kind == "regex" ? $"(?:{text.Text})" : Quote(text.Text));
                    break;
                case ParseSkip:
                    regex.Append(isLast ? ".*" : ".*?");
                    break;
                case ParseColumn column:
                    if (columns.Exists(c => c.Name.Text == column.Name.Text))
                    {
                        diagnostics.Semantic("KQL121", column.Span, $"There is already a column '{column.Name.Text}' in this list");
                        return input with { IsError = true };
                    }

                    columns.Add(column);
                    regex.Append(CultureInfo.InvariantCulture, $"({Group(column, kind, isLast)})");
                    break;
            }
        }

        regex.Append('$');
        if (kind == "regex" && RegexFault.Of(regex.ToString()) is { } fault)
        {
            diagnostics.Semantic("KQL117", parse.Span, $"The pattern is no regular expression: {fault}");
            return input with { IsError = true };
        }

        return Parsed(input, parse, source, regex.ToString(), columns);
    }

    // In simple mode a number must be there for the pattern to match at all; relaxed takes any text, and what does not
    // convert is null.
    private static string Group(ParseColumn column, string kind, bool isLast) => (column.Type, kind) switch
    {
        (KqlType.Long or KqlType.Int, "simple" or "regex") => @"\s*[-+]?[0-9]+\s*",
        (KqlType.Real or KqlType.Decimal, "simple" or "regex") => @"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*",
        (KqlType.Bool, "simple" or "regex") => @"\s*(?i:true|false|[01])\s*",
        _ => isLast ? ".*" : ".*?",
    };

    private static string Quote(string text) => Regex.Replace(text, @"[^\p{L}\p{N}_ ]", m => "\\" + m.Value, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
        .Replace("\\\n", "\n", StringComparison.Ordinal).Replace("\\\t", "\t", StringComparison.Ordinal).Replace("\\\r", "\r", StringComparison.Ordinal);

    private static BoundTable Parsed(
        BoundTable input, ParseOperator parse, BoundExpression source, string regex, IReadOnlyList<ParseColumn> columns)
    {
        var pattern = new BoundLiteral(KqlType.String, regex);
        var matched = input;
        if (parse.DropsUnmatched)
        {
            matched = new BoundFilter(input, new BoundBinary(BinaryOperator.MatchesRegex, source, pattern, KqlType.Bool, false))
            {
                IsSerialized = input.IsSerialized,
            };
        }

        var added = new List<(string? Name, BoundExpression Value)>();
        for (var i = 0; i < columns.Count; i++)
        {
            var group = i + 1;
            var text = new BoundTemplate($"regexp_extract({{0}}, {{1}}, {group})", [source, pattern], KqlType.String, false);
            added.Add((columns[i].Name.Text, Conversion.To(text, columns[i].Type ?? KqlType.String)));
        }

        return added.Count == 0 ? matched : Extended(matched, added);
    }
}
