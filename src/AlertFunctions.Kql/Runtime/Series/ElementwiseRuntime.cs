using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>
/// Arithmetic element by element, and sums over elements. An element that is no number, or missing because the other series is
/// longer, gives null; a number in place of a series stands for each element.
/// Source: learn.microsoft.com/kusto/query/scalar-functions#series-element-wise-functions.
/// </summary>
internal static class ElementwiseRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_series_abs", Absolute),
        Unary("acos", Math.Acos),
        Unary("asin", Math.Asin),
        Unary("atan", Math.Atan),
        Unary("ceiling", Math.Ceiling),
        Unary("cos", Math.Cos),
        Unary("exp", Math.Exp),
        Unary("floor", Math.Floor),
        Unary("log", Math.Log),
        Unary("sign", value => double.IsNaN(value) ? value : Math.Sign(value)),
        Unary("sin", Math.Sin),
        Unary("tan", Math.Tan),
        Binary("add", (a, b) => a + b, (a, b) => a + b),
        Binary("subtract", (a, b) => a - b, (a, b) => a - b),
        Binary("multiply", (a, b) => a * b, (a, b) => a * b),
        Binary("divide", (a, b) => a / b, null),
        Binary("pow", Math.Pow, null),
        Comparison("equals", (a, b) => a == b),
        Comparison("not_equals", (a, b) => a != b),
        Comparison("greater", (a, b) => a > b),
        Comparison("greater_equals", (a, b) => a >= b),
        Comparison("less", (a, b) => a < b),
        Comparison("less_equals", (a, b) => a <= b),
        RuntimeFunction.Of<string, double?>("kql_series_sum", series => Numbers.Read(series)?.Sum()),
        RuntimeFunction.Of<string, double?>("kql_series_product", series => Numbers.Read(series)?.Aggregate(1.0, (a, b) => a * b)),
        RuntimeFunction.Of<string, double?>("kql_series_magnitude", Magnitude),
        RuntimeFunction.Of<string, string, double?>("kql_series_dot_product", DotProduct),
        RuntimeFunction.Of<string, string, double?>("kql_series_cosine_similarity", CosineSimilarity),
        RuntimeFunction.Of<string, string, double?>("kql_series_pearson_correlation", PearsonCorrelation),
    ];

    private static RuntimeFunction Unary(string name, Func<double, double> function) =>
        RuntimeFunction.Of<string, string?>("kql_series_" + name, series =>
            Numbers.ReadSparse(series) is { } values
                ? JsonText.Write(values.Select(value => value is { } number ? (object?)function(number) : null).ToList())
                : null);

    private static RuntimeFunction Binary(string name, Func<double, double, double> ofReals, Func<Int128, Int128, Int128>? ofLongs) =>
        RuntimeFunction.Of<string, string, string?>("kql_series_" + name, (first, second) => Combine(first, second, (a, b) =>
        {
            if (ofLongs is not null && a is long x && b is long y && ofLongs(x, y) is var whole && whole >= long.MinValue && whole <= long.MaxValue)
            {
                return (long)whole;
            }

            return Numbers.ToReal(a) is { } left && Numbers.ToReal(b) is { } right ? ofReals(left, right) : null;
        }));

    private static RuntimeFunction Comparison(string name, Func<double, double, bool> holds) =>
        RuntimeFunction.Of<string, string, string?>("kql_series_" + name, (first, second) => Combine(first, second, (a, b) =>
            Numbers.ToReal(a) is { } left && Numbers.ToReal(b) is { } right ? holds(left, right) : null));

    public static string? Combine(string first, string second, Func<object?, object?, object?> combine)
    {
        var (a, b) = (JsonReader.Read(first), JsonReader.Read(second));
        var (x, y) = (a as List<object?>, b as List<object?>);
        if ((x is null && a is not (long or double)) || (y is null && b is not (long or double)) || (x is null && y is null))
        {
            return null;
        }

        var length = Math.Max(x?.Count ?? 0, y?.Count ?? 0);
        return JsonText.Write(Enumerable.Range(0, length).Select(i => combine(At(x, a, i), At(y, b, i))).ToList());

        static object? At(List<object?>? items, object? scalar, int index) =>
            items is null ? scalar : index < items.Count ? items[index] : null;
    }

    /// <summary>Whole numbers stay whole.</summary>
    public static string? Absolute(string series) =>
        JsonReader.Read(series) is List<object?> items
            ? JsonText.Write(items.Select(item => item switch
            {
                long whole and not long.MinValue => Math.Abs(whole),
                double real => Math.Abs(real),
                _ => (object?)null,
            }).ToList())
            : null;

    public static double? Magnitude(string series) =>
        Numbers.Read(series) is { } values ? Math.Sqrt(values.Sum(value => value * value)) : null;

    /// <summary>
    /// The longer series is cut to the shorter; elements that are no number are passed over; an empty series gives null.
    /// </summary>
    public static double? DotProduct(string first, string second)
    {
        var (a, b) = (JsonReader.Read(first), JsonReader.Read(second));
        var (x, y) = (a as List<object?>, b as List<object?>);
        if (x is { Count: 0 } || y is { Count: 0 } || (x ?? y) is not { } longest)
        {
            return null;
        }

        var length = Math.Min((x ?? longest).Count, (y ?? longest).Count);
        return Enumerable.Range(0, length)
            .Sum(i => Numbers.ToReal(x is null ? a : x[i]) is { } left && Numbers.ToReal(y is null ? b : y[i]) is { } right ? left * right : 0);
    }

    /// <summary>The longer series is cut to the shorter; elements that are no number are passed over; an empty series gives null.</summary>
    public static double? CosineSimilarity(string first, string second)
    {
        if (Numbers.ReadSparse(first) is not { Length: > 0 } a || Numbers.ReadSparse(second) is not { Length: > 0 } b)
        {
            return null;
        }

        double dot = 0, left = 0, right = 0;
        foreach (var (x, y) in a.Zip(b))
        {
            if (x is { } u && y is { } v)
            {
                dot += u * v;
                left += u * u;
                right += v * v;
            }
        }

        return dot / (Math.Sqrt(left) * Math.Sqrt(right));
    }

    /// <summary>Null for series of different lengths or with elements that are no number.</summary>
    public static double? PearsonCorrelation(string first, string second)
    {
        if (Numbers.Read(first) is not { Length: > 0 } a || Numbers.Read(second) is not { } b || a.Length != b.Length)
        {
            return null;
        }

        var (meanA, meanB) = (a.Average(), b.Average());
        var covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(Numbers.SquaredDeviation(a) * Numbers.SquaredDeviation(b));
    }
}
