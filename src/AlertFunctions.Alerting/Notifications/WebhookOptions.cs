namespace AlertFunctions.Alerting.Notifications;

/// <summary>Where a webhook may post and how long it may take.</summary>
public sealed record WebhookOptions
{
    /// <summary>
    /// Hosts that may be posted to: a name, or <c>*.</c> and a name for all below it. Anything else is refused before a connection is made.
    /// </summary>
    /// <value>Default: the hosts of Teams' Workflows webhooks.</value>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["*.logic.azure.com", "*.api.powerplatform.com"];

    /// <summary>The time one attempt may take.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the address may be posted to: https (plain http on loopback only) and a host on the list.</summary>
    public bool Allows(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var isSecure = address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
        return isSecure && address.UserInfo.Length == 0 && AllowedHosts.Any(host => Matches(host, address.IdnHost));
    }

    private static bool Matches(string pattern, string host) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length > pattern.Length - 1 && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
