using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>Conversions, which are the binder's own, choices between values, and tests for what is not there.</summary>
internal static class ConversionFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        To("tostring", KqlType.String),
        To("toint", KqlType.Int),
        To("tolong", KqlType.Long),
        To("todouble", KqlType.Real, "toreal"),
        To("todecimal", KqlType.Decimal),
        To("tobool", KqlType.Bool, "toboolean"),
        To("todatetime", KqlType.DateTime),
        To("totimespan", KqlType.TimeSpan, "totime"),
        new("toguid", "toguid-function", ToOverload("StringOrDynamic", KqlType.Guid)),
        new("todynamic", "parse-json-function",
            new Overload("(json_text: string): dynamic", "kql_parse_json({0})") { Nulls = NullRule.Maybe },
            new Overload("(value: dynamic): dynamic", ParseDynamic) { Nulls = NullRule.Maybe })
        {
            Deprecated = ["parse_json", "parsejson", "toobject"],
        },
        new("dynamic_to_json", "dynamic-to-json-function",
            new Overload("(dynamic: dynamic): string", "coalesce(kql_sorted_json({0}), '')") { Nulls = NullRule.Never },
            new Overload("(value: Scalar): string", site => new(site.Sql(0, KqlType.String))) { Nulls = NullRule.Never }),
        new("gettype", "gettype-function", new Overload("(value: Scalar): string", EmitGetType) { Nulls = NullRule.Never }),
        new("iff", "iff-function",
            new Overload("(if: bool, then: CommonScalarOrDynamic, else: CommonScalarOrDynamic): Common",
                "CASE WHEN {0} THEN {1} ELSE {2} END") { Nulls = NullRule.Maybe })
        {
            Deprecated = ["iif"],
        },
        new("case", "case-function",
            new Overload("(predicate: bool*, then: CommonScalarOrDynamic*, else: CommonScalarOrDynamic): Common", EmitCase)
            {
                Nulls = NullRule.Maybe,
            }),
        new("coalesce", "coalesce-function",
            new Overload("(first: CommonScalar, arg: CommonScalar*): Common", EmitCoalesce) { Nulls = NullRule.Maybe }),
        new("min_of", "min-of-function",
            new Overload("(first: CommonOrderable, arg: CommonOrderable*): Common", "least({*})") { Nulls = NullRule.Maybe }),
        new("max_of", "max-of-function",
            new Overload("(first: CommonOrderable, arg: CommonOrderable*): Common", "greatest({*})") { Nulls = NullRule.Maybe }),
        new("isempty", "isempty-function",
            new Overload("(value: string): bool", "{0} = ''", Precedence.Comparison) { Nulls = NullRule.Never },
            new Overload("(value: dynamic): bool", site => EmptyDynamic(site, "=")) { Nulls = NullRule.Never },
            new Overload("(value: Scalar): bool", "{0} IS NULL", Precedence.Comparison) { Nulls = NullRule.Never }),
        new("isnotempty", "isnotempty-function",
            new Overload("(value: string): bool", "{0} <> ''", Precedence.Comparison) { Nulls = NullRule.Never },
            new Overload("(value: dynamic): bool", site => EmptyDynamic(site, "<>")) { Nulls = NullRule.Never },
            new Overload("(value: Scalar): bool", "{0} IS NOT NULL", Precedence.Comparison) { Nulls = NullRule.Never })
        {
            Deprecated = ["notempty"],
        },

        // A string is never null.
        new("isnull", "isnull-function",
            new Overload("(expression: string): bool", "length({0}) < 0", Precedence.Comparison) { Nulls = NullRule.Never },
            new Overload("(expression: Scalar): bool", "{0} IS NULL", Precedence.Comparison) { Nulls = NullRule.Never }),
        new("isnotnull", "isnotnull-function",
            new Overload("(expression: string): bool", "length({0}) >= 0", Precedence.Comparison) { Nulls = NullRule.Never },
            new Overload("(expression: Scalar): bool", "{0} IS NOT NULL", Precedence.Comparison) { Nulls = NullRule.Never })
        {
            Deprecated = ["notnull"],
        },
        new("not", "not-function", new Overload("(expression: bool): bool", "NOT {0}", Precedence.Not)),
        new("around", "around-function",
            new Overload("(value: Summable, center: Summable, delta: Summable): bool", "{0} BETWEEN {1} - {2} AND {1} + {2}", Precedence.Comparison)),

        // The message of an assertion that does not hold ends the query, as it does in Kusto.
        new("assert", "assert-function",
            new Overload("(predicate: bool, message: const string): bool", "CASE WHEN {0} THEN true ELSE CAST(error({1}) AS BOOLEAN) END")
            {
                Nulls = NullRule.Never,
            }),
        new("new_guid", "new-guid-function", new Overload("(): guid", "uuid()") { Nulls = NullRule.Never, IsVolatile = true }),
        new("estimate_data_size", "estimate-data-size-function",
            new Overload("(column: Scalar*): long", EmitDataSize) { Refuse = RefuseDataSize }),
    ];

    private static ScalarFunction To(string name, KqlType type, params string[] aliases) =>
        new(name, $"{name}-function", ToOverload("Scalar", type)) { Deprecated = aliases };

    private static Overload ToOverload(string from, KqlType type) =>
        new($"(value: {from}): {TypeName(type)}", site => site.Emit(Conversion.To(site.Arguments[0], type)))
        {
            Nulls = type == KqlType.String ? NullRule.Never : NullRule.Maybe,
        };

    private static string TypeName(KqlType type) => type.ToString().ToLowerInvariant();

    // A dynamic string that holds JSON becomes what it says; any other dynamic is itself.
    /// <summary>Null and the empty string are empty: both are '' as text, and nothing else is.</summary>
    private static SqlText EmptyDynamic(CallSite site, string comparison) => site.Arguments[0] is BoundPath
        ? SqlText.Comparison($"{site.Sql(0, KqlType.String)} {comparison} ''")
        : SqlText.Comparison($"coalesce({site.Sql(0)}, '\"\"') {comparison} '\"\"'");

    private static SqlText ParseDynamic(CallSite site) =>
        new(Template.Fill(
            "CASE WHEN {0} LIKE '\"%' THEN kql_parse_json(kql_dynamic_text({0})) ELSE {0} END", site.Operand));

    private static SqlText EmitGetType(CallSite site)
    {
        var type = site.TypeOf(0);
        var name = type == KqlType.Dynamic ? $"kql_gettype({site.Sql(0)})" : SqlLiteral.Text(TypeName(type));
        return type == KqlType.String
            ? new(name)
            : new($"CASE WHEN {site.Operand(0)} IS NULL THEN 'null' ELSE {name} END");
    }

    private static SqlText EmitCase(CallSite site)
    {
        var branches = Enumerable.Range(0, site.Count / 2).Select(i => $" WHEN {site.Sql(2 * i)} THEN {site.Sql((2 * i) + 1)}");
        return new($"CASE{string.Concat(branches)} ELSE {site.Sql(site.Count - 1)} END");
    }

    // Strings have no null: the first that is not empty counts.
    private static SqlText EmitCoalesce(CallSite site) =>
        site.ResultType == KqlType.String
            ? new($"coalesce({string.Join(", ", Enumerable.Range(0, site.Count).Select(i => $"nullif({site.Sql(i)}, '')"))}, '')")
            : new($"coalesce({string.Join(", ", Enumerable.Range(0, site.Count).Select(site.Sql))})");

    private static SqlText EmitDataSize(CallSite site) =>
        SqlText.Additive(string.Join(" + ", Enumerable.Range(0, site.Count).Select(i => site.TypeOf(i) switch
        {
            KqlType.String => $"CAST(strlen({site.Sql(i)}) AS BIGINT)",
            KqlType.Bool => "1::BIGINT",
            KqlType.Int => "4::BIGINT",
            KqlType.Guid or KqlType.Decimal => "16::BIGINT",
            _ => "8::BIGINT",
        })));

    private static string? RefuseDataSize(IReadOnlyList<Binding.BoundExpression> arguments) =>
        arguments.Any(argument => argument.Type == KqlType.Dynamic)
            ? "the size of a dynamic value in the service's own encoding is not documented"
            : null;
}
