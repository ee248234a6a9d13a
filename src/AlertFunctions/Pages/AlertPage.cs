using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.State;
using AlertFunctions.Hosting;

namespace AlertFunctions.Pages;

/// <summary>
/// The pages behind a card's buttons: plain HTML without script, every value escaped, nothing loaded from elsewhere, in no cache, in no frame, and no address
/// passed on.
/// </summary>
internal static class AlertPage
{
    private const string Style = """
        :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
        body{max-width:40rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.4rem;margin:0 0 .5rem;overflow-wrap:anywhere}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:1rem 0}
        dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
        label{display:block;margin:.75rem 0 .25rem}
        input[type=text]{width:100%;box-sizing:border-box}
        input,select,button{font:inherit;padding:.4rem .6rem}
        button{margin-top:1rem;cursor:pointer}
        p.small{font-size:.85rem;opacity:.7}
        """;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private static readonly Dictionary<string, string> Headers = new()
    {
        ["Content-Security-Policy"] = $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ["Cache-Control"] = "no-store",
        ["Referrer-Policy"] = "no-referrer",
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Robots-Tag"] = "noindex, nofollow",
    };

    /// <summary>How long an alert can be silenced by a link: the form's value → words. A longer silence is for whoever may write to the store.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Durations { get; } = [new("1", "1 hour"), new("4", "4 hours"), new("24", "1 day")];

    /// <summary>Shows the alert and asks whether to go on.</summary>
    public static HttpResult Ask(AlertRecord alert, AlertLink link)
    {
        var acknowledges = link.Action == LinkAction.Acknowledge;
        var html = new StringBuilder();
        html.Append("<h1>").Append(Escape(alert.Title)).Append("</h1><dl>");
        Fact(html, "Severity", alert.Severity.ToString());
        Fact(html, "State", alert.State == AlertState.Firing ? "firing" : "over");
        Fact(html, "Since", Time(alert.StartsAt));
        foreach (var (name, value) in alert.Labels.Where(label => label.Key != LabelNames.Severity).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            Fact(html, name, value);
        }

        if (alert.Acknowledged is { } acknowledged)
        {
            Fact(html, "Acknowledged", $"by {acknowledged.By}, {Time(acknowledged.At)}");
        }

        html.Append("</dl><form method=\"post\">");
        if (!acknowledges)
        {
            html.Append("<label for=\"hours\">Hear nothing of this alert for</label><select id=\"hours\" name=\"hours\">");
            foreach (var (value, words) in Durations)
            {
                html.Append("<option value=\"").Append(Escape(value)).Append("\">").Append(Escape(words)).Append("</option>");
            }

            html.Append("</select>");
        }

        html.Append("<label for=\"by\">Your name, for the others</label><input id=\"by\" name=\"by\" type=\"text\" maxlength=\"60\" autocomplete=\"name\">")
            .Append("<button>").Append(acknowledges ? "Acknowledge" : "Silence").Append("</button></form><p class=\"small\">")
            .Append(acknowledges ? "An acknowledged alert is not repeated until it is over or becomes worse. " : "")
            .Append("Whoever has this link can use it until ").Append(Escape(Time(link.ExpiresAt))).Append(".</p>");
        return Page(200, acknowledges ? "Acknowledge an alert" : "Silence an alert", html.ToString());
    }

    public static HttpResult Message(int status, string title, string text) => Page(status, title, $"<h1>{Escape(title)}</h1><p>{Escape(text)}</p>");

    /// <summary>One answer for every link that does not hold, so that trying tells nothing.</summary>
    public static HttpResult NotValid() => Message(403, "This link is not valid", "It is more than a day old, was revoked, or is not whole. A newer card has a newer one.");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static void Fact(StringBuilder html, string name, string value) =>
        html.Append("<dt>").Append(Escape(name)).Append("</dt><dd>").Append(Escape(value)).Append("</dd>");

    private static string Escape(string text) => HtmlEncoder.Default.Encode(text);

    private static HttpResult Page(int status, string title, string body) => new(
        status,
        "text/html; charset=utf-8",
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Escape(title)}</title><style>{Style}</style></head><body>{body}</body></html>")
    {
        Headers = Headers,
    };
}
