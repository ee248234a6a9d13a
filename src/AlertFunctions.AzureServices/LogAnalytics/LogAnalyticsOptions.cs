namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>Which Log Analytics to ask, and how long to wait for it.</summary>
public sealed record LogAnalyticsOptions
{
    /// <summary>The public cloud. Source: learn.microsoft.com/azure/azure-monitor/logs/api/access-api.</summary>
    public static LogAnalyticsOptions AzurePublic { get; } = new()
    {
        Endpoint = new Uri("https://api.loganalytics.azure.com"),
        Audience = "https://api.loganalytics.io",
    };

    /// <summary>Azure Government. Source: the audiences of the Azure SDK for .NET, LogsQueryAudience.cs.</summary>
    public static LogAnalyticsOptions AzureGovernment { get; } = new()
    {
        Endpoint = new Uri("https://api.loganalytics.us"),
        Audience = "https://api.loganalytics.us",
    };

    /// <summary>Azure operated by 21Vianet. Source: as for Azure Government.</summary>
    public static LogAnalyticsOptions AzureChina { get; } = new()
    {
        Endpoint = new Uri("https://api.loganalytics.azure.cn"),
        Audience = "https://api.loganalytics.azure.cn",
    };

    public required Uri Endpoint { get; init; }

    /// <summary>What tokens are asked for, without the trailing /.default. It differs from the endpoint's host in the public cloud.</summary>
    public required string Audience { get; init; }

    /// <summary>How long the service may work on one query, at most 600 s. The client waits 15 s longer, so that the service speaks first.</summary>
    /// <value>The default value is 180 seconds, the service's own.</value>
    public TimeSpan ServerTimeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How often a query is sent again after a lost connection or an answer of 500, 502 or 503. Throttling is never retried here: the caller plans.</summary>
    /// <value>The default value is 2.</value>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The wait before the first retry; it doubles.</summary>
    /// <value>The default value is 0.5 seconds.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// How many rows <see cref="LogAnalyticsQueryEngine"/> keeps of one answer. What lies beyond is a partial error, never silence. Each row may become an alert:
    /// the service answers with up to 500,000 rows, and its own alert rules raise at most as many alerts at an evaluation as this is.
    /// Source: learn.microsoft.com/azure/azure-monitor/service-limits, alerts.
    /// </summary>
    /// <value>The default value is 6,000 rows.</value>
    public int MaxRows { get; init; } = 6_000;

    /// <summary>How much memory the rows that are kept of one answer may take, in bytes, as <see cref="RowSize"/> counts it. What lies beyond is a partial error.</summary>
    /// <value>The default value is 8 MB.</value>
    public long MaxBytes { get; init; } = 8_000_000;
}
