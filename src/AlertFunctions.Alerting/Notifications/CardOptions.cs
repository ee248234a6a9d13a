namespace AlertFunctions.Alerting.Notifications;

/// <summary>What a deployment may choose about its cards.</summary>
public sealed record CardOptions
{
    public static CardOptions Default { get; } = new();

    /// <summary>
    /// The Azure portal's host, which differs by cloud: portal.azure.com, portal.azure.us (Government), portal.azure.cn (China).
    /// </summary>
    /// <value>Default: portal.azure.com.</value>
    public string PortalHost { get; init; } = "portal.azure.com";

    /// <summary>Makes the links of the buttons with which an alert is acknowledged and silenced; null for cards without them.</summary>
    public AlertLinks? Links { get; init; }

    /// <summary>
    /// The largest card, in bytes as serialised. Teams refuses a message above 28 KB of its own storage form, which is larger than what
    /// is posted (a request of 24,453 bytes was refused as 28,897: github.com/MicrosoftDocs/msteams-docs/issues/11274), and the webhook's
    /// caller is not told.
    /// </summary>
    /// <value>Default: 20,480.</value>
    public int MaxBytes { get; init; } = 20 * 1024;

    /// <summary>
    /// The longest link, in characters. Beyond it, what opens depends on the client and its browser; the query's text is shown instead.
    /// </summary>
    /// <value>Default: 2,048.</value>
    public int MaxLinkLength { get; init; } = 2048;
}
