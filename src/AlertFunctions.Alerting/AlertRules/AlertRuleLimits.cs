using System.Collections.Immutable;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// What Azure Monitor takes as a log search alert rule (Microsoft.Insights/scheduledQueryRules, 2023-12-01). Sources:
/// learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule and .../alerts-log-query for queries,
/// .../fundamentals/service-limits for the counts, registry.terraform.io/providers/hashicorp/azurerm (monitor_scheduled_query_rules_alert_v2) for the
/// durations that the service allows.
/// </summary>
internal static class AlertRuleLimits
{
    public const int MaxDimensions = 6;
    public const int MaxDescription = 4096;

    /// <summary>Bytes of a rule's properties.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Active rules of a subscription, those of them that run every minute, and rules of one workspace.</summary>
    public const int MaxActive = 5000;
    public const int MaxEveryMinute = 100;
    public const int MaxPerWorkspace = 1000;

    /// <summary>A rule that keeps track of what it fired runs at least so often.</summary>
    public static readonly TimeSpan LongestStatefulFrequency = TimeSpan.FromHours(12);

    public static readonly ImmutableArray<TimeSpan> Frequencies =
    [
        .. new[] { 1, 5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
    ];

    public static readonly ImmutableArray<TimeSpan> Windows =
    [
        .. new[] { 1, 5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440, 2880 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
    ];
}
