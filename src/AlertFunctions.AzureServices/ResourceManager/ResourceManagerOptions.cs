namespace AlertFunctions.AzureServices.ResourceManager;

/// <summary>Which Azure Resource Manager to ask, and how long to wait for it.</summary>
public sealed record ResourceManagerOptions
{
    /// <summary>The public cloud. Source of all three: Azure.ResourceManager's ArmEnvironment, learn.microsoft.com/dotnet/api/azure.resourcemanager.armenvironment.</summary>
    public static ResourceManagerOptions AzurePublic { get; } = new()
    {
        Endpoint = new Uri("https://management.azure.com"),
        Audience = "https://management.azure.com",
    };

    public static ResourceManagerOptions AzureGovernment { get; } = new()
    {
        Endpoint = new Uri("https://management.usgovcloudapi.net"),
        Audience = "https://management.usgovcloudapi.net",
    };

    /// <summary>Azure operated by 21Vianet.</summary>
    public static ResourceManagerOptions AzureChina { get; } = new()
    {
        Endpoint = new Uri("https://management.chinacloudapi.cn"),
        Audience = "https://management.chinacloudapi.cn",
    };

    public required Uri Endpoint { get; init; }

    /// <summary>What tokens are asked for, without the trailing /.default.</summary>
    public required string Audience { get; init; }

    /// <summary>The time one attempt may take.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is sent again that was throttled or met a fault of the service.</summary>
    /// <value>The default value is 3.</value>
    public int MaxRetries { get; init; } = 3;

    /// <summary>The wait before the first retry where the service does not say; it doubles.</summary>
    /// <value>The default value is 0.8 seconds.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.8);

    /// <summary>A Retry-After that is longer is not waited for: the caller is told instead.</summary>
    /// <value>The default value is 20 seconds.</value>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(20);
}
