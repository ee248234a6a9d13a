namespace AlertFunctions.Kql.Tests.Operators;

/// <summary>parse-kv, on the examples of learn.microsoft.com/kusto/query/parse-kv-operator and forms between them.</summary>
public sealed class ParseKvTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    [Theory]
    [InlineData(
        "print str='ThreadId:458745723, Machine:Node001, Text: The service is up, Level: Info'"
        + "| parse-kv str as (Text: string, ThreadId:long, Machine: string) with (pair_delimiter=',', kv_delimiter=':') | project-away str",
        "The service is up | 458745723 | Node001")]
    [InlineData(
        "print str='src=10.1.1.123 dst=10.1.1.124 bytes=125 failure=\"connection aborted\" \"event time\"=2021-01-01T10:00:54'"
        + "| parse-kv str as (['event time']:datetime, src:string, dst:string, bytes:long, failure:string) with (pair_delimiter=' ', kv_delimiter='=', quote='\"') | project-away str",
        "2021-01-01T10:00:54.0000000Z | 10.1.1.123 | 10.1.1.124 | 125 | connection aborted")]
    [InlineData(
        "print str='src=10.1.1.123 bytes=125 failure=(connection aborted) (event time)=(2021-01-01 10:00:54)'"
        + "| parse-kv str as (['event time']:datetime, src:string, bytes:long, failure:string) with (pair_delimiter=' ', kv_delimiter='=', quote='()') | project-away str",
        "2021-01-01T10:00:54.0000000Z | 10.1.1.123 | 125 | connection aborted")]
    [InlineData(
        "print str=@'bytes=125 failure=\"the remote host sent \\\"bye!\\\"\" time=2021-01-01T10:00:54'"
        + "| parse-kv str as (bytes:long, failure:string) with (pair_delimiter=' ', kv_delimiter='=', quote='\"', escape='\\\\') | project-away str",
        "125 | the remote host sent \"bye!\"")]
    [InlineData(
        "print str='name=John Doe phone=555 5555 city=New York'"
        + "| parse-kv str as (name:string, phone:string, city:string) with (pair_delimiter=' ', kv_delimiter='=') | project-away str",
        "John | 555 | New")]
    [InlineData(
        "print str='name=John Doe phone=555 5555 city=New York'"
        + "| parse-kv str as (name:string, phone:string, city:string) with (pair_delimiter=' ', kv_delimiter='=', greedy=true) | project-away str",
        "John Doe | 555 5555 | New York")]
    [InlineData(
        "print str='2021-01-01T10:00:34 [INFO] ThreadId:458745723, Machine:Node001, Text: Started'"
        + "| parse-kv str as (Text: string, ThreadId:long, Machine: string) | project-away str",
        "Started | 458745723 | Node001")]
    [InlineData(
        "print str=@\"2021-01-01T10:00:34 [INFO] ThreadId:458745723, Machine:Node001, Text: 'The service \\' is up'\""
        + "| parse-kv str as (Text: string, ThreadId:long, Machine: string) with (quote=\"'\", escape='\\\\') | project-away str",
        "The service ' is up | 458745723 | Node001")]
    [InlineData(
        "print str=@'[\"referer url: https://hostname.com/redirect?dest=/?h=1234\", \"request url: https://hostname.com/?h=1234\", \"advertiser id: 24fefbca-cf27-4d62-a623-249c2ad30c73\"]'"
        + "| parse-kv str as (['referer url']:string, ['request url']:string, ['advertiser id']: guid) with (regex=@'\"([\\w ]+)\\s*:\\s*([^\"]*)\"') | project-away str",
        "https://hostname.com/redirect?dest=/?h=1234 | https://hostname.com/?h=1234 | 24fefbca-cf27-4d62-a623-249c2ad30c73")]
    [InlineData("print s='a=1;a=2;b' | parse-kv s as (a:long, b:string, c:long) with (pair_delimiter=';', kv_delimiter='=') | project-away s", "1 |  | ")]
    [InlineData("print s='' | parse-kv s as (a:long) with (pair_delimiter=';', kv_delimiter='=') | project a", "")]
    [InlineData("print s='a=' | parse-kv s as (a:string) with (pair_delimiter=';', kv_delimiter='=') | project a, isempty(a)", " | true")]
    [InlineData("print s='a=\"open;b=2' | parse-kv s as (a:string, b:long) with (pair_delimiter=';', kv_delimiter='=', quote='\"') | project a, b", "\"open | 2")]
    public async Task Query_ParseKv_GivesColumns(string query, string expected) =>
        Assert.Equal(expected, await workspace.TextAsync(query, TestContext.Current.CancellationToken));
}
