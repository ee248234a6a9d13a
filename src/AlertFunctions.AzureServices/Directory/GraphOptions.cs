namespace AlertFunctions.AzureServices.Directory;

/// <summary>Which Microsoft Graph to ask, and how long to wait for it.</summary>
public sealed record GraphOptions
{
    /// <summary>The public cloud. Source of all three: learn.microsoft.com/graph/deployments.</summary>
    public static GraphOptions AzurePublic { get; } = new() { Endpoint = new Uri("https://graph.microsoft.com") };

    public static GraphOptions AzureGovernment { get; } = new() { Endpoint = new Uri("https://graph.microsoft.us") };

    /// <summary>Azure operated by 21Vianet.</summary>
    public static GraphOptions AzureChina { get; } = new() { Endpoint = new Uri("https://microsoftgraph.chinacloudapi.cn") };

    /// <summary>Scheme and host; the version is added.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The time one request may take, its retries included. A name is not worth more: the alert waits for it.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a request is sent again that was throttled or met a fault of the service.</summary>
    /// <value>The default value is 2.</value>
    public int MaxRetries { get; init; } = 2;

    /// <summary>A wait that would be longer than this is not waited: the caller is told instead.</summary>
    /// <value>The default value is 5 seconds.</value>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(5);
}
