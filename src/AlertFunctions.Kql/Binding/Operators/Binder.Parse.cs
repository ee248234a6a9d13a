using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    // Each column's SQL holds the whole pattern.
    private const int MaxParsedColumns = 250;

    // parse becomes a regular expression, which is asked for one column after the other: DuckDB counts groups to nine only.
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

        source = Conversion.To(source, KqlType.String);
        var columns = parse.Pattern.OfType<ParseColumn>().ToList();
        if (columns.Where((c, i) => columns.FindIndex(o => o.Name.Text == c.Name.Text) < i).FirstOrDefault() is { } twice)
        {
            diagnostics.Semantic("KQL121", twice.Span, $"There is already a column '{twice.Name.Text}' in this list");
            return input with { IsError = true };
        }

        if (columns.Count > MaxParsedColumns)
        {
            return Refused(parse.Keyword, $"parse into more than {MaxParsedColumns} columns is not supported");
        }

        var last = -1;
        for (var i = 1; i < parse.Pattern.Length && last < 0; i++)
        {
            last = parse.Pattern[i - 1] is ParseColumn { Type: null or KqlType.String } && parse.Pattern[i] is ParseSkip ? i : -1;
        }

        if (last > 0)
        {
            diagnostics.Semantic("KQL128", parse.Pattern[last].Span, "Where a text ends and * begins cannot be told");
            return input with { IsError = true };
        }

        var flags = parse.FindParameter("flags")?.Word ?? "";
        if (flags.Except("imsU").Any())
        {
            diagnostics.Semantic("KQL128", parse.FindParameter("flags")!.Span, "The flags of parse are i, m, s and U");
            return input with { IsError = true };
        }

        var pattern = new ParsePattern(parse.Pattern, kind, flags);
        if (kind == "regex" && ConstantRegex(new BoundLiteral(KqlType.String, pattern.Capturing(null)), parse.Span) is BoundError)
        {
            return input with { IsError = true };
        }

        return Parsed(input, parse.DropsUnmatched, source, pattern, columns);
    }

    // Unless it is relaxed, a text parses as a whole or not at all: one value that does not convert is none of them.
    private BoundTable Parsed(
        BoundTable input, bool dropsUnmatched, BoundExpression source, ParsePattern pattern, List<ParseColumn> columns)
    {
        var values = columns.ConvertAll(c => Conversion.To(
            new BoundTemplate("regexp_extract({0}, {1}, 1)", [source, Text(pattern.Capturing(c))], KqlType.String, false),
            c.Type ?? KqlType.String));
        var mustConvert = columns.ConvertAll(c => !pattern.IsRelaxed && c.Type is not (null or KqlType.String or KqlType.Dynamic));
        if (!mustConvert.Contains(true) || (columns.Count == 1 && !dropsUnmatched))
        {
            var matched = !dropsUnmatched ? input : Filtered(
                input, new BoundBinary(BinaryOperator.MatchesRegex, source, Text(pattern.Capturing(null)), KqlType.Bool, false));
            return columns.Count == 0 ? matched : Extended(matched, Named(values));
        }

        // Each text is cut once: the values stand in columns of their own before they are asked whether all of them are there.
        var cut = Extended(input, [.. values.Select((v, i) => ((string?)$"$parsed{i}", v))]);
        var parts = columns.Select((_, i) => cut.Columns.First(c => c.Name == $"$parsed{i}")).ToList();
        var isParsed = string.Join(" AND ", columns.Index().Where(c => mustConvert[c.Index]).Select(c => $"{{{c.Index}}} IS NOT NULL"));
        BoundExpression[] all = [.. parts.Select(c => new BoundColumn(c))];
        var parsed = dropsUnmatched
            ? Extended(Filtered(cut, new BoundTemplate($"({isParsed})", all, KqlType.Bool, false)), Named(all))
            : Extended(cut, Named(columns.Select((c, i) => new BoundTemplate(
                $"CASE WHEN {isParsed} THEN {{{i}}}{(values[i].Type == KqlType.String ? " ELSE ''" : "")} END", all, values[i].Type, all[i].CanBeNull))));
        return Passed(parsed, parsed.Columns.Where(c => !parts.Exists(p => ReferenceEquals(p, c))));

        List<(string? Name, BoundExpression Value)> Named(IEnumerable<BoundExpression> of) =>
            [.. of.Select((v, i) => ((string?)columns[i].Name.Text, v))];
        static BoundLiteral Text(string text) => new(KqlType.String, text);
    }
}
