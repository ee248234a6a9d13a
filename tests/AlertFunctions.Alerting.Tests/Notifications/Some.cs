using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>Alerts and notifications for tests: unremarkable but for what the test says.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public const string Workspace =
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-watch/providers/Microsoft.OperationalInsights/workspaces/log-watch";

    public const string Cluster =
        "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/aks-shop";

    public static Alert Alert(
        string detection = "aks/container-oom-killed",
        string title = "Container api was killed",
        string description = "",
        string runbook = "Look at it.",
        Severity severity = Severity.High,
        IReadOnlyDictionary<string, string>? labels = null,
        QueryTable? rows = null,
        long count = 1,
        string query = "KubePodInventory | take 1",
        string? workspace = Workspace) => new()
        {
            Detection = detection,
            Fingerprint = "0123456789abcdef0123456789abcdef",
            Severity = severity,
            Labels = labels ?? new Dictionary<string, string> { ["detection"] = detection, ["Namespace"] = "shop" },
            Title = title,
            Description = description,
            Runbook = runbook,
            StartsAt = Now.AddMinutes(-11),
            LastSeenAt = Now.AddMinutes(-11),
            Count = count,
            Rows = rows ?? new QueryTable([], []),
            Query = new QueryLink(query, new TimeRange(Now.AddHours(-1), Now), workspace),
        };

    public static Notification Notification(params Alert[] alerts) => Notification(NotifyReason.FirstNotification, alerts);

    public static Notification Notification(NotifyReason reason, params Alert[] alerts) => new(
        new AlertGroup("platform/shop", "platform", new Dictionary<string, string> { ["Namespace"] = "shop" }, alerts), reason, Now);

    /// <summary>Columns by "Name:type", then rows of cells.</summary>
    public static QueryTable Table(string columns, params object?[][] rows) => new(
        [.. columns.Split(' ').Select(column => column.Split(':')).Select(parts => new QueryColumn(parts[0], parts[1]))],
        rows);
}
