using System.IO.Compression;
using System.Text;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class PortalLinkTests
{
    [Theory]
    [InlineData("portal.azure.com")]
    [InlineData("portal.azure.us")]
    [InlineData("portal.azure.cn")]
    public void To_HoldsWorkspaceQueryAndRange(string host)
    {
        const string Query = "Heartbeat\n| where Computer == 'a/b+c'\n| take 1";
        var range = new TimeRange(Some.Now.AddHours(-1), Some.Now);

        var link = PortalLink.To(host, Some.Workspace, new QueryLink(Query, range, Some.Workspace));

        var parts = new Uri(link).Fragment.Split('/');
        Assert.StartsWith($"https://{host}/#blade/Microsoft_Azure_Monitoring_Logs/LogsBlade/resourceId/%2Fsubscriptions%2F", link, StringComparison.Ordinal);
        Assert.Equal(["#blade", "Microsoft_Azure_Monitoring_Logs", "LogsBlade", "resourceId"], parts[..4]);
        Assert.Equal(Some.Workspace, Uri.UnescapeDataString(parts[4]));
        Assert.Equal(["source", "LogsBlade.AnalyticsShareLinkToQuery", "q"], parts[5..8]);
        Assert.Equal(Query, Unpack(Uri.UnescapeDataString(parts[8])));
        Assert.Equal(["timespan", "2026-03-02T11%3A00%3A00.000Z%2F2026-03-02T12%3A00%3A00.000Z"], parts[9..]);
    }

    private static string Unpack(string base64)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(base64)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
