using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Alerts;

namespace AlertFunctions.Cli.Report;

/// <summary>
/// Writes <c>index.html</c>: a table of alerts and the cards as Teams would show them. One file that opens from a disk; its content security policy
/// allows no network, and runs no script but the two that are written into it.
/// </summary>
internal static class ReportWriter
{
    /// <param name="folder">Where the page goes; made when it is missing.</param>
    /// <param name="alerts">What was found, in the order to list.</param>
    /// <param name="cards">What was sent, in the order to show, each with its card's JSON.</param>
    /// <param name="cancellationToken">Stops between files; the page is whole or not there.</param>
    /// <returns>The page's path.</returns>
    public static async Task<string> WriteAsync(
        string folder,
        IReadOnlyList<AlertRecord> alerts,
        IReadOnlyList<(SentCard Card, string Json)> cards,
        CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(cards);

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "index.html");
        var unfinished = path + ".tmp";
        await File.WriteAllTextAsync(unfinished, Page(alerts, cards), cancellationToken);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private static string Page(IReadOnlyList<AlertRecord> alerts, IReadOnlyList<(SentCard Card, string Json)> cards)
    {
        var library = Asset("adaptivecards.min.js");
        var script = Asset("report.js");
        var style = Asset("report.css");
        var page = new StringBuilder(library.Length + 64 * 1024);
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en" data-theme="light">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src {Hash(library)} {Hash(script)}; style-src {Hash(style)}; base-uri 'none'; form-action 'none'">
            <title>AlertFunctions: {alerts.Count} alerts</title>
            <style>{style}</style>
            </head>
            <body>
            <header><h1>{Count(alerts.Count, "alert", "alerts")}</h1><button class="theme" type="button">Light or dark</button></header>
            <main>
            <p class="note">{Count(cards.Count, "card", "cards")} as Microsoft Teams shows them; times are UTC.</p>

            """);
        AlertTable(page, alerts);
        page.Append("<h2>Cards</h2>\n");
        foreach (var (card, _) in cards)
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <article><p class="from">{Time(card.At)} to {Html(card.Receiver)}: {Caption(card.Reason)}</p><div class="card"></div></article>

                """);
        }

        // A card's JSON is ASCII without < or &, so it cannot end this element.
        var json = string.Join(",\n", cards.Select(card => card.Json));
        page.Append("</main>\n");
        page.Append(CultureInfo.InvariantCulture, $"<script type=\"application/json\" id=\"cards\">[{json}]</script>\n");
        page.Append(CultureInfo.InvariantCulture, $"<script>{library}</script>\n<script>{script}</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void AlertTable(StringBuilder page, IReadOnlyList<AlertRecord> alerts)
    {
        page.Append("<table class=\"alerts\"><thead><tr><th>Severity</th><th>What</th><th>Detection</th><th>When</th><th>Records</th></tr></thead><tbody>\n");
        foreach (var alert in alerts)
        {
            var badge = alert.State == AlertState.Resolved ? "Resolved" : alert.Severity.ToString();
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr><td><span class="badge {badge.ToLowerInvariant()}">{badge}</span></td><td>{Html(alert.Title)}</td><td class="name">{Html(alert.Detection)}</td><td class="time">{Time(alert.StartsAt)}</td><td class="number">{alert.Count:N0}</td></tr>

                """);
        }

        page.Append("</tbody></table>\n");
    }

    private static string Caption(NotifyReason reason) => reason switch
    {
        NotifyReason.FirstNotification => "new",
        NotifyReason.NewAlertsInGroup => "more of a group that it knows",
        NotifyReason.AlertsResolved => "over",
        NotifyReason.RepeatIntervalElapsed => "still firing, told again",
        _ => throw new InvalidOperationException($"Unreachable: {reason}."),
    };

    private static string Count(int count, string one, string many) =>
        count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many}");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Html(string text) => HtmlEncoder.Default.Encode(CardText.Clean(text));

    private static string Hash(string content) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";

    private static string Asset(string name)
    {
        using var stream = typeof(ReportWriter).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly holds no {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // A browser hashes what its parser saw, which has normalised line ends and no byte order mark.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
