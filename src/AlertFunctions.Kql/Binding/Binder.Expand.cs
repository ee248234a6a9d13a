using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindExpand(BoundTable input, MvExpandOperator expand)
    {
        CheckParameters(expand, "kind", "bagexpansion", "with_itemindex");
        var kind = (expand.FindParameter("kind") ?? expand.FindParameter("bagexpansion"))?.Word ?? "bag";
        if (kind is not ("bag" or "array"))
        {
            diagnostics.Semantic("KQL128", (expand.FindParameter("kind") ?? expand.FindParameter("bagexpansion"))!.Span, $"There is no kind of expansion '{kind}'");
            return input with { IsError = true };
        }

        var asArrays = kind == "array";
        var indexName = expand.FindParameter("with_itemindex")?.Word;
        var limit = expand.Limit is null ? null : BindCountOf(expand.Limit);
        var names = new ColumnNames();
        foreach (var column in input.Physical)
        {
            names.Keep(column, !input.Columns.Contains(column));
        }

        var visible = input.Columns.ToList();
        var expansions = new List<(Expansion Expansion, KqlType Type)>();
        foreach (var item in expand.Columns)
        {
            var value = Bind(item.Column.Value);
            if (value is BoundError)
            {
                return input with { IsError = true };
            }

            if (value.Type != KqlType.Dynamic)
            {
                diagnostics.Semantic(
                    "KQL132", item.Span, $"Only a dynamic value can be expanded; this is {TypeName(value.Type)}",
                    value.Type == KqlType.String ? "Use parse_json() or split() on text." : null);
                return input with { IsError = true };
            }

            var name = item.Column.Name?.Text ?? NameOf(item.Column.Value) ?? names.Numbered();
            if (expansions.Exists(e => e.Expansion.Column.Name == name))
            {
                diagnostics.Semantic("KQL121", item.Span, $"There is already a column '{name}' in this list");
                return input with { IsError = true };
            }

            var hidden = names.AddHidden(name, KqlType.Dynamic, true);
            var place = visible.FindIndex(c => c.Name == name);
            if (place >= 0)
            {
                visible[place] = hidden;
            }
            else
            {
                visible.Add(hidden);
            }

            expansions.Add((new Expansion(hidden, value, asArrays), item.To?.Type ?? KqlType.Dynamic));
        }

        ColumnSymbol? index = null;
        if (indexName is not null)
        {
            index = names.Add(names.Unique(indexName), KqlType.Long, false);
            visible.Add(index);
        }

        var kept = input.Columns.Where(visible.Contains).Select(Output.Pass).ToList();
        kept.AddRange(Hidden(input, visible));
        var expanded = new BoundExpand(input, kept, [.. expansions.Select(e => e.Expansion)], index, limit, visible)
        {
            IsSerialized = input.IsSerialized,
        };

        // The items get their names and types.
        return Projected(
            expanded,
            [
                .. visible.Select(c =>
                {
                    var typed = expansions.Find(e => ReferenceEquals(e.Expansion.Column, c));
                    BoundExpression value = new BoundColumn(c);
                    return ((string?)c.Name, typed.Expansion is not null ? Conversion.To(value, typed.Type) : value);
                }),
            ]);
    }

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

    private BoundExpression BindSearchTerm(BinaryExpression binary)
    {
        diagnostics.NotSupported(binary.OperatorSpan, "The operator ':' is supported in search, with a text behind it");
        return new BoundError();
    }
}
