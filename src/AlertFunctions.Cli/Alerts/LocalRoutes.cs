using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Routing;

namespace AlertFunctions.Cli.Alerts;

/// <summary>The routes that commands on this machine use.</summary>
internal static class LocalRoutes
{
    /// <summary>The catalogue's routes; one card for each detection's news where it has no routes.yaml, or one with faults.</summary>
    public static Routes Load(string catalogue, out IReadOnlyList<CatalogueDiagnostic> faults)
    {
        var path = Path.Combine(catalogue, "routes.yaml");
        var loaded = File.Exists(path) ? RoutesLoader.Load(path) : new LoadedRoutes(null, []);
        faults = [.. loaded.Diagnostics.Where(diagnostic => diagnostic.IsError)];
        return loaded.Routes ?? Routes.Single("files", LabelNames.Detection);
    }
}
