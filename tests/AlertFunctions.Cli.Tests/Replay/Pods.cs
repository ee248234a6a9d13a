using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Replay;
using AlertFunctions.Testing;

namespace AlertFunctions.Cli.Tests.Replay;

/// <summary>A catalogue whose detections all read the table Pods.</summary>
internal static class Pods
{
    public static DetectionCatalogue Catalogue(params ImmutableArray<Detection> detections) => new(
        detections,
        [new SavedFunction("Outer", "{ Inner }", "Outer.kql"), new SavedFunction("Inner", "{ table('Pods') }", "Inner.kql")],
        ["Pods"],
        []);

    /// <summary>A detection of frequency 5m, settle 5m, period 1h; a condition has lateness 30m and resolveAfter 15m.</summary>
    public static Detection Detection(string id, SignalKind signal = SignalKind.Event, string query = "Pods") =>
        Some.Detection(id, signal) with { Query = new DetectionQuery(query, new SourcePosition("thing.kql", 1, 1), 0) };

    /// <summary>A plan over rows that became visible in these minutes.</summary>
    public static ReplayPlan Plan(DetectionCatalogue catalogue, params DateTimeOffset[] minutes) => new(
        catalogue, new Compiler(), new IngestionActivity([new("Pods", minutes), new("Other", [Some.Noon.AddHours(5)])]), Some.Noon);

    private sealed class Compiler : IQueryCompiler
    {
        public QueryAnalysis Analyse(string query, DateTimeOffset now) => new([], ["Pods"], []);
    }
}
