using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Testing;

/// <summary>Notifications for tests that need one and do not care which.</summary>
public static class SomeNotification
{
    /// <summary>These alerts as one group's first notification.</summary>
    public static Notification Of(params Alert[] alerts) => new(
        new AlertGroup("root{detection=\"aks/thing\"}", "oncall", new Dictionary<string, string>(), alerts), NotifyReason.FirstNotification, Some.Noon);
}
