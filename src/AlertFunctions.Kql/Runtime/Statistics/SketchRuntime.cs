using System.Globalization;
using AlertFunctions.Kql.Runtime.Dynamics;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Statistics;

/// <summary>
/// What hll() and tdigest() carry from one query step to the next. The service keeps sketches that estimate; here all distinct
/// values are kept, so that counts and percentiles are exact. The form of the dynamic value is not promised by the
/// documentation. Sources: learn.microsoft.com/kusto/query/hll-aggregation-function, .../tdigest-aggregation-function.
/// </summary>
internal static class SketchRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_hll", values => JsonText.Write(new List<object?> { "hll", ArrayRuntime.Arguments(values) })),
        RuntimeFunction.Of<string, string?>("kql_hll_merge", MergeCounts),
        RuntimeFunction.Of<string, long?>("kql_dcount_hll", CountOf),
        RuntimeFunction.Of<string, string, string?>("kql_tdigest", Digest),
        RuntimeFunction.Of<string, string?>("kql_tdigest_merge", MergeDigests),
        RuntimeFunction.Of<string, double, string?>("kql_percentile_tdigest", Percentile),
        RuntimeFunction.Of<string, string, string?>("kql_percentiles_array_tdigest", Percentiles),
        RuntimeFunction.Of<string, string, double?>("kql_rank_tdigest", Rank),
        RuntimeFunction.Of<string, string, double?>("kql_percentrank_tdigest", PercentRank),
        RuntimeFunction.Of<string, long, string?>("kql_flat_set", FlatSet),
        RuntimeFunction.Of<string, long, string?>("kql_make_bag", MakeBag),
    ];

    /// <summary>The distinct values, the elements of arrays for the arrays themselves, at most so many.</summary>
    public static string? FlatSet(string values, long limit) =>
        JsonText.Write(ArrayRuntime.Arguments(values)
            .SelectMany(value => value as List<object?> ?? [value])
            .Where(value => value is not null)
            .Distinct(JsonComparer.Instance)
            .Take((int)Math.Clamp(limit, 0, int.MaxValue))
            .ToList());

    /// <summary>One bag of all bags among the values, with at most so many keys; of equal keys the first value stays.</summary>
    public static string? MakeBag(string values, long limit)
    {
        var bags = ArrayRuntime.Arguments(values);
        var merged = new JsonBag();
        foreach (var (key, value) in bags.OfType<JsonBag>().SelectMany(bag => bag))
        {
            if (merged.Count < limit)
            {
                merged.TryAdd(key, value);
            }
        }

        // The documentation's default for no values is an empty array.
        return bags.Count == 0 ? "[]" : JsonText.Write(merged);
    }

    public static string? MergeCounts(string sketches)
    {
        var parts = ArrayRuntime.Arguments(sketches).Select(ValuesOf).Where(values => values is not null).ToList();
        return parts.Count == 0
            ? null
            : JsonText.Write(new List<object?> { "hll", parts.SelectMany(values => values!).Distinct(JsonComparer.Instance).ToList() });
    }

    public static long? CountOf(string sketch) => ValuesOf(JsonReader.Read(sketch))?.Count;

    /// <summary>The values, ascending, each with its weight; values and weights are JSON arrays, no weights stand for ones.</summary>
    public static string? Digest(string values, string weights)
    {
        var (items, counts) = (ArrayRuntime.Arguments(values), ArrayRuntime.Arguments(weights));
        var pairs = items.Select((value, i) => (Value: value, Weight: i < counts.Count ? counts[i] as long? ?? 0 : 1L));
        return Write(pairs);
    }

    public static string? MergeDigests(string digests)
    {
        var parts = ArrayRuntime.Arguments(digests).Select(PairsOf).Where(pairs => pairs is not null).ToList();
        return parts.Count == 0 ? null : Write(parts.SelectMany(pairs => pairs!));
    }

    /// <summary>The JSON of the value at the nearest rank.</summary>
    public static string? Percentile(string digest, double percentile) =>
        PairsOf(JsonReader.Read(digest)) is { Count: > 0 } pairs ? JsonText.Write(At(pairs, percentile)) : null;

    public static string? Percentiles(string digest, string percentiles) =>
        PairsOf(JsonReader.Read(digest)) is { Count: > 0 } pairs
            ? JsonText.Write(ArrayRuntime.Arguments(percentiles)
                .Select(p => p is long or double ? At(pairs, Convert.ToDouble(p, CultureInfo.InvariantCulture)) : null)
                .ToList())
            : null;

    /// <summary>How many values are at most the given one.</summary>
    public static double? Rank(string digest, string value) =>
        PairsOf(JsonReader.Read(digest)) is { Count: > 0 } pairs && JsonReader.TryRead(value, out var limit)
            ? (double)Total(pairs.Where(pair => Order(pair.Value, limit) <= 0))
            : null;

    public static double? PercentRank(string digest, string value) =>
        PairsOf(JsonReader.Read(digest)) is { Count: > 0 } pairs && Rank(digest, value) is { } rank
            ? rank * 100 / (double)Total(pairs)
            : null;

    // Weights are any longs, whose sum need not be one.
    private static decimal Total(IEnumerable<(object? Value, long Weight)> pairs) => pairs.Sum(pair => (decimal)pair.Weight);

    private static List<object?>? ValuesOf(object? sketch) => sketch is List<object?> and ["hll", List<object?> values] ? values : null;

    private static List<(object? Value, long Weight)>? PairsOf(object? digest) =>
        digest is List<object?> and [List<object?>, List<object?> values, List<object?> weights] && values.Count == weights.Count
            ? [.. values.Zip(weights, (value, weight) => (value, weight as long? ?? 0))]
            : null;

    private static string? Write(IEnumerable<(object? Value, long Weight)> pairs)
    {
        var merged = pairs
            .Where(pair => pair.Value is not null && pair.Weight > 0)
            .GroupBy(pair => pair.Value, pair => pair.Weight, JsonComparer.Instance)
            .Select(group => (Value: group.Key, Weight: (long)Math.Min(group.Sum(weight => (decimal)weight), long.MaxValue)))
            .Order(Comparer<(object? Value, long Weight)>.Create((a, b) => Order(a.Value, b.Value)))
            .ToList();
        return JsonText.Write(new List<object?>
        {
            new List<object?> { 7L },
            merged.ConvertAll(pair => pair.Value),
            merged.ConvertAll(pair => (object?)pair.Weight),
        });
    }

    private static object? At(List<(object? Value, long Weight)> pairs, double percentile)
    {
        var rank = Math.Ceiling((double)((decimal)Math.Clamp(percentile, 0, 100) / 100 * Total(pairs)));
        double seen = 0;
        foreach (var (value, weight) in pairs)
        {
            seen += weight;
            if (seen >= rank)
            {
                return value;
            }
        }

        return pairs[^1].Value;
    }

    // Datetimes and timespans are text whose order is that of their values, as long as timespans stay within a day.
    private static int Order(object? first, object? second) =>
        (first, second) switch
        {
            (long a, long b) => a.CompareTo(b),
            (long or double, long or double) => Convert.ToDouble(first, CultureInfo.InvariantCulture)
                .CompareTo(Convert.ToDouble(second, CultureInfo.InvariantCulture)),
            (string a, string b) when Time.TimeSpanText.Parse(a) is { } x && Time.TimeSpanText.Parse(b) is { } y => x.CompareTo(y),
            (string a, string b) => string.CompareOrdinal(a, b),
            _ => (first is string).CompareTo(second is string),
        };
}
