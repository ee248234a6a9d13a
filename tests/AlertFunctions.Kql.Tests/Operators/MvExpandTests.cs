namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>Values taken apart into rows. Source: learn.microsoft.com/kusto/query/mv-expand-operator.</summary>
public sealed class MvExpandTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    [Theory]
    [InlineData("print a = dynamic([1, null, 'x', {'b':2}, [], 1.5]) | mv-expand a", "1\n\nx\n{\"b\":2}\n[]\n1.5")]
    [InlineData("print a = dynamic([1, null, 'x']) | mv-expand with_itemindex=i a | where isnull(a) | project i", "1")]
    [InlineData("print a = dynamic({'b':1, 'c':{'d':'e'}}) | mv-expand a", "{\"b\":1}\n{\"c\":{\"d\":\"e\"}}")]
    [InlineData("print a = dynamic({'b':1, 'c':{'d':'e'}}) | mv-expand kind=array a", "[\"b\",1]\n[\"c\",{\"d\":\"e\"}]")]
    [InlineData("print a = dynamic([]), b = dynamic({}), c = dynamic(null), d = dynamic('x'), n = 1 | mv-expand a, b, c, d | project isnull(a), isnull(b), isnull(c), d, n", "true | true | true | x | 1")]
    [InlineData("print s = '[1, 2]' | mv-expand a = parse_json(s) | project a", "1\n2")]
    [InlineData("print s = '[1, 2' | mv-expand a = parse_json(s) | project a", "[1, 2")]
    [InlineData("print s = '', n = 1 | mv-expand a = parse_json(s) | project isnull(a), n", "true | 1")]
    [InlineData("datatable(s:string)['[1,2]', '', '{\"a\":3}', 'x', '[]', '[\"y\"]'] | mv-expand a = parse_json(s) | project strcat(s, '=', a)", "[1,2]=1\n[1,2]=2\n=\n{\"a\":3}={\"a\":3}\nx=x\n[\"y\"]=y")]
    [InlineData("datatable(n:long, d:dynamic)[1, dynamic([]), 2, dynamic({}), 3, dynamic(null), 4, dynamic([5])] | mv-expand d | project n, d", "3 | \n4 | 5")]
    [InlineData("print a = dynamic([]), b = dynamic([1, 2]) | mv-expand with_itemindex=i a, b | project a, b, i", " | 1 | 0\n | 2 | 1")]
    [InlineData("datatable(n:long, d:dynamic)[1, dynamic([]), 2, dynamic([3, 4])] | mv-apply x = d to typeof(long) on (summarize s = sum(x)) | project n, s", "2 | 7")]
    [InlineData("datatable(n:long, d:dynamic)[1, dynamic([]), 2, dynamic([3, 4])] | mv-apply x = d to typeof(long) on (where x > 3) | project n, x", "2 | 4")]
    [InlineData("print a = range(1, 5), b = dynamic(['x', 'y']) | mv-expand with_itemindex=i a to typeof(long), b to typeof(string) limit 3", "1 | x | 0\n2 | y | 1\n3 |  | 2")]
    [InlineData("print a = dynamic([[1, 2], [3]]) | mv-expand a | mv-expand a to typeof(long) | summarize sum(a)", "6")]
    [InlineData("print a = split('one,two', ',') | mv-expand a to typeof(string) | where a == 'two'", "two")]
    [InlineData("range n from 1 to 5000 step 1 | extend a = range(1, n % 3) | mv-expand a to typeof(long) | summarize count(), sum(a), countif(isnull(a))", "5001 | 6668 | 0")]
    [InlineData("range n from 1 to 3000 step 1 | mv-expand a = parse_json(strcat('[', n, ',\"number ', n, ' of all\"]')) | where n == 2999", "2999 | 2999\n2999 | number 2999 of all")]
    [InlineData("print a = range(1, 300) | mvexpand a | count", "128")]
    [InlineData("print a = range(1, 300) | mvexpand a limit 200 | count", "200")]
    [InlineData("print a = range(1, 300) | mv-expand a | count", "300")]
    public async Task MvExpand_Value_GivesARowForEachItem(string query, string rows) =>
        Assert.Equal(rows, await workspace.TextAsync(query, TestContext.Current.CancellationToken));
}
