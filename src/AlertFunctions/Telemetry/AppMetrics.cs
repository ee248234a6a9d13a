using System.Diagnostics.Metrics;

namespace AlertFunctions.Telemetry;

/// <summary>The app's own instruments.</summary>
internal static class AppMetrics
{
    /// <summary>The name under which the app's instruments and activities are collected.</summary>
    public const string Source = "AlertFunctions";

    private static readonly Meter Meter = new(Source);

    /// <summary>Beats while the app can do its work. The rule of infra/modules/monitoring.bicep fires when it stops.</summary>
    public static Counter<long> Heartbeat { get; } = Meter.CreateCounter<long>("alertfunctions.heartbeat", "{beat}", "Once a minute while the app is configured.");
}
