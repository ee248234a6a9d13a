using AlertFunctions.Alerting.Detections;
using AlertFunctions.Settings;

namespace AlertFunctions;

/// <summary>What the functions share. Nothing of it is made before a function asks: the start of the process is on the way of every cold call.</summary>
internal sealed class AppServices
{
    private readonly Lazy<DetectionCatalogue> _catalogue;

    public AppServices(AppSettings settings, TimeProvider time)
    {
        Settings = settings;
        Time = time;
        _catalogue = new Lazy<DetectionCatalogue>(() => DetectionLoader.Load(settings.Catalogue));
    }

    public AppSettings Settings { get; }

    public TimeProvider Time { get; }

    /// <summary>The catalogue that came with the package, read once.</summary>
    public DetectionCatalogue Catalogue => _catalogue.Value;

    /// <summary>Sends what the meters have gathered; the process may be killed at any time after a call.</summary>
    public Action FlushMetrics { get; init; } = () => { };
}
