using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>Every function of the app.</summary>
internal static class AppFunctions
{
    public static IReadOnlyList<IFunction> Create(AppServices services) =>
    [
        new ActOnAlert(services),
        new DeliverNotifications(services),
        new EvaluateDetection(services),
        new EvaluateDetections(services),
        new GetAlerts(services),
        new GetDetections(services),
        new GetHealth(services),
        new HandleClusterEvent(services),
        new HandleRegistryEvent(services),
        new HandleResourceEvent(services),
        new Heartbeat(services),
        new RevokeAlertLinks(services),
        new SyncAlertRules(services),
        new VerifyImageScans(services),
    ];
}
