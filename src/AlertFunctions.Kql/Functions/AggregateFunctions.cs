using System.Globalization;
using AlertFunctions.Kql.Binding;
using AlertFunctions.Kql.Emit;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Functions;

/// <summary>
/// The aggregates of summarize. Nulls are passed over. Where the service estimates (dcount, percentile, hll, tdigest), the
/// value here is exact, which its documented error bounds allow. What an aggregate gives for no values is what
/// learn.microsoft.com/kusto/query/summarize-operator#default-values-of-aggregations says.
/// </summary>
internal static class AggregateFunctions
{
    private const string LongestList = "1048576";

    public static readonly IReadOnlyList<AggregateFunction> All =
    [
        Plain("count", "count-aggregation-function", "(): long", "count(*)") with { Deprecated = ["cnt"] },
        Plain("countif", "countif-aggregation-function", "(predicate: bool): long", "count(*) FILTER (WHERE {0})"),
        Plain("dcount", "dcount-aggregation-function", "(expr: Scalar, accuracy: const long = 1): long", "count(DISTINCT {0})"),
        Plain("dcountif", "dcountif-aggregation-function", "(expr: Scalar, predicate: bool, accuracy: const long = 1): long",
            "count(DISTINCT {0}) FILTER (WHERE {1})"),
        Plain("count_distinct", "count-distinct-aggregation-function", "(expr: NotDynamic): long", "count(DISTINCT {0})"),
        Plain("count_distinctif", "count-distinctif-aggregation-function", "(expr: NotDynamic, predicate: bool): long",
            "count(DISTINCT {0}) FILTER (WHERE {1})"),
        new("sum", "sum-aggregation-function", SumOverloads("", "")),
        new("sumif", "sumif-aggregation-function", SumOverloads(", predicate: bool", " FILTER (WHERE {1})")),
        new("avg", "avg-aggregation-function", AverageOverloads("", "")),
        new("avgif", "avgif-aggregation-function", AverageOverloads(", predicate: bool", " FILTER (WHERE {1})")),
        Nullable("min", "min-aggregation-function", "(expr: Orderable): Parameter0", "min({0})"),
        Nullable("minif", "minif-aggregation-function", "(expr: Orderable, predicate: bool): Parameter0", "min({0}) FILTER (WHERE {1})"),
        Nullable("max", "max-aggregation-function", "(expr: Orderable): Parameter0", "max({0})"),
        Nullable("maxif", "maxif-aggregation-function", "(expr: Orderable, predicate: bool): Parameter0", "max({0}) FILTER (WHERE {1})"),
        Real("stdev", Spread("stddev_samp")),
        Real("stdevp", Spread("stddev_pop")),
        Real("variance", Spread("var_samp")),
        Real("variancep", Spread("var_pop")),
        RealIf("stdevif", Spread("stddev_samp")),
        RealIf("varianceif", Spread("var_samp")),
        RealIf("variancepif", Spread("var_pop")),
        Covariance("covariance", "", "covar_samp(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE))"),
        Covariance("covariancep", "", "covar_pop(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE))"),
        Covariance("covarianceif", ", predicate: bool", "covar_samp(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE)) FILTER (WHERE {2})"),
        Covariance("covariancepif", ", predicate: bool", "covar_pop(CAST({0} AS DOUBLE), CAST({1} AS DOUBLE)) FILTER (WHERE {2})"),
        Nullable("binary_all_and", "binary-all-and-aggregation-function", "(expr: Integer): Parameter0", "bit_and({0})") with { ResultName = ResultName.FirstArgument },
        Nullable("binary_all_or", "binary-all-or-aggregation-function", "(expr: Integer): Parameter0", "bit_or({0})") with { ResultName = ResultName.FirstArgument },
        Nullable("binary_all_xor", "binary-all-xor-aggregation-function", "(expr: Integer): Parameter0", "bit_xor({0})") with { ResultName = ResultName.FirstArgument },
        Any("take_any", "take-any-aggregation-function", "(expr: Scalar): Parameter0", "") with { ResultName = ResultName.FirstArgument },
        Any("take_anyif", "take-anyif-aggregation-function", "(expr: Scalar, predicate: bool): Parameter0", " FILTER (WHERE {1})") with
        {
            ResultName = ResultName.FirstArgument,
        },
        Any("any", "take-any-aggregation-function", "(expr: Scalar): Parameter0", ""),
        Any("anyif", "take-anyif-aggregation-function", "(expr: Scalar, predicate: bool): Parameter0", " FILTER (WHERE {1})") with { Prefix = "anyif" },
        List("make_list", "make-list-aggregation-function", "", LongestList),
        List("makelist", "make-list-aggregation-function", "", "128"),
        List("make_list_if", "make-list-if-aggregation-function", ", predicate: bool", LongestList),
        new("make_list_with_nulls", "make-list-with-nulls-aggregation-function",
            new Overload("(expr: Scalar): dynamic", site => new(Joined(Template.JsonOrNull(site, 0), site.OrderBy))) { Nulls = NullRule.Never })
        {
            Prefix = "list",
        },
        Set("make_set", "make-set-aggregation-function", "", LongestList),
        Set("makeset", "make-set-aggregation-function", "", "128"),
        Set("make_set_if", "make-set-if-aggregation-function", ", predicate: bool", LongestList),
        Bag("make_bag", "make-bag-aggregation-function", "(expr: dynamic, maxSize: const long = 1048576): dynamic", ""),
        Bag("make_dictionary", "make-bag-aggregation-function", "(expr: dynamic, maxSize: const long = 128): dynamic", "") with { Prefix = "dictionary" },
        Bag("make_bag_if", "make-bag-if-aggregation-function", "(expr: dynamic, predicate: bool, maxSize: const long = 1048576): dynamic",
            " FILTER (WHERE {1})"),
        new("buildschema", "buildschema-aggregation-function",
            new Overload("(expr: dynamic): dynamic", "kql_buildschema(concat('[', string_agg({0}, ','), ']'))") { Nulls = NullRule.Maybe })
        {
            Prefix = "schema",
        },
        new("percentile", "percentiles-aggregation-function",
            new Overload("(expr: Orderable, percentile: const real): Custom", EmitPercentile)
            {
                ResultType = PercentileType,
                Nulls = NullRule.Maybe,
                Refuse = RefusePercentile,
            }),
        new("percentiles", "percentiles-aggregation-function") { Each = "percentile" },
        new("percentiles_array", "percentiles-aggregation-function",
            new Overload("(expr: Orderable, percentiles: const dynamic): dynamic", site => PercentilesArray(site, DynamicNumbers(site.Constant(1)), Quantile))
            {
                Nulls = NullRule.Maybe,
            },
            new Overload("(expr: Orderable, percentile: const real*): dynamic", site => PercentilesArray(site, ConstantNumbers(site, 1), Quantile))
            {
                Nulls = NullRule.Maybe,
            })
        {
            Prefix = "percentiles",
        },
        new("percentilew", "percentilesw-aggregation-function",
            new Overload("(expr: Number, weight: long, percentile: const real): Custom", site =>
                new(WeightedQuantile(site, ConstantNumbers(site, 2)[0])))
            {
                ResultType = PercentileType,
                Nulls = NullRule.Maybe,
            })
        {
            Prefix = "percentile",
        },
        new("percentilesw", "percentilesw-aggregation-function") { Each = "percentilew" },
        new("percentilesw_array", "percentilesw-aggregation-function",
            new Overload("(expr: Number, weight: long, percentiles: const dynamic): dynamic",
                site => PercentilesArray(site, DynamicNumbers(site.Constant(2)), WeightedQuantile)) { Nulls = NullRule.Maybe },
            new Overload("(expr: Number, weight: long, percentile: const real*): dynamic",
                site => PercentilesArray(site, ConstantNumbers(site, 2), WeightedQuantile)) { Nulls = NullRule.Maybe })
        {
            Prefix = "percentiles",
        },
        Sketch("hll", "hll-aggregation-function", "(expr: NotRealOrBool, accuracy: const long = 1): dynamic", site => $"kql_hll({Joined($"DISTINCT {Template.Json(site, 0)}", "")})"),
        Sketch("hll_if", "hll-if-aggregation-function", "(expr: NotRealOrBool, predicate: bool, accuracy: const long = 1): dynamic",
            site => $"kql_hll({Joined($"DISTINCT {Template.Json(site, 0)}", "", $" FILTER (WHERE {site.Sql(1)})")})"),
        Sketch("hll_merge", "hll-merge-aggregation-function", "(hll: dynamic): dynamic", site => $"kql_hll_merge({Joined(site.Sql(0), "")})"),
        new("tdigest", "tdigest-aggregation-function",
            new Overload("(expr: Summable): dynamic", site => new($"kql_tdigest({Joined(Template.Json(site, 0), "")}, '[]')")) { Nulls = NullRule.Maybe },
            new Overload("(expr: Summable, weight: long): dynamic", site => new(
                $"kql_tdigest({Joined(Template.Json(site, 0), "", Weighted(site))}, {Joined($"CAST({site.Sql(1)} AS VARCHAR)", "", Weighted(site))})"))
            {
                Nulls = NullRule.Maybe,
            }),
        Sketch("tdigest_merge", "tdigest-merge-aggregation-function", "(tdigest: dynamic): dynamic", site => $"kql_tdigest_merge({Joined(site.Sql(0), "")})") with
        {
            Deprecated = ["merge_tdigest"],
            Prefix = "merge_tdigests",
        },
    ];

    private static AggregateFunction Plain(string name, string page, string signature, string template) =>
        new(name, page, new Overload(signature, template) { Nulls = NullRule.Never });

    private static AggregateFunction Nullable(string name, string page, string signature, string template) =>
        new(name, page, new Overload(signature, template) { Nulls = NullRule.Maybe });

    // Where DuckDB's would raise an error: there is an infinity, NaN, or a value whose square is none of the reals.
    private static string Spread(string function)
    {
        const string Value = "CAST({0} AS DOUBLE)";
        return $"CASE WHEN count(CASE WHEN abs({Value}) >= 1e150 THEN 1 END){{filter}} > 0 THEN 'NaN'::DOUBLE "
            + $"ELSE coalesce({function}(CASE WHEN abs({Value}) < 1e150 THEN {Value} END){{filter}}, 0) END";
    }

    private static AggregateFunction Real(string name, string template) =>
        Plain(name, $"{name}-aggregation-function", "(expr: Summable): real", template.Replace("{filter}", "", StringComparison.Ordinal));

    private static AggregateFunction RealIf(string name, string template) =>
        Plain(name, $"{name}-aggregation-function", "(expr: Summable, predicate: bool): real",
            template.Replace("{filter}", " FILTER (WHERE {1})", StringComparison.Ordinal));

    private static AggregateFunction Covariance(string name, string predicate, string template) =>
        Nullable(name, $"{name}-aggregation-function", $"(expr1: Summable, expr2: Summable{predicate}): real", template) with
        {
            ResultName = ResultName.PrefixedTwice,
        };

    // DuckDB adds whole numbers in 128 bits; a sum that a long cannot hold wraps around, as Kusto's arithmetic does.
    private static Overload[] SumOverloads(string predicate, string filter) =>
    [
        new($"(expr: long{predicate}): long", $"kql_wrap(coalesce(sum({{0}}){filter}, 0))") { Nulls = NullRule.Never },
        new($"(expr: timespan{predicate}): timespan", $"kql_wrap(coalesce(sum({{0}}){filter}, 0))") { Nulls = NullRule.Never },
        new($"(expr: decimal{predicate}): decimal", $"TRY_CAST(coalesce(sum({{0}}){filter}, 0) AS DECIMAL(38, 18))") { Nulls = NullRule.Maybe },
        new($"(expr: real{predicate}): real", $"coalesce(sum({{0}}){filter}, 0)") { Nulls = NullRule.Never },
    ];

    // The mean of ticks is taken in whole numbers: a real would lose the last of them.
    private static Overload[] AverageOverloads(string predicate, string filter) =>
    [
        new($"(expr: real{predicate}): real", $"coalesce(avg({{0}}){filter}, 'NaN'::DOUBLE)") { Nulls = NullRule.Never },
        new($"(expr: timespan{predicate}): timespan", $"CAST(sum({{0}}){filter} // nullif(count({{0}}){filter}, 0) AS BIGINT)") { Nulls = NullRule.Maybe },
        new($"(expr: datetime{predicate}): datetime", $"CAST(sum({{0}}){filter} // nullif(count({{0}}){filter}, 0) AS BIGINT)") { Nulls = NullRule.Maybe },
        new($"(expr: decimal{predicate}): decimal", $"TRY_CAST(avg({{0}}){filter} AS DECIMAL(38, 18))") { Nulls = NullRule.Maybe },
    ];

    // A value that is there and not empty, if the group has one.
    private static AggregateFunction Any(string name, string page, string signature, string filter) =>
        new(name, page,
            new Overload(signature, site => new(
                (site.TypeOf(0) == KqlType.String
                    ? $"any_value(nullif({site.Sql(0)}, ''))"
                    : $"any_value({site.Sql(0)})") + site.Fill(filter)))
            {
                Nulls = NullRule.Maybe,
            })
        {
            Prefix = "any",
        };

    private static AggregateFunction List(string name, string page, string predicate, string longest) =>
        new(name, page,
            new Overload($"(expr: Scalar{predicate}, maxSize: const long = {longest}): dynamic", site =>
            {
                var filter = predicate.Length > 0 ? site.Fill(" FILTER (WHERE {1})") : "";
                return new(Limit(site) is { } limit
                    ? Limited($"list({Template.Json(site, 0)}{site.OrderBy}){Present(site, filter)}", limit)
                    : Joined(Template.Json(site, 0), site.OrderBy, filter));
            })
            {
                Nulls = NullRule.Never,
            })
        {
            Prefix = "list",
        };

    // The elements of dynamic arrays are elements of the set themselves.
    private static AggregateFunction Set(string name, string page, string predicate, string longest) =>
        new(name, page,
            new Overload($"(expr: Scalar{predicate}, maxSize: const long = {longest}): dynamic", site =>
            {
                var filter = predicate.Length > 0 ? site.Fill(" FILTER (WHERE {1})") : "";
                var list = Joined($"DISTINCT {Template.Json(site, 0)}", "", filter);
                if (site.TypeOf(0) == KqlType.Dynamic)
                {
                    return new($"kql_flat_set({list}, {Limit(site) ?? long.Parse(LongestList, CultureInfo.InvariantCulture)})");
                }

                return new(Limit(site) is { } limit
                    ? Limited($"list(DISTINCT {Template.Json(site, 0)}){Present(site, filter)}", limit)
                    : list);
            })
            {
                Nulls = NullRule.Never,
            })
        {
            Prefix = "set",
        };

    private static AggregateFunction Bag(string name, string page, string signature, string filter) =>
        new(name, page,
            new Overload(signature, site => new(
                $"kql_make_bag({Joined(site.Sql(0), site.OrderBy, site.Fill(filter))}, {Limit(site) ?? long.Parse(LongestList, CultureInfo.InvariantCulture)})"))
            {
                Nulls = NullRule.Never,
            })
        {
            Prefix = "bag",
        };

    private static string Weighted(CallSite site) => $" FILTER (WHERE {site.Operand(0)} IS NOT NULL AND {site.Operand(1)} IS NOT NULL)";

    private static AggregateFunction Sketch(string name, string page, string signature, Func<CallSite, string> emit) =>
        new(name, page, new Overload(signature, site => new(emit(site))) { Nulls = NullRule.Maybe });

    // The JSON array of an aggregate's elements, which string_agg takes without NULLs.
    private static string Joined(string json, string orderBy, string filter = "") =>
        $"concat('[', string_agg({json}, ','{orderBy}){filter}, ']')";

    private static string Limited(string list, long limit) => $"concat('[', array_to_string(({list})[1:{limit}], ','), ']')";

    private static string Present(CallSite site, string filter) =>
        !site.Arguments[0].CanBeNull ? filter
        : filter.Length > 0 ? $"{filter[..^1]} AND {site.Operand(0)} IS NOT NULL)"
        : $" FILTER (WHERE {site.Operand(0)} IS NOT NULL)";

    // The last argument's limit, null where it is at least what the service allows anyway.
    private static long? Limit(CallSite site) =>
        Convert.ToInt64(site.Constant(site.Count - 1), CultureInfo.InvariantCulture) is var limit && limit < 1048576 ? limit : null;

    private static KqlType PercentileType(IReadOnlyList<BoundExpression> arguments) =>
        arguments[0].Type switch { KqlType.Int => KqlType.Long, KqlType.Decimal => KqlType.Real, var type => type };

    private static string? RefusePercentile(IReadOnlyList<BoundExpression> arguments) =>
        arguments[0].Type == KqlType.String ? "the percentile of strings" : null;

    private static SqlText EmitPercentile(CallSite site) =>
        new($"CAST({Quantile(site, ConstantNumbers(site, 1)[0])} AS {SqlTypes.Name(site.ResultType)})");

    // Nearest rank, as documented: the smallest value that at least so many percent of the values do not exceed.
    private static string Quantile(CallSite site, double percentile) =>
        $"quantile_disc({site.Sql(0)}, {Fraction(percentile)})";

    private static string WeightedQuantile(CallSite site, double percentile)
    {
        var digest = $"kql_tdigest({Joined($"CAST({site.Sql(0)} AS VARCHAR)", "")}, {Joined($"CAST({site.Sql(1)} AS VARCHAR)", "")})";
        var type = SqlTypes.Name(PercentileType(site.Arguments));
        return $"CAST(kql_percentile_tdigest({digest}, {percentile.ToString("R", CultureInfo.InvariantCulture)}::DOUBLE) AS {type})";
    }

    private static SqlText PercentilesArray(CallSite site, IReadOnlyList<double> percentiles, Func<CallSite, double, string> quantile) =>
        new(Template.JsonArray(percentiles.Select(p => $"coalesce({Template.JsonOf(quantile(site, p), site.TypeOf(0))}, 'null')")));

    private static string Fraction(double percentile) =>
        (Math.Clamp((decimal)percentile, 0, 100) / 100).ToString(CultureInfo.InvariantCulture);

    private static List<double> ConstantNumbers(CallSite site, int first) =>
        [.. Enumerable.Range(first, site.Count - first).Select(i => Convert.ToDouble(site.Constant(i), CultureInfo.InvariantCulture))];

    private static List<double> DynamicNumbers(object? constant) =>
        JsonReader.Read(constant as string) is List<object?> items
            ? [.. items.Where(item => item is long or double).Select(item => Convert.ToDouble(item, CultureInfo.InvariantCulture))]
            : [];
}
