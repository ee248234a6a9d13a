using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>Plugins of evaluate whose columns the query alone decides. Source: learn.microsoft.com/kusto/query/evaluate-operator.</summary>
public sealed class PluginTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    private const string Networks =
        """
        let N = datatable(net:string, site:string, ip:string)[
          '10.0.0.0/8','a','wide', '10.1.0.0/16','a','narrow', '10.1.0.0/16','b','other', '10.1.2.3','a','host', 'no net','a','none'];
        let V6 = datatable(net:string)['2001:db8::/32', '2001:db8:0:1::/64', '10.0.0.0/8'];
        let V = datatable(who:string, at:datetime, page:string)[
          'ann',datetime(2024-05-01 01:00),'x', 'ann',datetime(2024-05-01 02:00),'x', 'bob',datetime(2024-05-01 03:00),'y',
          'ann',datetime(2024-05-03),'y', 'cid',datetime(2024-05-03 23:00),'', 'bob',datetime(2024-05-04),'y', 'dan',datetime(2024-06-01),'x'];
        let A = datatable(host:string, site:string)['10.1.2.3','a', '10.1.9.9','b', '11.0.0.1','a', 'no address','a', '10.0.0.0/12','a', '10.1.2.3','a'];

        """;

    [Theory]
    [InlineData("A | evaluate ipv4_lookup(N, host, net) | where host == '10.1.9.9'", "host, site, net, site1, ip", "10.1.9.9|b|10.0.0.0/8|a|wide", "10.1.9.9|b|10.1.0.0/16|a|narrow", "10.1.9.9|b|10.1.0.0/16|b|other")]
    [InlineData("A | where host startswith '10.1' | evaluate ipv4_lookup(N, host, net, site)", "host, site, net, ip",
        "10.1.2.3|a|10.0.0.0/8|wide", "10.1.2.3|a|10.1.0.0/16|narrow", "10.1.2.3|a|10.1.2.3|host",
        "10.1.2.3|a|10.0.0.0/8|wide", "10.1.2.3|a|10.1.0.0/16|narrow", "10.1.2.3|a|10.1.2.3|host", "10.1.9.9|b|10.1.0.0/16|other")]
    [InlineData("A | where host !startswith '10.1' | evaluate ipv4_lookup(N, host, net, return_unmatched = true)", "host, site, net, site1, ip",
        "10.0.0.0/12|a|10.0.0.0/8|a|wide", "11.0.0.1|a|||", "no address|a|||")]
    [InlineData("A | distinct ip = host | evaluate ipv4_lookup(N, ip, net, false) | where ip1 == 'host'", "ip, net, site, ip1", "10.1.2.3|10.1.2.3|a|host")]
    [InlineData("print a = dynamic(['2001:0db8:0:1::5', '2001:db8::1', '::1', '::ffff:10.1.2.3']) | mv-expand a to typeof(string) | evaluate ipv6_lookup(V6, a, net, true)", "net, a",
        "2001:db8::/32|2001:0db8:0:1::5", "2001:db8:0:1::/64|2001:0db8:0:1::5", "2001:db8::/32|2001:db8::1", "|::1", "10.0.0.0/8|::ffff:10.1.2.3")]
    [InlineData("range x from 1 to 100 step 1 | summarize all = hll(x), even = hll(x * 2), third = hll(iff(x % 3 == 0, x, long(null))) | evaluate dcount_intersect(all, even, third) | project s0, s1, s2",
        "s0, s1, s2", "100|50|16")]
    [InlineData("V | evaluate activity_counts_metrics(who, at, datetime(2024-05-01), datetime(2024-05-04), 1d) | project at = format_datetime(at, 'MM-dd'), count_ = ['count'], dcount, new_dcount, aggregated_dcount",
        "at, count_, dcount, new_dcount, aggregated_dcount", "05-01|3|2|2|2", "05-03|2|2|1|3", "05-04|1|1|0|3")]
    [InlineData("V | extend who = iff(who == 'dan', '', who) | evaluate activity_counts_metrics(who, at, datetime(2024-05-01), datetime(2025-01-01), 'month', page) | project at = format_datetime(at, 'MM-dd'), page, ['count'], dcount, new_dcount, aggregated_dcount",
        "at, page, count, dcount, new_dcount, aggregated_dcount", "05-01|x|2|1|1|1", "05-01|y|3|2|2|2", "05-01||1|1|1|1", "06-01|x|1|1|1|2")]
    [InlineData("V | evaluate sliding_window_counts(who, at, datetime(2024-05-01), datetime(2024-05-04), 2d, 1d) | project at = format_datetime(at, 'MM-dd'), Count, Dcount",
        "at, Count, Dcount", "05-01|3|2", "05-02|3|2", "05-03|2|2", "05-04|3|3")]
    [InlineData("range x from 1 to 10 step 1 | extend k = x % 2, id = x % 3 | evaluate sliding_window_counts(id, x, 4, 9, 4, 2, k)", "x, k, Count, Dcount",
        "4|0|2|2", "4|1|2|2", "6|0|2|2", "6|1|2|2", "8|0|2|2", "8|1|2|2")]
    [InlineData("range x from 1 to 9 step 1 | where x < 4 or x > 6 | extend y = x * 2.0 | evaluate rolling_percentile(y, 99.5, x, 3, 2)", "x, rolling_2_percentile_y_99.5",
        "0|4.0", "3|6.0", "6|16.0", "9|18.0")]
    [InlineData("range h from 0 to 95 step 1 | extend t = datetime(2024-05-01) + 1h * h, k = h % 2 | evaluate rolling_percentile(h, 50, t, 1d, 2, k) | project t = format_datetime(t, 'MM-dd'), k, rolling_2_percentile_h_50",
        "t, k, rolling_2_percentile_h_50", "05-01|0|10", "05-01|1|11", "05-02|0|22", "05-02|1|23", "05-03|0|46", "05-03|1|47", "05-04|0|70", "05-04|1|71")]
    [InlineData("range x from 1 to 20 step 1 | evaluate rows_near(x in (3, 12), 1)", "x", "2", "3", "4", "11", "12", "13")]
    [InlineData("range x from 1 to 20 step 1 | evaluate rows_near(x in (1, 12, 13), 0, 2)", "x", "1", "2", "3", "12", "13", "14", "15")]
    public async Task Query_Plugin_GivesColumnsAndRows(string query, string columns, params string[] expected)
    {
        var answer = Assert.IsType<QueryAnswer>(await workspace.RunAsync(Networks + query, TestContext.Current.CancellationToken));

        Assert.Equal(columns, string.Join(", ", answer.Table.Columns.Select(c => c.Name)));
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            answer.Table.Rows.Select(row => string.Join('|', row.Select(WorkspaceQuery.Text))).Order(StringComparer.Ordinal));
    }
}
