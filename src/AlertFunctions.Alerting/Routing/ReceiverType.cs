namespace AlertFunctions.Alerting.Routing;

/// <summary>What routes.yaml calls the kinds of receivers.</summary>
public static class ReceiverType
{
    /// <summary>A Workflows webhook of Teams: adaptive cards.</summary>
    public const string Teams = "teams";

    /// <summary>Any webhook: an alert a message, in Azure Monitor's common alert schema.</summary>
    public const string Webhook = "webhook";

    /// <summary>An Event Grid topic: CloudEvents.</summary>
    public const string EventGrid = "eventGrid";

    /// <summary>The activity feed of people on call, through Microsoft Graph.</summary>
    public const string TeamsActivity = "teamsActivity";

    /// <summary>A folder of cards: one machine's.</summary>
    public const string File = "file";
}
