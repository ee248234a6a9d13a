using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Detections;

/// <summary>What a folder of detections holds: the good ones, ordered by id, and every fault of the others.</summary>
/// <param name="Detections">Detections without an error of their own. Warnings do not keep a detection out.</param>
/// <param name="Functions">The saved functions that queries may call.</param>
/// <param name="Tables">The names of the tables that a schema is known for.</param>
/// <param name="Diagnostics">Every fault of every file, ordered by place.</param>
public sealed record DetectionCatalogue(
    ImmutableArray<Detection> Detections,
    ImmutableArray<SavedFunction> Functions,
    ImmutableArray<string> Tables,
    ImmutableArray<CatalogueDiagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.IsError);
}

/// <summary>
/// A function of <c>kql/functions/Name.kql</c>: <c>{ body }</c> or <c>(argument: type, ...) { body }</c>, as the text of a KQL lambda.
/// </summary>
public sealed record SavedFunction(string Name, string Text, string Path);
