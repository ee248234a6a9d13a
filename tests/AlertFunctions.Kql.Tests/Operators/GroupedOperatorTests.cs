using System.Globalization;
using AlertFunctions.Workspace;

namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>
/// Operators that work on groups of rows, run in a workspace. Expected rows are the documentation's where a page is named, else
/// written by hand; the order of rows is compared only where the query gives one.
/// </summary>
public sealed class GroupedOperatorTests
{
    private const string Arrays =
        "let T = datatable(id:long, s:string, a:dynamic) [0, 'x', dynamic([5, 1, 3]), 1, 'y', dynamic([4, 10, 8, 7])]; ";

    private const string Metrics =
        """
        let data = datatable(timestamp:datetime, metric:real)
        [
          datetime(2016-12-31T06:00), 50, datetime(2017-01-01), 4, datetime(2017-01-02), 3, datetime(2017-01-03), 4,
          datetime(2017-01-03T03:00), 6, datetime(2017-01-05), 8, datetime(2017-01-05T13:40), 13, datetime(2017-01-06), 4,
          datetime(2017-01-07), 3, datetime(2017-01-08), 8, datetime(2017-01-08T21:00), 8, datetime(2017-01-09), 2,
          datetime(2017-01-09T12:00), 11, datetime(2017-01-10T05:00), 5,
        ];

        """;

    private const string Sales =
        "let T = datatable(k:string, t:long, v:long) ['x', 1, 5, 'y', 3, 6, 'x', 4, 7, '', 2, 1]; ";

    private const string Logs =
        "let A = datatable(Message:string, Node:string, Count:long) ['disk pressure', 'n1', 1, 'all well', 'n2', 2]; ";

    public static TheoryData<string, string[]> Queries { get; } = new()
    {
        // learn.microsoft.com/kusto/query/mv-apply-operator, getting the largest element, the two largest, and with_itemindex.
        { Arrays + "T | mv-apply e=a to typeof(long) on (top 1 by e) | project id, e", ["0|5", "1|10"] },
        { Arrays + "T | mv-apply e=a to typeof(long) on (top 2 by e | summarize m=make_list(e)) | project id, m", ["0|[5,3]", "1|[10,8]"] },
        { Arrays + "T | mv-apply with_itemindex=i e=a to typeof(long) on (where i >= 2) | project id, e, i", ["0|3|2", "1|8|2", "1|7|3"] },
        { Arrays + "T | mv-apply e=a to typeof(long) on (count)", ["0|x|[5,1,3]|3", "1|y|[4,10,8,7]|4"] },
        { Arrays + "T | mv-apply e=a to typeof(long) on (order by e asc | extend n=row_number() | where n == 2) | project id, e", ["0|3", "1|7"] },
        { Arrays + "T | mv-apply e=a to typeof(long) on (summarize m=max(e) by s) | project s, m", ["x|5", "y|10"] },
        { Arrays + "T | mv-apply e=a to typeof(long) on (project big = e > 4, id) | summarize countif(big) by id", ["0|1", "1|3"] },
        { Arrays + "T | mv-apply e=a on (mv-apply f=e to typeof(long) on (take 1 | extend g = f * 2) | summarize h=sum(g)) | project id, h", ["0|18", "1|58"] },

        // learn.microsoft.com/kusto/query/make-series-operator, the average of a metric by day.
        {
            Metrics + "data | make-series avg(metric) on timestamp from datetime(2017-01-01) to datetime(2017-01-10) step 1d | project avg_metric, timestamp[0], array_length(timestamp)",
            ["[4.0,3.0,5.0,0.0,10.5,4.0,3.0,8.0,6.5]|2017-01-01T00:00:00.0000000Z|9"]
        },
        { Metrics + "data | where metric < 0 | make-series avg(metric) on timestamp from datetime(2017-01-01) to datetime(2017-01-10) step 1d", [] },
        { Sales + "T | make-series s=sum(v) default=-1, count() on t from 0 to 5 step 2 by k", ["x|[5,-1,7]|[1,0,1]|[0,2,4]", "y|[-1,6,-1]|[0,1,0]|[0,2,4]", "|[-1,1,-1]|[0,1,0]|[0,2,4]"] },
        { Sales + "T | make-series avg(v) default=real(null) on t step 1 by k | where k != ''", ["x|[5.0,null,null,7.0]|[1,2,3,4]", "y|[6.0]|[3]"] },
        { Sales + "T | make-series sum(v) on t in range(1, 6, 2)", ["[5,7,7,0]|[0,2,4,6]"] },
        { "datatable(t:real)[0.5, 0.6, 2.2] | make-series count() on t in range(0.6, 2.0, 0.5)", ["[2,0,0,1]|[0.5,1.0,1.5,2.0]"] },

        { Sales + "T | partition by k (top 1 by v | project v)", ["7", "6", "1"] },
        { Sales + "T | partition hint.strategy=native by k (summarize n=count(), sum(v))", ["2|12", "1|6", "1|1"] },
        { Sales + "T | top-hitters 1 of k by v", ["x|12"] },
        { Sales + "T | top-hitters 1 of k", ["x|2"] },
        { Sales + "T | sample-distinct 5 of k | count", ["3"] },

        // learn.microsoft.com/kusto/query/project-by-names-operator.
        { "datatable(Name:string, Age:int, City:string, Country:string) ['Peter', 39, 'New York', 'USA'] | project-by-names 'C*', dynamic(['Name', 'None'])", ["New York|USA|Peter"] },
        { "datatable(d:dynamic, n:long) [dynamic({'a': 1, 'b': 'x'}), 5] | evaluate bag_unpack(d, 'p_') : (*, p_a:long, p_b:string)", ["5|1|x"] },
        { Logs + "search in (A) 'pressure' | project-away $table", ["disk pressure|n1|1"] },
        { Logs + "search in (A) Message:'well' and Node == 'n2' | project $table, Count", ["A|2"] },
        { Logs + "search kind=case_sensitive in (A) 'Pressure' or Message has 'well'", ["A|all well|n2|2"] },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Query_GroupedOperator_GivesRows(string query, string[] expected)
    {
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await RowsAsync(query)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("T | mv-apply e=a to typeof(long) on (extend s = tostring(e))")]
    [InlineData("T | mv-apply a on (join (T) on id)")]
    [InlineData("T | partition by s { T | take 1 }")]
    [InlineData("T | make-series count() on id to 5 step 1")]
    [InlineData("T | make-series make_list(s) on id step 1")]
    [InlineData("T | evaluate bag_unpack(a, columnsConflict='keep_both')")]
    [InlineData("T | extend e = '' | evaluate pivot(e)")]
    [InlineData("T | evaluate autocluster()")]
    [InlineData("search in (T) '2024'")]
    [InlineData("T | reduce by s")]
    public void Compile_WhatCannotBeAnsweredRightly_IsRefusedAtItsPlace(string query)
    {
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

        var compiled = workspace.Compile(Arrays + query, Options);

        Assert.Contains(compiled.Diagnostics, d => d.Kind == DiagnosticKind.NotSupported && d.Span.Start >= Arrays.Length);
        Assert.Empty(compiled.Results);
    }

    [Fact]
    public async Task Query_LongestPipe_RunsAndALongerOneIsRefused()
    {
        const string Function = "let f = (T:(n:long)) { T | extend n = n + 1 | where n > 0 | extend n = n + 1 }; ";
        var longest = "print n = 0" + string.Concat(Enumerable.Repeat(" | extend n = n + 1", 249));
        var calls = Function + "print n = 0" + string.Concat(Enumerable.Repeat(" | invoke f()", 100));
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());

        Assert.Equal(["249"], await RowsAsync(longest));
        Assert.Contains(workspace.Compile(longest + " | take 1", Options).Diagnostics, d => d.Code == "KQL019");
        Assert.Contains(workspace.Compile(calls, Options).Diagnostics, d => d.Kind == DiagnosticKind.NotSupported);
    }

    private static CompileOptions Options => new() { Now = new DateTime(2026, 3, 2, 12, 0, 0, DateTimeKind.Utc) };

    private static async Task<List<string>> RowsAsync(string query)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions());
        var compiled = workspace.Compile(query, Options);
        Assert.Empty(compiled.Diagnostics);
        await using var reader = await workspace.ExecuteAsync(compiled, compiled.Results[0], cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(string.Join(
                '|', reader.Columns.Select((_, i) => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return rows;
    }
}
