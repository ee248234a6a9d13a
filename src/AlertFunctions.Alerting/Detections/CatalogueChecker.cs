using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Detections;

/// <summary>
/// The checks of a loaded catalogue that need a compiler: what its queries name exists and has the right type, what a detection
/// names of its query's result is there, and the query is shaped for its signal.
/// </summary>
public static class CatalogueChecker
{
    public static ImmutableArray<CatalogueDiagnostic> Check(
        DetectionCatalogue catalogue, IQueryCompiler compiler, DateTimeOffset now) => throw new NotImplementedException($"{catalogue}{compiler}{now}");
}
