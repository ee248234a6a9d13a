using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>Functions that make, take apart and compare dynamic values, which are JSON text.</summary>
internal static class DynamicFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        new("pack_array", "pack-array-function", new Overload("(value: Scalar*): dynamic", site => new(Template.JsonArray(site))) { Nulls = NullRule.Never }),
        new("bag_pack", "pack-function", new Overload("(key: string*, value: Scalar*): dynamic", EmitPack) { Nulls = NullRule.Never, Refuse = RefuseOdd })
        {
            Deprecated = ["pack", "pack_dictionary"],
        },
        new("array_length", "array-length-function",
            new Overload("(array: dynamic): long", "CASE WHEN {0} LIKE '[%' THEN CAST(json_array_length({0}) AS BIGINT) END") { Nulls = NullRule.Maybe })
        {
            Deprecated = ["arraylength"],
        },
        Variadic("array_concat", "kql_array_concat", 1),
        Array("array_iff", "(condition_array: dynamic, when_true: Scalar, when_false: Scalar): dynamic", site =>
            new($"kql_array_iff({site.Sql(0)}, {Template.JsonOrNull(site, 1)}, {Template.JsonOrNull(site, 2)})")) with { Deprecated = ["array_iif"] },
        new("array_index_of", "array-index-of-function",
            new Overload("(array: dynamic, value: Scalar, start: long = 0, length: long = -1, occurrence: fixed long = 1): long", site =>
                new($"kql_array_index_of({site.Sql(0)}, {Template.JsonOrNull(site, 1)}, {Template.JsonArray(Enumerable.Range(2, 3).Select(i => Template.JsonOrNull(site, i)))})"))
            {
                Nulls = NullRule.Maybe,
            }),
        Array("array_reverse", "(value: dynamic): dynamic", "kql_array_reverse({0})"),
        Array("array_rotate_left", "(array: dynamic, rotate_count: long): dynamic", "kql_array_rotate_left({0}, {1})"),
        Array("array_rotate_right", "(array: dynamic, rotate_count: long): dynamic", "kql_array_rotate_left({0}, -{1})"),
        new("array_shift_left", "array-shift-left-function",
            new Overload("(array: dynamic, shift_count: long): dynamic", "kql_array_shift_left({0}, {1}, '')") { Nulls = NullRule.Maybe },
            new Overload("(array: dynamic, shift_count: long, default_value: Scalar): dynamic", site =>
                new($"kql_array_shift_left({site.Sql(0)}, {site.Sql(1)}, {Template.JsonOrNull(site, 2)})")) { Nulls = NullRule.Maybe }),
        new("array_shift_right", "array-shift-right-function",
            new Overload("(array: dynamic, shift_count: long): dynamic", "kql_array_shift_left({0}, -{1}, '')") { Nulls = NullRule.Maybe },
            new Overload("(array: dynamic, shift_count: long, default_value: Scalar): dynamic", site =>
                new($"kql_array_shift_left({site.Sql(0)}, -{site.Operand(1)}, {Template.JsonOrNull(site, 2)})")) { Nulls = NullRule.Maybe }),
        Array("array_slice", "(array: dynamic, start: long, end: long): dynamic", "kql_array_slice({0}, {1}, {2})"),
        new("array_split", "array-split-function",
            new Overload("(array: dynamic, index: long): dynamic", "kql_array_split({0}, CAST({1} AS VARCHAR))") { Nulls = NullRule.Maybe },
            new Overload("(array: dynamic, indices: dynamic): dynamic", "kql_array_split({0}, {1})") { Nulls = NullRule.Maybe }),
        Sort("array_sort_asc", "false"),
        Sort("array_sort_desc", "true"),
        new("strcat_array", "strcat-array-function",
            new Overload("(array: dynamic, delimiter: Scalar): string", site =>
                new($"kql_array_strcat({site.Sql(0)}, {site.Sql(1, KqlType.String)})")) { Nulls = NullRule.Maybe })
        {
            Deprecated = ["array_strcat"],
        },
        new("array_sum", "array-sum-function", new Overload("(array: dynamic): real", "kql_series_sum({0})") { Nulls = NullRule.Maybe }),
        new("bag_has_key", "bag-has-key-function",
            new Overload("(bag: dynamic, key: string): bool", "kql_bag_has_key({0}, {1})") { Nulls = NullRule.Maybe }),
        Array("bag_keys", "(object: dynamic): dynamic", "kql_bag_keys({0})"),
        Variadic("bag_merge", "kql_bag_merge"),
        Array("bag_remove_keys", "(bag: dynamic, keys: dynamic): dynamic", "kql_bag_remove_keys({0}, {1})"),
        Array("bag_set_key", "(bag: dynamic, key: fixed string, value: Scalar): dynamic", site =>
            new($"kql_bag_set_key({site.Sql(0)}, {site.Sql(1)}, {Template.JsonOrNull(site, 2)})")),
        Array("bag_zip", "(keys: dynamic, values: dynamic): dynamic", "kql_bag_zip({0}, {1})"),
        Variadic("zip", "kql_zip"),
        Array("treepath", "(object: dynamic): dynamic", "kql_treepath({0})"),
        Array("repeat", "(value: Scalar, count: long): dynamic", site => new($"kql_repeat({Template.JsonOrNull(site, 0)}, {site.Sql(1)})")),
        Variadic("set_difference", "kql_set_difference"),
        Variadic("set_intersect", "kql_set_intersect"),
        Variadic("set_union", "kql_set_union"),
        new("set_has_element", "set-has-element-function",
            new Overload("(set: dynamic, value: Scalar): bool", site =>
                new($"kql_set_has_element({site.Sql(0)}, {Template.JsonOrNull(site, 1)})")) { Nulls = NullRule.Maybe }),
        new("set_equals", "set-equals-function",
            new Overload("(set1: dynamic, set2: dynamic): bool", "kql_set_equals({0}, {1})") { Nulls = NullRule.Maybe }),
        new("jaccard_index", "jaccard-index-function",
            new Overload("(set1: dynamic, set2: dynamic): real", Template.OfJsonArray("kql_jaccard_index")) { Nulls = NullRule.Maybe }),
        new("range", "range-function",
            new Overload("(start: datetime, stop: datetime, step: timespan = 36000000000): dynamic", site => Range(site, "datetime")) { Nulls = NullRule.Maybe },
            new Overload("(start: timespan, stop: timespan, step: timespan = 36000000000): dynamic", site => Range(site, "timespan")) { Nulls = NullRule.Maybe },
            new Overload("(start: long, stop: long, step: long = 1): dynamic", site => Range(site, "long")) { Nulls = NullRule.Maybe },
            new Overload("(start: real, stop: real, step: real = 1): dynamic", "kql_range_real({0}, {1}, {2})") { Nulls = NullRule.Maybe }),
        new("extract_json", "extract-json-function",
            new Overload("(jsonPath: fixed string, jsonText: string): string", "kql_extract_json({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(jsonPath: fixed string, jsonText: string, type: type): ParameterNLiteral", site =>
                site.Emit(Conversion.To(new BoundSql(KqlType.String, $"coalesce(kql_extract_json({site.Sql(0)}, {site.Sql(1)}), '')"), site.ResultType)))
            {
                Nulls = NullRule.Maybe,
            })
        {
            Deprecated = ["extractjson"],
        },
    ];

    private static ScalarFunction Array(string name, string signature, string template) =>
        new(name, $"{name.Replace('_', '-')}-function", new Overload(signature, template) { Nulls = NullRule.Maybe });

    private static ScalarFunction Array(string name, string signature, Func<CallSite, SqlText> emit) =>
        new(name, $"{name.Replace('_', '-')}-function", new Overload(signature, emit) { Nulls = NullRule.Maybe });

    private static ScalarFunction Variadic(string name, string function, int fewest = 2) =>
        Array(name, fewest == 2 ? "(first: dynamic, argument: dynamic*): dynamic" : "(argument: dynamic*): dynamic", Template.OfJsonArray(function));

    private static SqlText Range(CallSite site, string kind) =>
        new($"kql_range_{kind}({site.Sql(0)}, {site.Sql(1)}, {site.Sql(2)})");

    // One array gives itself, several as many columns, in an expression an array of all.
    private static ScalarFunction Sort(string name, string isDescending) =>
        new(name, $"{name.Replace('_', '-')}-function",
            new Overload("(array: dynamic): dynamic", site => new(SortOne(site, isDescending, "true"))) { Nulls = NullRule.Maybe },
            new Overload("(array: dynamic, nulls_last: fixed bool): dynamic", site => new(SortOne(site, isDescending, site.Sql(1)))) { Nulls = NullRule.Maybe },
            new Overload("(arrays: dynamic*): dynamic", site => new($"kql_array_sort({Template.JsonArray(site)}, {isDescending}, true)")) { Nulls = NullRule.Maybe },
            new Overload("(arrays: dynamic*, nulls_last: fixed bool): dynamic", site => new(
                $"kql_array_sort({Template.JsonArray(Enumerable.Range(0, site.Count - 1).Select(i => Template.JsonOrNull(site, i)))}, {isDescending}, {site.Sql(site.Count - 1)})"))
            {
                Nulls = NullRule.Maybe,
            })
        {
            Parts = names => [.. names.Select((array, i) => new TuplePart($"{array}_sorted", KqlType.Dynamic, names.Count == 1 ? "$" : $"$[{i}]"))],
        };

    private static string SortOne(CallSite site, string isDescending, string nullsLast) =>
        $"CAST(json_extract(kql_array_sort({Template.JsonArray([Template.JsonOrNull(site, 0)])}, {isDescending}, {nullsLast}), '$[0]') AS VARCHAR)";

    // Keys known and different need no runtime function to join them.
    private static SqlText EmitPack(CallSite site)
    {
        var keys = Enumerable.Range(0, site.Count / 2).Select(i => site.Constant(2 * i) as string).ToList();
        if (keys.Count == 0 || keys.Contains(null) || keys.Distinct(StringComparer.Ordinal).Count() != keys.Count)
        {
            return new($"kql_bag_pack({Template.JsonArray(site)})");
        }

        var pairs = keys.Select((_, i) => $"{Template.Json(site, 2 * i)}, ':', {Template.JsonOrNull(site, (2 * i) + 1)}");
        return new($"concat('{{', {string.Join(", ',', ", pairs)}, '}}')");
    }

    private static string? RefuseOdd(IReadOnlyList<BoundExpression> arguments) =>
        arguments.Count % 2 == 1 ? "every key needs a value" : null;
}
