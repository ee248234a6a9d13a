using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// The address that opens a query with its time range in the portal's Logs page: the query is gzipped, in base64 and percent-encoded. The form is
/// the one of the portal's own "Copy link" and of github.com/microsoft/BCTech/blob/master/samples/AppInsights/HTML/README.md.
/// </summary>
internal static class PortalLink
{
    public static string To(string portalHost, string workspaceResourceId, QueryLink query)
    {
        var range = $"{Iso(query.Range.Start)}/{Iso(query.Range.End)}";
        return $"https://{portalHost}/#blade/Microsoft_Azure_Monitoring_Logs/LogsBlade"
            + $"/resourceId/{Uri.EscapeDataString(workspaceResourceId)}"
            + $"/source/LogsBlade.AnalyticsShareLinkToQuery/q/{Uri.EscapeDataString(Convert.ToBase64String(Gzip(query.Text)))}"
            + $"/timespan/{Uri.EscapeDataString(range)}";
    }

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
