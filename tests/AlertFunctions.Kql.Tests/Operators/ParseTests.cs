namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>parse and parse-where in their three kinds; facts of learn.microsoft.com/kusto/query/parse-operator and its examples.</summary>
public sealed class ParseTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    [Theory]

    // A text parses as a whole or not at all, unless it is relaxed.
    [InlineData("print s='pod=a, at=never' | parse s with 'pod=' pod ', at=' at:datetime | project isempty(pod), isnull(at)", "true | true")]
    [InlineData("print s='pod=a, at=never' | parse kind=relaxed s with 'pod=' pod ', at=' at:datetime | project pod, isnull(at)", "a | true")]
    [InlineData("print s='a=1 b=99999999999' | parse s with 'a=' a:long ' b=' b:int | project a, b", " | ")]
    [InlineData("datatable(s:string)['at=2026-01-02', 'at=never', 'on=2026-01-02'] | parse-where s with 'at=' at:datetime | project at", "2026-01-02T00:00:00.0000000Z")]
    [InlineData("datatable(s:string)['a=x', 'b=x'] | parse-where s with 'a=' a | project a", "x")]

    // What anything may follow ends with the characters of its type.
    [InlineData("print s='n=12, x=3' | parse kind=relaxed s with 'n=' n:long * 'x=' x:long | project n, x", "12 | 3")]
    [InlineData("print s='n=none, x=3' | parse kind=relaxed s with 'n=' n:long * 'x=' x:long | project n, x", " | 3")]
    [InlineData("print s='at 2026-01-02 03:04:05 for me' | parse s with 'at ' at:datetime * 'for ' whom | project at, whom", "2026-01-02T03:04:05.0000000Z | me")]

    // A regular expression takes as much as it can, and its own groups are no columns.
    [InlineData("print s='pod=a,b,c' | parse kind=regex s with 'pod=' pod ',' * | project pod", "a,b")]
    [InlineData("print s='POD=a,b,c' | parse kind=regex flags=Ui s with 'pod=' pod ',' * | project pod", "a")]
    [InlineData("print s='x=1;y=2' | parse kind=regex s with '([a-z])=' x:long '(;)(?P<name>y)=' y:long | project x, y", "1 | 2")]
    [InlineData(@"print s='a\nb' | parse kind=regex s with 'a' x 'b' | project strlen(x)", "0")]
    [InlineData(@"print s='a\nb' | parse kind=regex flags=s s with 'a' x 'b' | project strlen(x)", "1")]
    [InlineData(@"print s='a\nb\n' | parse s with 'a' x 'b' * | project strlen(x)", "1")]

    [InlineData(
        "print s='1 2 3 4 5 6 7 8 9 10 11' | parse s with a:long ' ' b:long ' ' c:long ' ' d:long ' ' e:long ' ' f:long ' ' g:long ' ' h:long ' ' i:long ' ' j:long ' ' k:long | project a, j, k",
        "1 | 10 | 11")]
    [InlineData("print n=404 | parse n with '4' middle:long '4' | project middle", "0")]
    public async Task Query_Parse_FillsColumns(string query, string expected) =>
        Assert.Equal(expected, await workspace.TextAsync(query, TestContext.Current.CancellationToken));
}
