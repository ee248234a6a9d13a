using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql.Tests.Execution;
using AlertFunctions.Kql.Tests.MicrosoftBinder;

namespace AlertFunctions.Kql.Tests.Emit;

/// <summary>Short texts of which much comes: names that stand for names, operators and functions in each other.</summary>
public sealed class GrowthTests : IClassFixture<TestEngine>
{
    private readonly TestEngine _engine;

    public GrowthTests(TestEngine engine)
    {
        _engine = engine;
        foreach (var table in QueryTables.All)
        {
            engine.AddTable(table, QueryTables.Create(table), table.Name == "T" ? "INSERT INTO T (b, l, s, d) VALUES (true, 7, 'a', '[1]')" : "SELECT 1");
        }
    }

    public static TheoryData<string, string> Refused { get; } = new()
    {
        { "names in each other", $"let a0 = rand();{Repeat(2_000, i => $"let a{i + 1} = a{i} + 1;")}print a2000" },
        { "names twice in each other", $"let a0 = rand();{Repeat(60, i => $"let a{i + 1} = a{i} + a{i};")}print a60" },
        { "texts twice in each other", $"let a0 = 'xxxxxxxxxx';{Repeat(40, i => $"let a{i + 1} = strcat(a{i}, a{i});")}print a40" },
        { "functions twice in each other", $"let f0 = (x:long) {{ x + x }};{Repeat(20, i => $"let f{i + 1} = (x:long) {{ f{i}(x) + f{i}(x) }};")}T | extend y = f20(l)" },
        { "operators of several tables", $"T{Repeat(120, _ => " | mv-apply d on (take 1)")}" },
        { "partitions", $"T{Repeat(120, _ => " | partition by s (take 1)")}" },
        { "series", $"T{Repeat(80, _ => " | make-series l = count() on t step 1h by s | mv-expand t to typeof(datetime), l to typeof(long)")}" },
        { "columns of a pattern", $"T | parse s with {Repeat(2_000, i => $"'x{i}' c{i} ")}" },
    };

    /// <summary>On a stack of a megabyte: a fault here ends the process.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void Query_ThatGrowsWithoutBounds_IsRefused(string kind, string query)
    {
        CompiledQuery? compiled = null;
        var thread = new Thread(() => compiled = _engine.Compile(query), maxStackSize: 1024 * 1024);
        thread.Start();
        thread.Join();

        Assert.True(compiled!.Diagnostics is { Count: > 0 and <= 100 } faults && faults.Any(d => d.Kind == DiagnosticKind.NotSupported), kind);
    }

    [Theory]
    [InlineData("T | extend z = l{0} | project z", " + l", 60, "427")]
    [InlineData("T | extend z = 7{0} | project z", " % l", 12, "0")]
    [InlineData("T{0} | project s", " | summarize by s", 60, "a")]
    [InlineData("T{0} | where s == 'a' | project s", " | summarize max(l) by s | extend l = max_l", 20, "a")]
    public void Chain_OfManyLinks_IsPlannedInTime(string query, string link, int count, string row) =>
        Assert.Equal([row], _engine.Rows(query.Replace("{0}", Repeat(count, _ => link), StringComparison.Ordinal)));

    [Theory]
    [InlineData("T | where ", "not(", "b", ")", " | project l", 100, "7")]
    [InlineData("T | project x = ", "(", "b", " == b)", "", 40, "true")]
    [InlineData("T | project x = ", "bin(", "l", ", 3)", "", 6, "6")]
    [InlineData("", "print x = toscalar(", "T | count", ")", "", 60, "1")]
    [InlineData("", "T | where l > toscalar(", "T | count | project x = Count - 1", ") | count", "", 25, "1")]
    public void Nesting_OfManyLevels_IsPlannedInTime(string before, string open, string inner, string close, string after, int count, string row) =>
        Assert.Equal([row], _engine.Rows(before + Repeat(count, _ => open) + inner + Repeat(count, _ => close) + after));

    [Fact]
    public void Faults_OfManyNames_AreReportedUpToAHundred() =>
        Assert.Equal(100, _engine.Compile($"T | where {string.Join(" or ", Enumerable.Range(0, 20_000).Select(i => $"absent{i}"))}").Diagnostics.Count);

    [Fact]
    public async Task DynamicValue_OfManyLevels_IsReadAsAnyOther()
    {
        using var workspace = new WorkspaceQuery();
        var nested = Repeat(100, _ => "[") + Repeat(100, _ => "]");

        Assert.IsType<QueryAnswer>(await workspace.RunAsync($"print dynamic({nested})", TestContext.Current.CancellationToken));
        Assert.Equal("", await workspace.TextAsync($"print parse_xml('{Repeat(3_000, _ => "<a>")}{Repeat(3_000, _ => "</a>")}')", TestContext.Current.CancellationToken));
    }

    private static string Repeat(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));
}
