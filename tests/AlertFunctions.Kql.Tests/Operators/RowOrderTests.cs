namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>Functions over the rows in their order, wherever an expression may stand. Rows are those of the pages named, or written by hand.</summary>
public sealed class RowOrderTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    private const string Flights =
        "datatable(Airport:string, Airline:string, Departures:long)['SEA','LH',3, 'SEA','LY',100, 'SEA','UA',3, 'SEA','BA',2, 'SEA','EL',3, 'AMS','EL',1, 'AMS','BA',1] ";

    private const string Sessions =
        """
        datatable(ID:string, Timestamp:datetime)
        [
          '1', datetime(2024-04-11 10:00), '2', datetime(2024-04-11 10:18), '1', datetime(2024-04-11 11:00), '3', datetime(2024-04-11 11:30),
          '2', datetime(2024-04-11 13:30), '2', datetime(2024-04-11 10:16),
        ]

        """;

    [Theory]
    // learn.microsoft.com/kusto/query/row-rank-dense-function, row-rank-min-function.
    [InlineData(
        Flights + "| sort by Airport desc, Departures asc | extend Rank=row_rank_dense(Departures, prev(Airport) != Airport) | project Airport, Departures, Rank",
        "SEA | 2 | 1\nSEA | 3 | 2\nSEA | 3 | 2\nSEA | 3 | 2\nSEA | 100 | 3\nAMS | 1 | 1\nAMS | 1 | 1")]
    [InlineData(
        Flights + "| where Airport == 'SEA' | sort by Departures asc | extend Rank=row_rank_min(Departures) | project Departures, Rank",
        "2 | 1\n3 | 2\n3 | 2\n3 | 2\n100 | 5")]
    [InlineData( // The older name of row_rank_dense.
        Flights + "| where Airport == 'SEA' | sort by Departures asc | extend Rank=row_rank(Departures) | project Departures, Rank",
        "2 | 1\n3 | 2\n3 | 2\n3 | 2\n100 | 3")]

    // learn.microsoft.com/kusto/query/row-window-session-function.
    [InlineData(
        Sessions + "| sort by ID asc, Timestamp asc | extend Start = row_window_session(Timestamp, 1h, 5m, ID != prev(ID)) | project ID, format_datetime(Start, 'HH:mm')",
        "1 | 10:00\n1 | 11:00\n2 | 10:16\n2 | 10:16\n2 | 13:30\n3 | 11:30")]
    [InlineData(
        "range n from 0 to 5 step 1 | extend t = datetime(2024-01-01) + n * 4m | sort by t asc | extend s = row_window_session(t, 12m, 5m) | summarize count() by s | sort by s asc | project count_",
        "3\n3")]

    [InlineData("range x from 1 to 6 step 1 | sort by x asc | extend n = row_number(10, x % 3 == 0), s = row_cumsum(x, x == 4) | project x, n, s",
        "1 | 10 | 1\n2 | 11 | 3\n3 | 10 | 6\n4 | 11 | 4\n5 | 12 | 9\n6 | 10 | 15")]
    [InlineData("print a = 1, b = 'x' | getschema | extend n = row_number() | project ColumnName, n", "a | 1\nb | 2")]
    [InlineData("range x from 1 to 9 step 1 | extend y = iff(x > 3, 'many', 'few') | top-hitters 2 of y | extend n = row_number() | project y, n", "many | 1\nfew | 2")]
    [InlineData("range x from 1 to 4 step 1 | where x > 1 | extend p = prev(x), s = row_cumsum(x) | project x, p, s", "2 |  | 2\n3 | 2 | 5\n4 | 3 | 9")]
    [InlineData("range x from 1 to 4 step 1 | sort by x desc | take 2 | extend p = prev(x) | project x, p", "4 | \n3 | 4")]
    [InlineData("range x from 1 to 4 step 1 | sort by x asc | where prev(x) > 1", "3\n4")]
    [InlineData("range x from 1 to 4 step 1 | sort by x asc | extend g = row_cumsum(iff(prev(x) == 2, 1, 0))", "1 | 0\n2 | 0\n3 | 1\n4 | 1")]
    [InlineData("range x from 1 to 4 step 1 | sort by x asc | extend p = row_cumsum(row_number() * 10)", "1 | 10\n2 | 30\n3 | 60\n4 | 100")]
    [InlineData("range x from 1 to 4 step 1 | sort by x asc | summarize sum(prev(x)), max(row_number())", "6 | 4")]
    [InlineData("range x from 1 to 4 step 1 | sort by x asc | sort by prev(x) desc | project x", "4\n3\n2\n1")]
    [InlineData("range x from 1 to 4 step 1 | sort by x asc | summarize n = count() by big = prev(x) > 1 | sort by big asc | project n", "1\n1\n2")]
    [InlineData("range x from 1 to 3 step 1 | sort by x asc | extend c = row_cumsum(toint(x) * 2147483647)", "1 | 2147483647\n2 | 6442450941\n3 | 12884901882")]
    [InlineData("range x from 1 to 6 step 1 | extend k = x % 2 | partition by k (sort by x asc | extend n = row_number(1, x == 5) | where prev(x) > 0) | sort by x asc | project x, n",
        "3 | 2\n4 | 2\n5 | 1\n6 | 3")]
    [InlineData("datatable(x:real)[2, 1, real(null), real(nan)] | sort by x asc | extend n = row_number()", " | 1\nNaN | 2\n1.0 | 3\n2.0 | 4")]
    [InlineData("datatable(x:real)[real(nan), 1, real(null), 2] | sort by x desc", "2.0\n1.0\nNaN\n")]
    [InlineData("datatable(x:real)[real(nan), 1, real(null), 2] | sort by x desc nulls first", "\nNaN\n2.0\n1.0")]
    [InlineData("datatable(x:real)[real(nan), 1] | top 1 by x", "1.0")]
    [InlineData("range x from 1 to 3 step 1 | serialize n = row_number() | project n", "1\n2\n3")]
    public async Task Query_FunctionOfRowOrder_GivesRows(string query, string expected) =>
        Assert.Equal(expected, await workspace.TextAsync(query, TestContext.Current.CancellationToken));
}
