using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>
/// Seasons, trends and what does not fit them. Decomposition and Tukey's fences follow the documentation's steps. How the
/// service scores a period is not published: <see cref="Periods"/> gives the scores and periods that the pages print.
/// Sources: learn.microsoft.com/kusto/query/series-decompose-function, .../series-outliers-function, .../series-periods-detect-function.
/// </summary>
internal static class SeasonRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, double, double, long, string?>("kql_series_periods_detect", DetectPeriods),
        RuntimeFunction.Of<string, string, string?>("kql_series_periods_validate", ValidatePeriods),
        RuntimeFunction.Of<string, long, long, string?>("kql_series_seasonal", Seasonal),
        RuntimeFunction.Of<string, string, string?>("kql_series_decompose", Decompose),
        RuntimeFunction.Of<string, string, string, double, string?>("kql_series_decompose_anomalies", DecomposeAnomalies),
        RuntimeFunction.Of<string, string, string?>("kql_series_decompose_forecast", Forecast),
        RuntimeFunction.Of<string, string, string, string, string?>("kql_series_outliers", Outliers),
    ];

    /// <summary>A bag of as many periods as asked for and their scores, best first, filled up with zeros.</summary>
    public static string? DetectPeriods(string series, double least, double most, long count)
    {
        if (Numbers.Read(series) is not { } values || count is < 1 or > 1000)
        {
            return null;
        }

        var found = Periods.Detect(values, least, most);
        var best = Enumerable.Range(0, (int)count).Select(i => i < found.Count ? found[i] : (Period: 0, Score: 0)).ToList();
        return JsonText.Write(new JsonBag
        {
            ["periods"] = Numbers.ToItems(best.Select(p => (double)p.Period)),
            ["scores"] = Numbers.ToItems(best.Select(p => p.Score)),
        });
    }

    /// <summary>A bag of the periods (a JSON array) and their scores.</summary>
    public static string? ValidatePeriods(string series, string periods) =>
        Numbers.Read(series) is { } values && Numbers.Read(periods) is { Length: > 0 and <= 16 } asked
            ? JsonText.Write(new JsonBag
            {
                ["periods"] = Numbers.ToItems(asked),
                ["scores"] = Numbers.ToItems(asked.Select(period => Periods.Score(values, period))),
            })
            : null;

    /// <summary>The seasonal component; a period of -1 is detected, and where there is none all is 0.</summary>
    public static string? Seasonal(string series, long period, long testPoints) =>
        Numbers.Read(series) is { } values && Season(values, period, testPoints, threshold: 0.7) is { } seasonal
            ? Numbers.Write(seasonal)
            : null;

    /// <summary>
    /// A bag of baseline, seasonal, trend and residual. Options are a JSON array: period, trend, test points, threshold.
    /// </summary>
    public static string? Decompose(string series, string options) =>
        Numbers.Read(series) is { } values && Parts.Of(values, options) is { } parts
            ? JsonText.Write(new JsonBag
            {
                ["baseline"] = Numbers.ToItems(parts.Baseline),
                ["seasonal"] = Numbers.ToItems(parts.Seasonal),
                ["trend"] = Numbers.ToItems(parts.Trend),
                ["residual"] = Numbers.ToItems(parts.Residual),
            })
            : null;

    /// <summary>A bag of ad_flag (1 up, -1 down, 0), ad_score and baseline.</summary>
    public static string? DecomposeAnomalies(string series, string options, string method, double threshold)
    {
        if (Numbers.Read(series) is not { } values || Parts.Of(values, options) is not { } parts || Fences(method) is not var (low, high))
        {
            return null;
        }

        var scores = Score([.. parts.Residual.Select(value => (double?)value)], low, high);
        return JsonText.Write(new JsonBag
        {
            ["ad_flag"] = scores.Select(score => (object?)(score > threshold ? 1L : score < -threshold ? -1L : 0L)).ToList(),
            ["ad_score"] = Numbers.ToItems(scores),
            ["baseline"] = Numbers.ToItems(parts.Baseline),
        });
    }

    /// <summary>The baseline, which goes on over the test points.</summary>
    public static string? Forecast(string series, string options)
    {
        if (Numbers.ReadSparse(series) is not { } sparse)
        {
            return null;
        }

        // The points to be forecast need no values.
        double[] values = [.. sparse.Select(value => value ?? 0)];
        return Parts.Of(values, options) is { } parts ? Numbers.Write(parts.Baseline) : null;
    }

    /// <summary>
    /// How far each value lies outside Tukey's fences, in ranges between the percentiles; 0 within and for ignored values.
    /// Percentiles are a JSON array of two numbers, empty for the kind's own.
    /// </summary>
    public static string? Outliers(string series, string kind, string ignored, string percentiles)
    {
        if (Numbers.ReadSparse(series) is not { } values || Fences(kind) is not var (low, high))
        {
            return null;
        }

        if (kind == "ctukey" && Numbers.Read(percentiles) is [var first, var second])
        {
            if (first is < 2 or > 98 || second is < 2 or > 98 || first >= second)
            {
                return null;
            }

            (low, high) = (first / 100, second / 100);
        }

        JsonReader.TryRead(ignored, out var ignore);
        return Numbers.Write(Score([.. values.Select(value => value == Numbers.ToReal(ignore) ? null : value)], low, high));
    }

    private static (double Low, double High)? Fences(string kind) =>
        kind switch
        {
            "ctukey" => (0.1, 0.9),
            "tukey" => (0.25, 0.75),
            _ => null,
        };

    private static double[] Score(double?[] values, double low, double high)
    {
        double[] sorted = [.. values.OfType<double>().Where(double.IsFinite).Order()];
        if (sorted.Length == 0)
        {
            return new double[values.Length];
        }

        var (bottom, top) = (Numbers.Quantile(sorted, low), Numbers.Quantile(sorted, high));
        var range = top - bottom;
        return [.. values.Select(value => value switch
        {
            not { } => 0,
            { } v when v > top => range == 0 ? double.MaxValue : (v - top) / range,
            { } v when v < bottom => range == 0 ? double.MinValue : (v - bottom) / range,
            _ => 0,
        })];
    }

    /// <summary>The medians of the learned points in the same phase; zeros without a period. Null for a period out of range.</summary>
    public static double[]? Season(double[] values, long period, long testPoints, double threshold)
    {
        var learned = values.Length - testPoints;
        if (testPoints < 0 || learned < 1 || period < -1)
        {
            return null;
        }

        var head = values[..(int)learned];
        if (period == -1)
        {
            period = Periods.Detect(head, 4, head.Length / 2.0) is [var best, ..] && best.Score >= threshold ? best.Period : 0;
        }

        if (period == 0)
        {
            return new double[values.Length];
        }

        if (period > head.Length)
        {
            return null;
        }

        var medians = Enumerable.Range(0, (int)period)
            .Select(phase => Numbers.Median(head.Where((_, i) => i % period == phase)))
            .ToArray();
        return [.. Enumerable.Range(0, values.Length).Select(i => medians[i % period])];
    }

    private sealed record Parts(double[] Baseline, double[] Seasonal, double[] Trend, double[] Residual)
    {
        public static Parts? Of(double[] values, string options)
        {
            if (JsonReader.Read(options) is not List<object?> parsed
                || parsed is not [long period, string trend, long testPoints, var limit]
                || Numbers.ToReal(limit) is not { } threshold
                || Season(values, period, testPoints, threshold) is not { } seasonal)
            {
                return null;
            }

            double[] rest = [.. values.Zip(seasonal, (value, season) => value - season)];
            var learned = rest[..(int)(values.Length - testPoints)];
            double[]? line = trend switch
            {
                "avg" => [.. Enumerable.Repeat(learned.Average(), values.Length)],
                "linefit" => Extend(Line.Through(learned), values.Length),
                "none" => new double[values.Length],
                _ => null,
            };
            if (line is null)
            {
                return null;
            }

            double[] baseline = [.. seasonal.Zip(line, (season, level) => season + level)];
            return new Parts(baseline, seasonal, line, [.. values.Zip(baseline, (value, level) => value - level)]);
        }

        private static double[] Extend(Line line, int length) => [.. Enumerable.Range(0, length).Select(line.At)];
    }
}
