using System.Globalization;
using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Kql.Tests.Emit;

/// <summary>The one row of a group is a whole row of the input, whichever SQL picks it.</summary>
public sealed class FirstRowTests : IAsyncLifetime
{
    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every third row has no time, and so have all of group 4; several rows share the greatest time, and the least.</summary>
    public async ValueTask InitializeAsync() => await _workspace.IngestAsync("Ticks_CL", Enumerable.Range(0, 3000).Select(Row), Token);

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("Ticks_CL", "At, Text, Number", "carried")]
    [InlineData("Ticks_CL", "At, Text, Number, Flag, Real", "picked")]
    [InlineData("Ticks_CL", "At, *", "picked")]
    [InlineData("Ticks_CL | where Number >= 0", "At, Text, Number", "picked")]
    [InlineData("Ticks_CL | extend Text = strcat(Text, '')", "At, Text, Number", "carried")]
    [InlineData("Ticks_CL | extend Text = strcat(Text, '')", "At, Text, Number, Flag, Real", "carried")]
    [InlineData("Ticks_CL | extend At = tostring(At)", "At, Text, Number", "carried")]
    [InlineData("Ticks_CL | extend At = tolong(At)", "At, Text, Number", "picked")]
    public async Task ArgMax_GroupsWithNullsAndTies_GivesAWholeRowOfTheGreatest(string input, string columns, string way)
    {
        foreach (var (function, extreme) in new[] { ("arg_max", "max"), ("arg_min", "min") })
        {
            var query = $"""
                let t = {input};
                t | summarize {function}({columns}) by Group
                | join kind=leftouter (t | summarize Wanted = {extreme}(At), Rows = countif(isnotempty(At)) by Group) on Group
                | extend IsWanted = iff(Rows == 0, isempty(At), At == Wanted)
                | join kind=leftouter (Ticks_CL | project Number, Original = Text, OfGroup = Group) on Number
                | project Group, IsWanted, IsWhole = Text == Original and Group == OfGroup
                | order by Group asc
                """;

            Assert.Equal("0|True|True;1|True|True;2|True|True;3|True|True;4|True|True", await RowsAsync(query));
            var sql = _workspace.Compile($"{input} | summarize {function}({columns}) by Group", Options).Results[0].Sql;
            Assert.Equal(way == "picked", sql.Contains("QUALIFY", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task ArgMax_BesideOtherAggregates_GivesAWholeRow() => Assert.Equal(
        "0|600|True;1|600|True;2|600|True;3|600|True;4|600|True",
        await RowsAsync(
            """
            Ticks_CL | summarize arg_min(At, Text, Number), Rows = count() by Group
            | project Group, Rows, IsWhole = Text == strcat('text ', Number) | order by Group asc
            """));

    [Theory]
    [InlineData("Ticks_CL")]
    [InlineData("Ticks_CL | extend Text = strcat(Text, '')")]
    [InlineData("Ticks_CL | summarize arg_max(At, *) by Group")]
    public async Task Join_InnerUnique_GivesOneWholeRowOfEachKey(string left) => Assert.Equal(
        "1|True;3|True",
        await RowsAsync(
            $"""
            {left} | join (datatable(Group:long)[1, 1, 3]) on Group
            | summarize Rows = dcount(Number), IsWhole = min(toint(Text == strcat('text ', Number))) == 1 by Group
            | project Group, IsWhole = IsWhole and Rows == 1 | order by Group asc
            """));

    /// <summary>DuckDB's rewriting of top rows fails on this plan. It is the workspace's to run it without.</summary>
    [Fact]
    public async Task Top_OfAPlanThatDuckDbCannotRewrite_Runs()
    {
        var query =
            """
            Ticks_CL | where * has 'text' | extend Items = dynamic([1, 2]) | mv-apply Items on (take 1)
            | where TimeGenerated > ago(1h) and TimeGenerated < now() | partition by Text (top 1 by Number) | count
            """;

        Assert.Equal("0", await RowsAsync(query));
        Assert.Equal("0", await RowsAsync(query));
    }

    private static CompileOptions Options => new() { Now = new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc) };

    private static IngestRow Row(int number) => new(new Dictionary<string, object?>
    {
        ["Group"] = (long)(number % 5),
        ["At"] = number % 3 == 0 || number % 5 == 4 ? null : new DateTimeOffset(2026, 3, 1, 0, 0, number / 5 % 7, TimeSpan.Zero),
        ["Text"] = string.Create(CultureInfo.InvariantCulture, $"text {number}"),
        ["Number"] = (long)number,
        ["Flag"] = number % 2 == 0,
        ["Real"] = number / 8.0,
    });

    private async Task<string> RowsAsync(string query)
    {
        var compiled = _workspace.Compile(query, Options);
        Assert.Empty(compiled.Diagnostics);
        var rows = new List<string>();
        await using var reader = await _workspace.ExecuteAsync(compiled, compiled.Results[0], Token);
        while (await reader.ReadAsync(Token))
        {
            rows.Add(string.Join('|', compiled.Results[0].Columns.Select((_, column) => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture))));
        }

        return string.Join(';', rows);
    }
}
