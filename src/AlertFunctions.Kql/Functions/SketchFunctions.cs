using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Functions;

/// <summary>Functions over what hll() and tdigest() give.</summary>
internal static class SketchFunctions
{
    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        new("dcount_hll", "dcount-hll-function", new Overload("(hll: dynamic): long", "kql_dcount_hll({0})") { Nulls = NullRule.Maybe })
        {
            ResultName = ResultName.Prefixed,
        },
        new("hll_merge", "hll-merge-function", new Overload("(first: dynamic, hll: dynamic*): dynamic", Template.OfJsonArray("kql_hll_merge")) { Nulls = NullRule.Maybe })
        {
            ResultName = ResultName.Fixed,
        },
        new("tdigest_merge", "tdigest-merge-function",
            new Overload("(first: dynamic, tdigest: dynamic*): dynamic", Template.OfJsonArray("kql_tdigest_merge")) { Nulls = NullRule.Maybe })
        {
            Deprecated = ["merge_tdigest"],
            ResultName = ResultName.Fixed,
        },
        new("percentile_tdigest", "percentile-tdigest-function",
            new Overload("(tdigest: dynamic, percentile1: real): dynamic", "kql_percentile_tdigest({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(tdigest: dynamic, percentile1: real, type: type): ParameterNLiteral", site =>
                site.Emit(Conversion.To(new BoundSql(KqlType.Dynamic, $"kql_percentile_tdigest({site.Sql(0)}, {site.Sql(1)})"), site.ResultType)))
            {
                Nulls = NullRule.Maybe,
            })
        {
            ResultName = ResultName.Prefixed,
        },
        new("percentiles_array_tdigest", "percentiles-array-tdigest-function",
            new Overload("(tdigest: dynamic, percentiles: dynamic): dynamic", "kql_percentiles_array_tdigest({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(tdigest: dynamic, percentile: real*): dynamic", site => new(
                $"kql_percentiles_array_tdigest({site.Sql(0)}, {Template.JsonArray(Enumerable.Range(1, site.Count - 1).Select(i => Template.JsonOrNull(site, i)))})"))
            {
                Nulls = NullRule.Maybe,
            })
        {
            ResultName = ResultName.Prefixed,
        },
        new("rank_tdigest", "rank-tdigest-function",
            new Overload("(digest: dynamic, value: Scalar): real", site => new($"kql_rank_tdigest({site.Sql(0)}, {Template.JsonOrNull(site, 1)})"))
            {
                Nulls = NullRule.Maybe,
            }),
        new("percentrank_tdigest", "percentrank-tdigest-function",
            new Overload("(digest: dynamic, value: Scalar): real", site => new($"kql_percentrank_tdigest({site.Sql(0)}, {Template.JsonOrNull(site, 1)})"))
            {
                Nulls = NullRule.Maybe,
            }),
    ];
}
