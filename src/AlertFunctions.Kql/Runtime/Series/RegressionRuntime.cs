using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>
/// Lines and polynomials through a series, x counting from 1. Each gives a bag with one entry a column of the function.
/// Sources: learn.microsoft.com/kusto/query/series-fit-line-function, .../series-fit-2lines-function, .../series-fit-poly-function.
/// </summary>
internal static class RegressionRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_series_fit_line", FitLine),
        RuntimeFunction.Of<string, string?>("kql_series_fit_2lines", FitTwoLines),
        RuntimeFunction.Of<string, string, long, string?>("kql_series_fit_poly", FitPolynomial),
        RuntimeFunction.Of<string, bool, string?>("kql_series_stats", Statistics),
    ];

    public static string? FitLine(string series)
    {
        if (Numbers.Read(series) is not { Length: > 0 } y)
        {
            return null;
        }

        var line = Line.Through(y);
        return JsonText.Write(new JsonBag
        {
            ["rsquare"] = line.RSquare,
            ["slope"] = line.Slope,
            ["variance"] = line.Variance,
            ["rvariance"] = line.ResidualVariance,
            ["interception"] = line.Interception,
            ["line_fit"] = Numbers.ToItems(Enumerable.Range(0, y.Length).Select(line.At)),
        });
    }

    /// <summary>Two lines that meet where their common r-square is largest; each part has two points or more.</summary>
    public static string? FitTwoLines(string series)
    {
        if (Numbers.Read(series) is not { Length: >= 4 } y)
        {
            return null;
        }

        var best = Enumerable.Range(2, y.Length - 3).MinBy(split => Line.Through(y[..split]).SquaredResiduals + Line.Through(y[split..]).SquaredResiduals);
        var (left, right) = (Line.Through(y[..best]), Line.Through(y[best..]));
        var residuals = left.SquaredResiduals + right.SquaredResiduals;
        var total = Numbers.SquaredDeviation(y);
        return JsonText.Write(new JsonBag
        {
            ["rsquare"] = total == 0 ? 1.0 : 1 - (residuals / total),
            ["split_idx"] = (long)best,
            ["variance"] = Numbers.Variance(y),
            ["rvariance"] = residuals / (y.Length - 1),
            ["line_fit"] = Numbers.ToItems(Enumerable.Range(0, y.Length).Select(i => i < best ? left.At(i) : right.At(i - best))),
            ["right_rsquare"] = right.RSquare,
            ["right_slope"] = right.Slope,
            ["right_interception"] = right.Interception,
            ["right_variance"] = right.Variance,
            ["right_rvariance"] = right.ResidualVariance,
            ["left_rsquare"] = left.RSquare,
            ["left_slope"] = left.Slope,
            ["left_interception"] = left.Interception,
            ["left_variance"] = left.Variance,
            ["left_rvariance"] = left.ResidualVariance,
        });
    }

    /// <summary>The polynomial of least squares; without an x series (the empty text) x is 1, 2, ...</summary>
    public static string? FitPolynomial(string ySeries, string xSeries, long degree)
    {
        if (Numbers.Read(ySeries) is not { Length: > 0 } y || degree is < 0 or > 20)
        {
            return null;
        }

        var x = xSeries.Length == 0 ? [.. Enumerable.Range(1, y.Length).Select(i => (double)i)] : Numbers.Read(xSeries);
        if (x is null || x.Length != y.Length || Polynomial.Fit(x, y, (int)degree) is not { } coefficients)
        {
            return null;
        }

        var fitted = x.Select(value => coefficients.Aggregate(0.0, (sum, c) => (sum * value) + c)).ToArray();
        var residuals = y.Zip(fitted, (actual, fit) => (actual - fit) * (actual - fit)).Sum();
        var total = Numbers.SquaredDeviation(y);
        return JsonText.Write(new JsonBag
        {
            ["rsquare"] = total == 0 ? 1.0 : 1 - (residuals / total),
            ["coefficients"] = Numbers.ToItems(coefficients),
            ["variance"] = Numbers.Variance(y),
            ["rvariance"] = y.Length < 2 ? 0.0 : residuals / (y.Length - 1),
            ["poly_fit"] = Numbers.ToItems(fitted),
        });
    }

    /// <summary>Minimum, maximum and their places, mean, sample deviation and variance; null where a value is not finite, unless ignored.</summary>
    public static string? Statistics(string series, bool ignoresNonFinite)
    {
        if (Numbers.ReadSparse(series) is not { } sparse)
        {
            return null;
        }

        var places = Enumerable.Range(0, sparse.Length).Where(i => sparse[i] is { } value && double.IsFinite(value)).ToList();
        if (places.Count == 0 || (!ignoresNonFinite && places.Count < sparse.Length))
        {
            return null;
        }

        var values = places.ConvertAll(i => sparse[i]!.Value);
        var (lowest, highest) = (places.MinBy(i => sparse[i]!.Value), places.MaxBy(i => sparse[i]!.Value));
        var variance = Numbers.Variance(values);
        return JsonText.Write(new JsonBag
        {
            ["min"] = sparse[lowest]!.Value,
            ["min_idx"] = (long)lowest,
            ["max"] = sparse[highest]!.Value,
            ["max_idx"] = (long)highest,
            ["avg"] = values.Average(),
            ["stdev"] = Math.Sqrt(variance),
            ["variance"] = variance,
            ["sum"] = values.Sum(),
            ["len"] = (long)values.Count,
        });
    }
}
