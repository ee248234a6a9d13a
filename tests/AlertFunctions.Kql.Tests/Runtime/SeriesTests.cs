using AlertFunctions.Kql.Runtime.Json;
using AlertFunctions.Kql.Runtime.Series;
using AlertFunctions.Kql.Runtime.Statistics;

namespace AlertFunctions.Kql.Tests.Runtime;

/// <summary>Series and statistics on the pages' examples.</summary>
public sealed class SeriesTests
{
    private const string Traffic =
        "[80,139,87,110,68,54,50,51,53,133,86,141,97,156,94,149,95,140,77,61,50,54,47,133,72,152,94,148,105,162,101,160,87,63,53,55,54,151,"
        + "103,189,108,183,113,175,113,178,90,71,62,62,65,165,109,181,115,182,121,178,114,170]";

    [Theory]
    [InlineData("[null,111.0,null,36.0,41.0,null,null,16.0]", true, "0.0", "[111.0,111.0,73.5,36.0,41.0,32.666666666666664,24.333333333333332,16.0]")]
    [InlineData("[null,111,null,36,41,null,null,16,null]", true, "0.0", "[111,111,73,36,41,32,24,16,16]")]
    [InlineData("[null,111,null,36]", false, "0.0", "[null,111,73,36]")]
    [InlineData("[null,null]", true, "3.14159", "[3.14159,3.14159]")]
    public void FillLinear_Gaps_AreOnTheLine(string series, bool fillsEdges, string constant, string expected) =>
        Assert.Equal(expected, FillRuntime.FillLinear(series, "null", fillsEdges, constant));

    [Fact]
    public void FillForward_LeadingGap_Stays() =>
        Assert.Equal("[null,null,36,41,41,41,16]", FillRuntime.Fill("[null,null,36,41,null,null,16]", "null", isBackward: false));

    [Theory]
    [InlineData("[1,2,3,0.5]", "[1,2,3,0.5]", "[1.0,4.0,27.0,0.7071067811865476]")]
    public void Pow_Elements_AreReals(string first, string second, string expected) =>
        Assert.Equal(expected, ElementwiseRuntime.Combine(first, second, (a, b) => Math.Pow(Numbers.ToReal(a)!.Value, Numbers.ToReal(b)!.Value)));

    [Fact]
    public void CosineSimilarity_Vectors_AreAsDocumented()
    {
        Assert.Equal(0.99935343825504, ElementwiseRuntime.CosineSimilarity("[0.1,0.2,0.1,0.2]", "[0.11,0.2,0.11,0.21]")!.Value, 1e-12);
        Assert.Equal(0.923760430703401, ElementwiseRuntime.CosineSimilarity("[0.1,0.2,0.1,0.2]", "[1,2,3,4]")!.Value, 1e-12);
    }

    [Fact]
    public void Iir_CumulativeSum_IsAsDocumented() => Assert.Equal("[0.0,1.0,3.0,6.0,10.0]", FilterRuntime.InfiniteImpulse("[0,1,2,3,4]", "[1]", "[1,-1]"));

    [Theory]
    [InlineData("[1,-1]", "false", false, "[0.0,0.0,2.0,0.0,1.0]")]
    [InlineData("[1,1]", "", false, "[0.0,0.0,1.0,2.0,2.5]")]
    [InlineData("[1,1,1]", "", true, "[0.0,0.6666666666666666,1.3333333333333333,2.3333333333333335,1.6666666666666667]")]
    public void Fir_Filter_IsAppliedBackwardsOrAround(string filter, string normalize, bool center, string expected) =>
        Assert.Equal(expected, FilterRuntime.FiniteImpulse("[0,0,2,2,3]", filter, normalize, center));

    [Fact]
    public void Fft_AndBack_GivesTheSeries()
    {
        var transformed = (JsonBag)JsonReader.Read(FilterRuntime.Transform("[1,2,3,4,5,6]", "", isInverse: false))!;
        var back = (JsonBag)JsonReader.Read(FilterRuntime.Transform(JsonText.Write(transformed["real"])!, JsonText.Write(transformed["imag"])!, isInverse: true))!;

        var values = ((List<object?>)back["real"]!).Select(value => (double)value!).ToList();
        Assert.All(values, (value, i) => Assert.Equal(i + 1, value, 1e-9));
        Assert.Equal(21, (double)((List<object?>)transformed["real"]!)[0]!, 1e-9);
    }

    // The page prints a fit of twelve values that it does not show; its first value is slope and interception together.
    [Fact]
    public void FitLine_ExactLine_CountsFromOne()
    {
        var fit = (JsonBag)JsonReader.Read(RegressionRuntime.FitLine("[5,7,9,11]"))!;

        Assert.Equal(1.0, (double)fit["rsquare"]!, 1e-12);
        Assert.Equal(2.0, (double)fit["slope"]!, 1e-12);
        Assert.Equal(3.0, (double)fit["interception"]!, 1e-12);
        Assert.Equal(20.0 / 3, (double)fit["variance"]!, 1e-12);
        Assert.Equal("[5.0,7.0,9.0,11.0]", JsonText.Write(fit["line_fit"]));
    }

    [Fact]
    public void FitPoly_ExactPolynomial_IsFound()
    {
        var fit = (JsonBag)JsonReader.Read(RegressionRuntime.FitPolynomial("[1,4,9,16,25]", "", 2))!;

        Assert.All(((List<object?>)fit["coefficients"]!).Zip([1.0, 0.0, 0.0]), pair => Assert.Equal(pair.Second, (double)pair.First!, 1e-9));
        Assert.Equal(1.0, (double)fit["rsquare"]!, 1e-12);
    }

    [Fact]
    public void FitTwoLines_Break_IsFound()
    {
        var fit = (JsonBag)JsonReader.Read(RegressionRuntime.FitTwoLines("[0,1,2,3,10,8,6,4]"))!;

        Assert.Equal(4L, fit["split_idx"]);
        Assert.Equal(1.0, (double)fit["left_slope"]!, 1e-9);
        Assert.Equal(-2.0, (double)fit["right_slope"]!, 1e-9);
    }

    [Fact]
    public void Statistics_Example_IsAsPrinted()
    {
        var stats = (JsonBag)JsonReader.Read(RegressionRuntime.Statistics("[23,46,23,87,4,8,3,75,2,56,13,75,32,16,29]", ignoresNonFinite: false))!;

        Assert.Equal(8L, stats["min_idx"]);
        Assert.Equal(3L, stats["max_idx"]);
        Assert.Equal(28.503633853548269, (double)stats["stdev"]!, 1e-9);
        Assert.Equal(812.45714285714291, (double)stats["variance"]!, 1e-9);
        Assert.Equal(15L, stats["len"]);
    }

    [Theory]
    [InlineData("[2,5,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]", -1, "[1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0]")]
    [InlineData("[8,12,14,12,10,10,12,14,12,10,10,12,14,12,10,10,12,14,12,10]", -1, "[10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0]")]
    [InlineData("[1,3,5,2,4,6,1,3,5,2,4,6]", -1, "[0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0]")]
    [InlineData("[1,3,5,1,3,5,2,4,6]", 3, "[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]")]
    public void Seasonal_Series_IsAsPrinted(string series, long period, string expected) =>
        Assert.Equal(expected, SeasonRuntime.Seasonal(series, period, 0));

    [Fact]
    public void Periods_Traffic_AreAsPrinted()
    {
        var validated = (JsonBag)JsonReader.Read(SeasonRuntime.ValidatePeriods(Traffic, "[14.0,10.0]"))!;
        var detected = (JsonBag)JsonReader.Read(SeasonRuntime.DetectPeriods(Traffic, 0, 50, 2))!;

        Assert.Equal(0.84, Math.Round((double)((List<object?>)validated["scores"]!)[0]!, 2));
        Assert.Equal(0.0, ((List<object?>)validated["scores"]!)[1]);
        Assert.Equal([14.0, 0.0], (List<object?>)detected["periods"]!);
    }

    [Fact]
    public void DecomposeAnomalies_OneSpike_IsFlagged()
    {
        var series = string.Join(',', Enumerable.Range(0, 40).Select(i => i == 25 ? 100 : 10 + (i % 4)));
        var anomalies = (JsonBag)JsonReader.Read(SeasonRuntime.DecomposeAnomalies($"[{series}]", """[4,"avg",0,0.6]""", "ctukey", 1.5))!;

        var flags = ((List<object?>)anomalies["ad_flag"]!).Cast<long>().ToList();
        Assert.Equal(1, flags[25]);
        Assert.Equal(1, flags.Sum());
    }

    [Fact]
    public void Forecast_TestPoints_FollowTheSeason()
    {
        var forecast = (List<object?>)JsonReader.Read(SeasonRuntime.Forecast("[1,2,3,1,2,3,1,2,3,null,null,null]", """[3,"none",3,0.6]"""))!;

        Assert.Equal([1.0, 2.0, 3.0], forecast.Skip(9).Cast<double>());
    }

    [Theory]
    [InlineData(0.9, 10, 20, 0.999999999999959)]
    [InlineData(1.5, 10, 20, double.NaN)]
    [InlineData(0.1, -1, 20, double.NaN)]
    public void BetaCdf_Page_IsAsPrinted(double x, double alpha, double beta, double expected) =>
        Assert.Equal(expected, StatisticsRuntime.BetaCdf(x, alpha, beta), 1e-12);

    [Fact]
    public void BetaInverseAndPdf_Page_AreAsPrinted()
    {
        Assert.Equal(0.226415022388749, StatisticsRuntime.BetaInverse(0.1, 10, 20)!.Value, 1e-12);
        Assert.Null(StatisticsRuntime.BetaInverse(1.5, 10, 20));
        Assert.Equal(0.746176019310951, StatisticsRuntime.BetaPdf(0.5, 10, 20), 1e-12);
    }

    // Values of Abramowitz and Stegun, table 7.1.
    [Theory]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1, 0.8427007929497149)]
    [InlineData(2.5, 0.9995930479825550)]
    [InlineData(-1, -0.8427007929497149)]
    public void Erf_Values_AreTheTables(double x, double expected)
    {
        Assert.Equal(expected, SpecialFunctions.Erf(x), 1e-14);
        Assert.Equal(1 - expected, SpecialFunctions.Erfc(x), 1e-14);
    }

    [Fact]
    public void Percentile_OfDigest_IsNearestRank()
    {
        var digest = SketchRuntime.Digest("[10,20,30,40]", "[8,6,3,1]")!;

        Assert.Equal(["20", "20", "40", "10"], new[] { 50, 75, 99.9, 0 }.Select(p => SketchRuntime.Percentile(digest, p)));
        Assert.Equal(14, SketchRuntime.Rank(digest, "29"));
    }
}
