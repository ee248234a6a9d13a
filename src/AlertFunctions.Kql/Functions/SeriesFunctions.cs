using AlertFunctions.Kql.Emit;

namespace AlertFunctions.Kql.Functions;

/// <summary>Functions of series, which are dynamic arrays of numbers such as make-series and make_list give.</summary>
internal static class SeriesFunctions
{
    private static readonly (string Name, KqlType Type)[] LineParts =
    [
        ("rsquare", KqlType.Real), ("slope", KqlType.Real), ("variance", KqlType.Real), ("rvariance", KqlType.Real),
        ("interception", KqlType.Real), ("line_fit", KqlType.Dynamic),
    ];

    private static readonly (string Name, KqlType Type)[] TwoLinesParts =
    [
        ("rsquare", KqlType.Real), ("split_idx", KqlType.Long), ("variance", KqlType.Real), ("rvariance", KqlType.Real),
        ("line_fit", KqlType.Dynamic), ("right_rsquare", KqlType.Real), ("right_slope", KqlType.Real),
        ("right_interception", KqlType.Real), ("right_variance", KqlType.Real), ("right_rvariance", KqlType.Real),
        ("left_rsquare", KqlType.Real), ("left_slope", KqlType.Real), ("left_interception", KqlType.Real),
        ("left_variance", KqlType.Real), ("left_rvariance", KqlType.Real),
    ];

    private static readonly (string Name, KqlType Type)[] StatsParts =
    [
        ("min", KqlType.Real), ("min_idx", KqlType.Long), ("max", KqlType.Real), ("max_idx", KqlType.Long),
        ("avg", KqlType.Real), ("stdev", KqlType.Real), ("variance", KqlType.Real),
    ];

    public static readonly IReadOnlyList<ScalarFunction> All =
    [
        .. new[] { "abs", "acos", "asin", "atan", "ceiling", "cos", "exp", "floor", "log", "sign", "sin", "tan" }.Select(Unary),
        .. new[]
        {
            "add", "subtract", "multiply", "divide", "pow", "equals", "not_equals", "greater", "greater_equals", "less", "less_equals",
        }.Select(Binary),
        Of("series_sum", "(series: dynamic): real", "kql_series_sum({0})"),
        Of("series_product", "(series: dynamic): real", "kql_series_product({0})"),
        Of("series_magnitude", "(series: dynamic): real", "kql_series_magnitude({0})"),
        new("series_dot_product", "series-dot-product-function",
            new Overload("(series1: dynamic, series2: dynamic): real", "kql_series_dot_product({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(series1: dynamic, series2: real): real", "kql_series_dot_product({0}, CAST({1} AS VARCHAR))") { Nulls = NullRule.Maybe },
            new Overload("(series1: real, series2: dynamic): real", "kql_series_dot_product(CAST({0} AS VARCHAR), {1})") { Nulls = NullRule.Maybe }),
        new("series_cosine_similarity", "series-cosine-similarity-function",
            new Overload("(series1: dynamic, series2: dynamic): real", "kql_series_cosine_similarity({0}, {1})") { Nulls = NullRule.Maybe },
            new Overload("(series1: dynamic, series2: dynamic, magnitude1: real, magnitude2: real): real",
                "kql_series_dot_product({0}, {1}) / ({2} * {3})", Precedence.Multiplicative) { Nulls = NullRule.Maybe }),
        Of("series_pearson_correlation", "(series1: dynamic, series2: dynamic): real", "kql_series_pearson_correlation({0}, {1})"),
        Fill("series_fill_forward", "(series: dynamic): dynamic", "(series: dynamic, missing_value_placeholder: Number): dynamic",
            site => $"kql_series_fill_forward({site.Sql(0)}, {JsonAt(site, 1)})"),
        Fill("series_fill_backward", "(series: dynamic): dynamic", "(series: dynamic, missing_value_placeholder: Number): dynamic",
            site => $"kql_series_fill_backward({site.Sql(0)}, {JsonAt(site, 1)})"),
        new("series_fill_const", "series-fill-const-function",
            new Overload("(series: dynamic, constant_value: Number): dynamic", FillConst) { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, constant_value: Number, missing_value_placeholder: Number): dynamic", FillConst) { Nulls = NullRule.Maybe }),
        new("series_fill_linear", "series-fill-linear-function",
            new Overload("(series: dynamic): dynamic", FillLinear) { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, missing_value_placeholder: Number): dynamic", FillLinear) { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, missing_value_placeholder: Number, fill_edges: bool): dynamic", FillLinear) { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, missing_value_placeholder: Number, fill_edges: bool, constant_value: Number): dynamic", FillLinear)
            {
                Nulls = NullRule.Maybe,
            }),
        new("series_fir", "series-fir-function",
            new Overload("(series: dynamic, filter: dynamic): dynamic", "kql_series_fir({0}, {1}, '', false)") { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, filter: dynamic, normalize: bool, center: bool = false): dynamic",
                "kql_series_fir({0}, {1}, CAST({2} AS VARCHAR), {3})") { Nulls = NullRule.Maybe }),
        Of("series_iir", "(series: dynamic, numerators: dynamic, denominators: dynamic): dynamic", "kql_series_iir({0}, {1}, {2})"),
        Transform("series_fft"),
        Transform("series_ifft"),
        Parts("series_fit_line", "(series: dynamic): dynamic", "kql_series_fit_line({0})", LineParts),
        Of("series_fit_line_dynamic", "(series: dynamic): dynamic", "kql_series_fit_line({0})"),
        Parts("series_fit_2lines", "(array: dynamic): dynamic", "kql_series_fit_2lines({0})", TwoLinesParts),
        Of("series_fit_2lines_dynamic", "(series: dynamic): dynamic", "kql_series_fit_2lines({0})"),
        new("series_fit_poly", "series-fit-poly-function",
            new Overload("(y_series: dynamic): dynamic", "kql_series_fit_poly({0}, '', 1)") { Nulls = NullRule.Maybe },
            new Overload("(y_series: dynamic, x_series: dynamic, degree: long = 1): dynamic", "kql_series_fit_poly({0}, {1}, {2})")
            {
                Nulls = NullRule.Maybe,
            })
        {
            Parts = Named("series_fit_poly",
                ("rsquare", KqlType.Real), ("coefficients", KqlType.Dynamic), ("variance", KqlType.Real), ("rvariance", KqlType.Real),
                ("poly_fit", KqlType.Dynamic)),
        },
        Parts("series_stats", "(series: dynamic, ignore_nonfinite: fixed bool = false): dynamic", "kql_series_stats({0}, {1})", StatsParts),
        Of("series_stats_dynamic", "(series: dynamic, ignore_nonfinite: fixed bool = false): dynamic", "kql_series_stats({0}, {1})"),
        Parts("series_periods_detect", "(series: dynamic, min_period: real, max_period: real, num_periods: long): dynamic",
            "kql_series_periods_detect({0}, {1}, {2}, {3})", ("periods", KqlType.Dynamic), ("scores", KqlType.Dynamic)),
        Parts("series_periods_validate", "(series: dynamic, period: Number*): dynamic",
            site => new($"kql_series_periods_validate({site.Sql(0)}, {Template.JsonArray(Enumerable.Range(1, site.Count - 1).Select(i => Template.JsonOrNull(site, i)))})"),
            ("periods", KqlType.Dynamic), ("scores", KqlType.Dynamic)),
        new("series_seasonal", "series-seasonal-function",
            new Overload("(series: dynamic, period: long = -1, test_points: long = 0): dynamic", "kql_series_seasonal({0}, {1}, {2})")
            {
                Nulls = NullRule.Maybe,
            }),
        Parts("series_decompose",
            "(series: dynamic, period: long = -1, trend: string = 'avg', test_points: long = 0, seasonality_threshold: real = 0.6): dynamic",
            site => new($"kql_series_decompose({site.Sql(0)}, {Options(site, 1, 2, 3, 4)})"),
            ("baseline", KqlType.Dynamic), ("seasonal", KqlType.Dynamic), ("trend", KqlType.Dynamic), ("residual", KqlType.Dynamic)),
        Parts("series_decompose_anomalies",
            "(series: dynamic, threshold: real = 1.5, period: long = -1, trend: string = 'avg', test_points: long = 0, "
            + "method: string = 'ctukey', seasonality_threshold: real = 0.6): dynamic",
            site => new($"kql_series_decompose_anomalies({site.Sql(0)}, {Options(site, 2, 3, 4, 6)}, {site.Sql(5)}, {site.Sql(1)})"),
            ("ad_flag", KqlType.Dynamic), ("ad_score", KqlType.Dynamic), ("baseline", KqlType.Dynamic)),
        new("series_decompose_forecast", "series-decompose-forecast-function",
            new Overload(
                "(series: dynamic, test_points: long, period: long = -1, trend: string = 'avg', seasonality_threshold: real = 0.6): dynamic",
                site => new($"kql_series_decompose_forecast({site.Sql(0)}, {Options(site, 2, 3, 1, 4)})"))
            {
                Nulls = NullRule.Maybe,
            }),
        new("series_outliers", "series-outliers-function",
            new Overload("(series: dynamic, kind: string = 'ctukey'): dynamic", "kql_series_outliers({0}, {1}, 'null', '[]')") { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, kind: string, ignore_val: Number): dynamic", site =>
                new($"kql_series_outliers({site.Sql(0)}, {site.Sql(1)}, {Template.JsonOrNull(site, 2)}, '[]')")) { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, kind: string, ignore_val: real, min_percentile: real, max_percentile: real = 90): dynamic", site =>
                new($"kql_series_outliers({site.Sql(0)}, {site.Sql(1)}, {Template.JsonOrNull(site, 2)}, {Template.JsonArray([Template.JsonOrNull(site, 3), Template.JsonOrNull(site, 4)])})"))
            {
                Nulls = NullRule.Maybe,
            }),
    ];

    private static ScalarFunction Of(string name, string signature, string template) =>
        new(name, Page(name), new Overload(signature, template) { Nulls = NullRule.Maybe });

    private static string Page(string name) => $"{name.Replace('_', '-')}-function";

    private static ScalarFunction Unary(string name) => Of("series_" + name, "(series: dynamic): dynamic", $"kql_series_{name}({{0}})");

    private static ScalarFunction Binary(string name) =>
        new("series_" + name, Page("series_" + name),
            new Overload("(series1: dynamic, series2: dynamic): dynamic", $"kql_series_{name}({{0}}, {{1}})") { Nulls = NullRule.Maybe },
            new Overload("(series1: dynamic, series2: Number): dynamic", site => new($"kql_series_{name}({site.Sql(0)}, {Template.Json(site, 1)})"))
            {
                Nulls = NullRule.Maybe,
            },
            new Overload("(series1: Number, series2: dynamic): dynamic", site => new($"kql_series_{name}({Template.Json(site, 0)}, {site.Sql(1)})"))
            {
                Nulls = NullRule.Maybe,
            });

    private static ScalarFunction Fill(string name, string bare, string full, Func<CallSite, string> emit) =>
        new(name, Page(name),
            new Overload(bare, site => new(emit(site))) { Nulls = NullRule.Maybe },
            new Overload(full, site => new(emit(site))) { Nulls = NullRule.Maybe });

    private static ScalarFunction Transform(string name) =>
        new(name, Page(name),
            new Overload("(series: dynamic): dynamic", $"kql_{name}({{0}}, '')") { Nulls = NullRule.Maybe },
            new Overload("(series: dynamic, series_imaginary: dynamic): dynamic", $"kql_{name}({{0}}, {{1}})") { Nulls = NullRule.Maybe })
        {
            Parts = Named(name, ("real", KqlType.Dynamic), ("imag", KqlType.Dynamic)),
        };

    private static ScalarFunction Parts(string name, string signature, string template, params (string Name, KqlType Type)[] parts) =>
        Of(name, signature, template) with { Parts = Named(name, parts) };

    private static ScalarFunction Parts(
        string name, string signature, Func<CallSite, SqlText> emit, params (string Name, KqlType Type)[] parts) =>
        new(name, Page(name), new Overload(signature, emit) { Nulls = NullRule.Maybe }) { Parts = Named(name, parts) };

    private static Func<IReadOnlyList<string>, IReadOnlyList<TuplePart>> Named(string function, params (string Name, KqlType Type)[] parts) =>
        arguments => [.. parts.Select(part => new TuplePart($"{function}_{arguments[0]}_{part.Name}", part.Type, "$." + part.Name))];

    // The JSON of an argument, 'null' for one that is not there.
    private static string JsonAt(CallSite site, int index) => index < site.Count ? Template.JsonOrNull(site, index) : "'null'";

    private static SqlText FillConst(CallSite site) =>
        new($"kql_series_fill_const({site.Sql(0)}, {JsonAt(site, 1)}, {JsonAt(site, 2)})");

    private static SqlText FillLinear(CallSite site) =>
        new($"kql_series_fill_linear({site.Sql(0)}, {JsonAt(site, 1)}, {(site.Count > 2 ? site.Sql(2) : "true")}, "
            + $"{(site.Count > 3 ? JsonAt(site, 3) : "'0.0'")})");

    // Period, trend, test points and threshold as a JSON array.
    private static string Options(CallSite site, params int[] places) =>
        Template.JsonArray(places.Select(place => Template.JsonOrNull(site, place)));
}
