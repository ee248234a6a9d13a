using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Runtime.Json;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>parse-kv: a bag of the pairs is made of each text, then a column of each key.</summary>
internal sealed partial class Binder
{
    private BoundTable BindParseKv(BoundTable input, ParseKvOperator parse)
    {
        var source = Bind(parse.Text);
        if (source is BoundError || KvPairs(parse, source) is not { } pairs)
        {
            return input with { IsError = true };
        }

        var twice = parse.Schema.Columns.GroupBy(c => c.Name.Text, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            diagnostics.Semantic("KQL121", twice.Last().Span, $"There is already a column '{twice.Key}' in this list");
            return input with { IsError = true };
        }

        var withBag = Extended(input, [("$pairs", pairs)]);
        var bag = withBag.Columns.First(c => c.Name == "$pairs");
        var parsed = Extended(
            withBag,
            [
                .. parse.Schema.Columns.Select(c => ((string?)c.Name.Text, Conversion.To(
                    Conversion.To(new BoundPath(new BoundColumn(bag), [new PathStep.Member(c.Name.Text)]), KqlType.String), c.Type))),
            ]);
        return Passed(parsed, parsed.Columns.Where(c => !ReferenceEquals(c, bag)));
    }

    private BoundTemplate? KvPairs(ParseKvOperator parse, BoundExpression source)
    {
        var options = new JsonBag { ["keys"] = parse.Schema.Columns.Select(c => (object?)c.Name.Text).ToList() };
        var (quotes, escapes) = (new List<object?>(), new List<object?>());
        string? regex = null;
        foreach (var option in parse.Options)
        {
            switch (option.Name.Text, option.Word)
            {
                case ("pair_delimiter" or "kv_delimiter", { Length: > 0 } delimiter):
                    options[option.Name.Text] = delimiter;
                    break;
                case ("quote", { Length: 1 or 2 } quote):
                    quotes.Add(quote);
                    break;
                case ("escape", { Length: 1 } escape):
                    escapes.Add(escape);
                    break;
                case ("greedy", "true" or "false"):
                    options["greedy"] = option.Word == "true";
                    break;
                case ("regex", { } pattern) when RegexGroups.Count(pattern) == 2:
                    regex = ConstantRegex(new BoundLiteral(KqlType.String, pattern), option.Span) is BoundLiteral { Value: string re2 } ? re2 : null;
                    if (regex is null)
                    {
                        return null;
                    }

                    break;
                default:
                    diagnostics.Semantic("KQL128", option.Span, $"parse-kv has no option like this: {option.Name.Text}");
                    return null;
            }
        }

        if (options.ContainsKey("pair_delimiter") != options.ContainsKey("kv_delimiter"))
        {
            diagnostics.Semantic("KQL128", parse.Keyword, "pair_delimiter and kv_delimiter are given together or not at all");
            return null;
        }

        options["quote"] = quotes;
        options["escape"] = escapes;
        var text = Conversion.To(source, KqlType.String);
        return regex is null
            ? new BoundTemplate(
                "kql_parse_kv({0}, {1})", [text, new BoundLiteral(KqlType.String, JsonText.Write(options))], KqlType.Dynamic, true)
            : new BoundTemplate(
                "kql_first_pairs(CAST(to_json(regexp_extract_all({0}, {1}, 1)) AS VARCHAR), CAST(to_json(regexp_extract_all({0}, {1}, 2)) AS VARCHAR))",
                [text, new BoundLiteral(KqlType.String, regex)],
                KqlType.Dynamic,
                true);
    }
}
