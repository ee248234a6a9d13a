using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.AzureServices.Directory;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Users.Item.Teamwork.SendActivityNotification;

namespace AlertFunctions.AzureServices.Notifications;

/// <summary>Whom a <see cref="TeamsActivityNotifier"/> tells, and where it leads them.</summary>
public sealed record TeamsActivityOptions
{
    /// <summary>Object ids or user principal names of the people on call. At least one.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    /// <summary>What opens on a click: a link into Teams, such as that of the channel with the cards. Graph takes no other.</summary>
    public required Uri Link { get; init; }
}

/// <summary>
/// Tells people in their Teams activity feed, which rings their telephones where they let it. The app needs TeamsActivity.Send, and the Teams app that
/// belongs to its identity must be installed for each of them. What is told of a group again replaces what was told before. Told is told: those who cannot
/// be reached fail the notification only where nobody else was.
/// Source: learn.microsoft.com/graph/api/userteamwork-sendactivitynotification.
/// </summary>
public sealed class TeamsActivityNotifier(GraphServiceClient graph, TeamsActivityOptions options, GraphOptions graphOptions) : INotifier
{
    /// <summary>Teams shows so much.</summary>
    private const int MaxPreview = 150;

    public async Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var told = 0;
        var faults = new List<GraphFault>();
        foreach (var user in options.Users)
        {
            try
            {
                await graph.Users[user].Teamwork.SendActivityNotification.PostAsync(
                    Activity(notification), request => request.Options.Add(GraphClient.Retries(graphOptions)), cancellationToken);
                told++;
            }
            catch (Exception exception) when (GraphFault.Of(exception, cancellationToken) is { } fault)
            {
                faults.Add(fault);
                if (fault.Status == 429)
                {
                    break;
                }
            }
        }

        return faults.FirstOrDefault(IsPassing) is { } passing ? Result(passing)
            : told > 0 || faults.Count == 0 ? new Sent()
            : Result(faults[0]);
    }

    private SendActivityNotificationPostRequestBody Activity(Notification notification)
    {
        var text = Text(notification);
        return new SendActivityNotificationPostRequestBody
        {
            Topic = new TeamworkActivityTopic { Source = TeamworkActivityTopicSource.Text, Value = "Alerts", WebUrl = options.Link.ToString() },
            ActivityType = "systemDefault",
            PreviewText = new ItemBody { Content = text },
            TemplateParameters = [new Microsoft.Graph.Models.KeyValuePair { Name = "systemDefaultText", Value = text }],
            ChainId = ChainOf(notification.Group.Key),
        };
    }

    private static string Text(Notification notification)
    {
        var alerts = notification.Group.Alerts;
        var first = alerts[0];
        var more = alerts.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {alerts.Count - 1} more");
        var state = alerts.All(alert => alert.State == AlertState.Resolved) ? "Resolved" : first.Severity.ToString();
        return $"{state}: {Excerpt.Of(CardText.Clean(first.Title), MaxPreview - state.Length - 2 - more.Length)}{more}";
    }

    /// <summary>The same number for the same group: Graph then replaces instead of adding.</summary>
    private static long ChainOf(string groupKey) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(groupKey))) & long.MaxValue;

    private static bool IsPassing(GraphFault fault) => fault.Status is 0 or 408 or 429 or >= 500;

    private static NotifyResult Result(GraphFault fault)
    {
        var detail = $"Microsoft Graph: {fault.Detail}";
        return fault.Status == 0 ? new Retry(FailureReason.ConnectionFailed, detail) : HttpAnswer.Result(fault.Status, detail, fault.RetryAfter);
    }
}
