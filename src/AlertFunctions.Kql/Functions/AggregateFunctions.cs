namespace AlertFunctions.Kql.Functions;

/// <summary>The aggregates of summarize.</summary>
internal static class AggregateFunctions
{
    public static readonly IReadOnlyList<AggregateFunction> All =
    [
        new("count", "count-aggregation-function", new Overload("(): long", "count(*)") { Nulls = NullRule.Never })
        {
            ResultName = ResultName.PrefixOnly,
        },
        new("countif", "countif-aggregation-function",
            new Overload("(predicate: bool): long", "count(*) FILTER (WHERE {0})") { Nulls = NullRule.Never })
        {
            ResultName = ResultName.PrefixOnly,
        },
        new("max", "max-aggregation-function", new Overload("(expr: Orderable): Parameter0", "max({0})") { Nulls = NullRule.Maybe }),
    ];
}
