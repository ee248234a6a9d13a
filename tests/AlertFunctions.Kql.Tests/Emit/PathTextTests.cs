namespace AlertFunctions.Kql.Tests.Emit;

/// <summary>Paths that are read together give what each gives alone.</summary>
public sealed class PathTextTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    private const string Texts =
        """
        datatable(n:long, s:string) [
            1, '', 2, 'null', 3, '{broken', 4, '{"a":null,"b":1.50,"c":[1,2]}', 5, '{ "a" : {"x": 1, "y" : [ ] }, "b":[1, 2], "c":[{"d":"e"}] }', 6, '[1]', 7, '"a"',
            8, '{"a":"\\u00e9\\n\\"x","b":true,"a.b":"dotted"}', 9, '{"a":1e20,"b":123456789012345678901,"c":[0.5,-0.0,1e-7]}', 10, '{"a":"2026-03-01","b":"12","c":"x","a":"second"}',
            11, '12', 12, '{}', 13, '{"a":"","b":"01:00:00","c":[null,"z"]}', 14, '{"a":1,"b":2', 15, '  ', 16, '{"b":false}']

        """;

    private static readonly string[] Values =
    [
        "tostring({0}.a)", "tostring({0}.b)", "tostring({0}.a.x)", "tostring({0}.c[0])", "tostring({0}.c[-1])", "tostring({0}.c[0].d)", "tostring({0}['a.b'])",
        "tolong({0}.b)", "toint({0}.a)", "todouble({0}.b)", "tobool({0}.b)", "todatetime({0}.a)", "totimespan({0}.b)", "tostring({0}[0])",
        "tostring({0}[strcat('a', '')])", "iff(isempty({0}.a), tostring({0}.b), tostring({0}.c))", "strlen({0}.a)", "isnull({0}.a)", "tostring({0}.b) == tostring({0}.a)",
    ];

    [Theory]
    [InlineData("", "parse_json(s)")]
    [InlineData("| extend d = parse_json(s)", "d")]
    [InlineData("| extend d = parse_json(s) | mv-expand d limit 1", "d")]
    public async Task Project_SeveralPaths_GivesWhatEachGives(string prepare, string root)
    {
        var values = Array.ConvertAll(Values, value => value.Replace("{0}", root, StringComparison.Ordinal));
        var together = await RowsAsync($"{Texts} {prepare} | sort by n asc | project {string.Join(", ", values)}");

        for (var i = 0; i < values.Length; i++)
        {
            var alone = await RowsAsync($"{Texts} {prepare} | sort by n asc | project {values[i]}");
            Assert.Equal(alone, together.Select(row => row.Split(" | ")[i]));
        }
    }

    [Fact]
    public async Task Where_BehindSeveralPaths_ChoosesByThem()
    {
        var rows = await RowsAsync(
            $"{Texts} | project n, a = tostring(parse_json(s).a), b = tostring(parse_json(s).b), c = tostring(parse_json(s).c[0]) | where b == '12' or a has 'x' | sort by n asc");

        Assert.Equal(["5 | {\"x\":1,\"y\":[]} | [1,2] | {\"d\":\"e\"}", "8 | é\n\"x | true | ", "10 | 2026-03-01 | 12 | "], rows);
    }

    [Fact]
    public async Task Member_NamedByAnAsterisk_IsThatMember() => Assert.Equal(
        ["1 | 1 | 3 | 4 | "],
        await RowsAsync(
            """
            print d = dynamic({"*": 1, "x": 2, "a/b": {"*": [3]}, "**": 4})
            | project d['*'], tostring(d['*']), tostring(d['a/b']['*'][0]), d['**'], tostring(d.x['*'])
            """));

    [Fact]
    public void Place_ManyPaths_AreReadTogetherUpToALimit()
    {
        using var engine = new Execution.TestEngine();
        var columns = Enumerable.Range(0, 40).Select(i => $"a{i} = tostring(d.m{i})");

        var sql = engine.Compile($"print d = dynamic({{}}) | project {string.Join(", ", columns)}").Results[0].Sql;

        Assert.Contains("'$.\"m15\"'])[16]", sql, StringComparison.Ordinal);
        Assert.Contains("'$.\"m16\"')", sql, StringComparison.Ordinal);
    }

    // A cell may have a line break: rows are told apart by a blank cell behind each.
    private async Task<List<string>> RowsAsync(string query) =>
        [.. (await workspace.TextAsync($"{query} | extend Behind = '\u001e'", TestContext.Current.CancellationToken)).Split(" | \u001e").SkipLast(1).Select(row => row.TrimStart('\n'))];
}
