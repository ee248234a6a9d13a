using System.Text.Json;

namespace AlertFunctions.Cli.Tests.Commands;

/// <summary><c>alertfn query</c> of a text that gives several tables: statements one after the other, fork and facet.</summary>
public sealed class QueryCommandTests
{
    [Fact]
    public async Task Table_OfSeveralStatements_ShowsEachUnderItsName()
    {
        var result = await QueryAsync("print a = 1, b = 'x'; range n from 1 to 2 step 1", "table");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            """
            PrimaryResult
            +-------+
            | a | b |
            |---+---|
            | 1 | x |
            +-------+
            1 row

            Table_1
            +---+
            | n |
            |---|
            | 1 |
            | 2 |
            +---+
            2 rows

            """,
            result.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Table_OfOneStatement_HasNoNameAboveIt()
    {
        var result = await QueryAsync("let x = 1; print a = x;", "table");

        Assert.StartsWith("+---+", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("range n from 1 to 3 step 1 | fork (count) small = (where n < 2)", "Count:long=3", "n:long=1")]
    [InlineData("datatable(s:string)['a', 'a'] | facet by s", "s:string,count_s:long=a,2")]
    [InlineData("datatable(s:string)['b', 'b'] | facet by s with (take 1)", "s:string=b", "s:string,count_s:long=b,2")]
    [InlineData("print d = dynamic({\"k\": [1, null]}), r = real(nan); print t = datetime(2026-03-01), p = 1h, l = long(null)",
        "d:dynamic,r:real={\"k\":[1,null]},NaN", "t:datetime,p:timespan,l:long=2026-03-01T00:00:00Z,01:00:00,")]
    [InlineData("print a = 1; datatable(b:long)[]; print c = 3", "a:long=1", "b:long=", "c:long=3")]
    public async Task Json_OfSeveralTables_HasEachWithItsNameColumnsAndRows(string query, params string[] tables)
    {
        var result = await QueryAsync(query, "json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Output);
        var answered = json.RootElement.GetProperty("tables").EnumerateArray().ToList();
        Assert.Equal(tables, answered.Select(Text));
        Assert.Equal(answered.Count, answered.Select(t => t.GetProperty("name").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Csv_OfSeveralTables_HasAnEmptyLineBetweenThem()
    {
        var result = await QueryAsync("print a = 1; print b = 'x,y'", "csv");

        Assert.Equal("a\r\n1\r\n\r\nb\r\n\"x,y\"\r\n", result.Output);
    }

    [Fact]
    public async Task Query_WithAFaultInOneStatement_AnswersNone()
    {
        var result = await QueryAsync("print a = 1; print b = nonsense(1); print c = absent", "json");

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("nonsense", result.Error, StringComparison.Ordinal);
        Assert.Contains("absent", result.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> QueryAsync(string query, string format) =>
        Alertfn.RunAsync("query", query, "--kql", Testing.Repository.Kql, "--output", format);

    private static string Text(JsonElement table)
    {
        var columns = table.GetProperty("columns").EnumerateArray().Select(c => $"{c.GetProperty("name")}:{c.GetProperty("type")}");
        var rows = table.GetProperty("rows").EnumerateArray().Select(row => string.Join(',', row.EnumerateArray().Select(cell => cell.ToString())));
        return $"{string.Join(',', columns)}={string.Join(';', rows)}";
    }
}
