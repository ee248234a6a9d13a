namespace AlertFunctions.Kql.Tests.Functions;

/// <summary>Aggregates through compiler and engine, on examples and rules of their documentation pages.</summary>
public sealed class AggregateTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    private const string Latency = "datatable (ReqCount:long, LatencyBucket:long) [8, 10, 6, 20, 3, 30, 1, 40] | summarize ";

    // The older spellings give no more than 128, unless told. Source: make-bag-aggregation-function.
    [Theory]
    [InlineData("makelist", "n", "array_length(a)")]
    [InlineData("makeset", "n", "array_length(a)")]
    [InlineData("makeset", "parse_json(tostring(n))", "array_length(a)")]
    [InlineData("make_dictionary", "bag_pack(tostring(n), n)", "array_length(bag_keys(a))")]
    public async Task OlderSpelling_WithoutLimit_Gives128(string aggregate, string value, string length) =>
        Assert.Equal("128 | 200 | 300", await RunAsync(
            $"range n from 1 to 300 step 1 | summarize a = {aggregate}({value}), b = {aggregate}({value}, 200), c = {aggregate}({value}, 2000000)"
            + $" | project {length}, {length.Replace("(a)", "(b)", StringComparison.Ordinal)}, {length.Replace("(a)", "(c)", StringComparison.Ordinal)}"));

    // Source: summarize-operator#default-values-of-aggregations.
    [Theory]
    [InlineData("take_any(x), max(x), min(x), percentile(x, 55)", " |  |  | ")]
    [InlineData("count(), countif(x > 0), dcount(x), sum(x), sumif(x, x > 0), stdev(x), variance(x)", "0 | 0 | 0 | 0 | 0 | 0.0 | 0.0")]
    [InlineData("avg(x), make_set(x), make_list(x)", "NaN | [] | []")]
    public async Task NoRows_Aggregate_GivesItsDefault(string aggregates, string expected) =>
        Assert.Equal(expected, await RunAsync($"datatable(x:long)[] | summarize {aggregates}"));

    [Theory]
    [InlineData("percentilesw(LatencyBucket, ReqCount, 50, 75, 99.9)", "20 | 20 | 40")]
    [InlineData("percentilesw_array(LatencyBucket, ReqCount, dynamic([50, 75, 99.9]))", "[20,20,40]")]
    [InlineData("percentilew(LatencyBucket, ReqCount, 50)", "20")]
    public async Task WeightedPercentiles_Page_AreAsPrinted(string aggregate, string expected) =>
        Assert.Equal(expected, await RunAsync(Latency + aggregate));

    [Theory]
    [InlineData("percentile(x, 95), percentiles(x, 5, 50, 95.5)", "95 | 5 | 50 | 96")]
    [InlineData("percentile(x, 0), percentile(x, 100)", "1 | 100")]
    [InlineData("percentile(1s * x, 50)", "00:00:50")]
    [InlineData("percentiles_array(x, 5, 50)", "[5,50]")]
    [InlineData("avg(1s * x), avg(datetime(2020-01-01) + 1tick * x)", "00:00:50.5000000 | 2020-01-01T00:00:00.0000050Z")]
    [InlineData("countif(x > 90), sumif(x, x > 98), maxif(x, x < 5), avgif(x, x < 3)", "10 | 199 | 4 | 1.5")]
    [InlineData("stdevif(x, x < 3), variancep(x), covariancep(x, -x)", "0.7071067811865476 | 833.25 | -833.25")]
    [InlineData("h = hll(x) | project dcount_hll(hll_merge(h, h))", "100")]
    [InlineData("t = tdigest(x) | project percentile_tdigest(tdigest_merge(t, t), 95, typeof(long)), rank_tdigest(t, 42)", "95 | 42.0")]
    public async Task Numbers_Aggregate_IsAsDocumented(string aggregates, string expected) =>
        Assert.Equal(expected, await RunAsync($"range x from 1 to 100 step 1 | summarize {aggregates}"));

    [Theory]
    [InlineData("make_list(s)", """["b","","a"]""")]
    [InlineData("make_list(n)", "[1,3]")]
    [InlineData("make_list_with_nulls(n)", "[1,null,3]")]
    [InlineData("make_list(s, 2)", """["b",""]""")]
    [InlineData("make_list_if(s, n > 1)", """["a"]""")]
    [InlineData("make_bag(bag_pack(strcat('k', s), n))", """{"kb":1,"k":null,"ka":3}""")]
    [InlineData("array_length(make_set(s)), array_length(make_set(n))", "3 | 2")]
    [InlineData("buildschema(bag_pack('n', n))", """{"n":"long"}""")]
    public async Task Lists_Aggregate_KeepOrderAndDropNulls(string aggregates, string expected) =>
        Assert.Equal(
            expected,
            await RunAsync($"datatable(i:int, s:string, n:long)[1,'b',1, 2,'',long(null), 3,'a',3] | sort by i asc | summarize {aggregates}"));

    [Fact]
    public async Task MakeSet_Arrays_AreFlattened() =>
        Assert.Equal(
            """["A1","A2","C1"]""",
            await RunAsync("""datatable(a:dynamic)[dynamic(["A1","A2"]), dynamic(["A2","C1"])] | summarize s = make_set(a) | project array_sort_asc(s)"""));

    [Fact]
    public async Task Covariance_Page_IsNamedAfterBothColumns() =>
        Assert.Equal(
            "20.5",
            await RunAsync("datatable(x:real, y:real)[1.0,14.0, 2.0,10.0, 3.0,17.0, 4.0,20.0, 5.0,50.0] | summarize covariance(x, y) | project covariance_x_y"));

    [Fact]
    public async Task BinAuto_RequestProperties_GiveSizeAndFixedPoint() =>
        Assert.Equal(
            "2017-01-01T00:05:00.0000000Z | 60\n2017-01-01T01:05:00.0000000Z | 56",
            await RunAsync(
                "set query_bin_auto_size=1h; set query_bin_auto_at=datetime(2017-01-01 00:05); "
                + "range T from datetime(2017-01-01 00:05) to datetime(2017-01-01 02:00) step 1m | summarize count() by bin_auto(T) | sort by T asc"));

    [Fact]
    public async Task EstimateDataSize_AllColumns_AreAdded() =>
        Assert.Equal("18", await RunAsync("print x=1, t='1234567890' | extend n=estimate_data_size(*) | project n"));

    private Task<string> RunAsync(string query) => workspace.TextAsync(query, TestContext.Current.CancellationToken);
}
