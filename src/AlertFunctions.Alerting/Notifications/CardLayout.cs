using System.Globalization;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>
/// What stands where on a card. From the top: how bad it is and why it is sent, what happened, the facts that say where, what to do, the rows, and
/// the links. A group of several alerts has an overview first.
/// </summary>
internal sealed class CardLayout(CardWriter card, CardOptions options, CardLimits limits)
{
    public void Write(Notification notification)
    {
        var alerts = notification.Group.Alerts;
        var detailed = alerts.Take(limits.Detailed).ToList();
        var links = QueryLinks.Of(detailed, options);

        card.StartCard(Fallback(notification));
        Header(notification);
        if (alerts.Count > 1)
        {
            Overview(alerts);
        }

        var said = "";
        foreach (var alert in detailed)
        {
            Detail(alert, isOnlyOne: alerts.Count == 1, isDescriptionNew: alert.Description != said);
            Buttons(alert, notification.Now);
            said = alert.Description;
        }

        foreach (var (runbook, _) in detailed.Select(alert => (alert.Runbook, alert.Detection)).DistinctBy(pair => pair.Runbook))
        {
            WriteRunbook(runbook);
        }

        foreach (var link in links)
        {
            Query(link);
        }

        Footer(notification);
        card.StartActions();
        foreach (var link in links)
        {
            if (link.Url is not null)
            {
                card.OpenUrl(link.Title, link.Url);
            }
            else
            {
                card.Toggle(link.Title, link.ElementId);
            }
        }

        card.EndCard();
    }

    private static string Fallback(Notification notification)
    {
        var worst = Worst(notification.Group.Alerts);
        var text = $"{SeverityLook.Of(worst).Name}: {CardText.Clean(worst.Title, 100)}";
        return notification.Group.Alerts.Count == 1 ? text : text + " " + More(notification.Group.Alerts.Count - 1);
    }

    private static Alert Worst(IReadOnlyList<Alert> alerts) =>
        alerts.FirstOrDefault(alert => alert.State == AlertState.Firing) ?? alerts[0];

    private static string More(int others) => string.Create(CultureInfo.InvariantCulture, $"and {others:N0} more");

    private void Header(Notification notification)
    {
        var alerts = notification.Group.Alerts;
        var worst = Worst(alerts);
        var look = SeverityLook.Of(worst);
        card.StartContainer(look.Style, bleed: true);
        card.StartColumns();
        card.StartColumn("stretch");
        card.Text($"{look.Name} · {Reason(notification)}", new TextLook(Size: "Small", Color: look.Color, Bold: true));
        card.End();
        card.StartColumn("auto");
        card.Text(Tally(alerts), new TextLook(Size: "Small", Right: true, Bold: true));
        card.End();
        card.End();
        card.Text(Title(worst), new TextLook(Size: "Large", Spacing: "Small", Bold: true, Heading: true));
        if (alerts.Count > 1)
        {
            card.Text(More(alerts.Count - 1), new TextLook(Spacing: "None", Subtle: true));
        }

        card.End();
    }

    private static string Reason(Notification notification) => notification.Reason switch
    {
        NotifyReason.FirstNotification => "new",
        NotifyReason.NewAlertsInGroup => "more alerts of this group",
        NotifyReason.AlertsResolved => notification.Group.Alerts.All(alert => alert.State == AlertState.Resolved)
            ? "it is over"
            : "some of this group are over",
        NotifyReason.RepeatIntervalElapsed => "still firing",
        _ => throw new InvalidOperationException($"Unreachable: {notification.Reason}"),
    };

    private static string Tally(IReadOnlyList<Alert> alerts)
    {
        var resolved = alerts.Count(alert => alert.State == AlertState.Resolved);
        var firing = alerts.Count - resolved;
        return (firing, resolved) switch
        {
            (1, 0) or (0, 1) => Seen(alerts[0].Count),
            (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{firing:N0} alerts"),
            (0, _) => string.Create(CultureInfo.InvariantCulture, $"{resolved:N0} resolved"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{firing:N0} firing, {resolved:N0} resolved"),
        };
    }

    private static string Seen(long rows) => rows == 1 ? "1 record" : string.Create(CultureInfo.InvariantCulture, $"{rows:N0} records");

    private string Title(Alert alert) => CardText.Clean(alert.Title, Math.Max(80, limits.Value));

    private void Overview(IReadOnlyList<Alert> alerts)
    {
        card.Table(
            ["Severity", "What", "When", "Records"],
            [2, 7, 4, 2],
            alerts.Take(limits.Listed).Select(alert => new[]
            {
                SeverityLook.Of(alert).Name,
                Title(alert),
                CellText.Time(alert.StartsAt),
                alert.Count.ToString("N0", CultureInfo.InvariantCulture),
            }));
        LeftOut(alerts.Count - limits.Listed, "alert is not listed", "alerts are not listed");
    }

    private void Detail(Alert alert, bool isOnlyOne, bool isDescriptionNew)
    {
        card.StartContainer(separator: !isOnlyOne);
        if (!isOnlyOne)
        {
            card.Text(Title(alert), new TextLook(Bold: true, Color: SeverityLook.Of(alert).Color));
        }

        if (isDescriptionNew && alert.Description.Length > 0)
        {
            card.Text(CardText.Clean(alert.Description, limits.Prose));
        }

        var content = AlertContent.Of(alert, limits);
        card.Facts(content.Facts);
        LeftOut(content.FactsLeft, "further fact is not shown", "further facts are not shown");
        if (content.Rows.Count > 0)
        {
            card.Table(content.Columns, content.Widths, content.Rows);
        }

        LeftOut(content.RowsLeft, "further record is not shown", "further records are not shown");
        LeftOut(content.ColumnsLeft, "further column is not shown", "further columns are not shown");
        card.End();
    }

    private void Buttons(Alert alert, DateTimeOffset now)
    {
        if (options.Links is { } links && alert.State == AlertState.Firing)
        {
            card.StartActionSet();
            card.OpenUrl("Acknowledge", links.UrlOf(new AlertLink(LinkAction.Acknowledge, alert.Fingerprint, now)).AbsoluteUri);
            card.OpenUrl("Silence", links.UrlOf(new AlertLink(LinkAction.Silence, alert.Fingerprint, now)).AbsoluteUri);
            card.End();
        }
    }

    private void WriteRunbook(string runbook)
    {
        var blocks = Runbook.Blocks(runbook, limits.Author, out var left);
        if (blocks.Count == 0 && left == 0)
        {
            return;
        }

        card.StartContainer("emphasis");
        card.Text("What to do", new TextLook(Size: "Medium", Bold: true, Heading: true));
        foreach (var block in blocks)
        {
            card.Markdown(block.Markdown, block.Kind switch
            {
                RunbookBlockKind.Heading => new TextLook(Bold: true),
                RunbookBlockKind.Code => new TextLook(Size: "Small", Monospace: true),
                _ => new TextLook(Spacing: "Small"),
            });
        }

        LeftOut(left, "character of the runbook is left out", "characters of the runbook are left out; the detection's file has them");
        card.End();
    }

    private void Query(AlertQuery link)
    {
        if (link.Url is not null)
        {
            return;
        }

        card.StartContainer("emphasis", hiddenId: link.ElementId);
        card.Text($"{link.Why} Time range: {CellText.Time(link.Query.Range.Start)} to {CellText.Time(link.Query.Range.End)}.", new TextLook(Size: "Small", Subtle: true));
        var left = 0;
        var used = 0;
        var lines = new List<string>();
        foreach (var line in link.Query.Text.ReplaceLineEndings("\n").Trim('\n').Split('\n'))
        {
            if (left > 0 || used + line.Length > limits.Author)
            {
                left += line.Length + 1;
                continue;
            }

            used += line.Length + 1;
            lines.Add(Runbook.CodeLine(line));
        }

        if (lines.Count > 0)
        {
            card.Markdown(string.Join("\n\n", lines), new TextLook(Size: "Small", Monospace: true));
        }

        LeftOut(left, "character of the query is left out", "characters of the query are left out; the detection's file has them");
        card.End();
    }

    private void Footer(Notification notification)
    {
        var alerts = notification.Group.Alerts;
        var detections = alerts.Select(alert => alert.Detection).Distinct(StringComparer.Ordinal).ToList();
        var shown = string.Join(", ", detections.Take(3).Select(id => CardText.Clean(id, 80)));
        var more = detections.Count > 3 ? " " + More(detections.Count - 3) : "";
        var alert = alerts.Count == 1 ? $" · alert {CardText.Clean(alerts[0].Fingerprint, 32)}" : "";
        card.Text(
            $"Detection {shown}{more}{alert} · sent {CellText.Time(notification.Now)} to {CardText.Clean(notification.Group.Receiver, 40)}",
            new TextLook(Size: "Small", Subtle: true));
    }

    private void LeftOut(long count, string one, string many)
    {
        if (count > 0)
        {
            card.Text(
                count == 1 ? $"1 {one}." : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many}."),
                new TextLook(Size: "Small", Subtle: true));
        }
    }
}
