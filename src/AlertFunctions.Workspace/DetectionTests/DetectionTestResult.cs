using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Workspace.DetectionTests;

/// <summary>What came of one test.</summary>
/// <param name="Detection">The detection's id.</param>
/// <param name="Test">The test that ran.</param>
/// <param name="Differences">One line for each thing that is not as expected; empty where the test passed.</param>
/// <param name="Alerts">The alerts that were raised, by all ticks, each once.</param>
public sealed record DetectionTestResult(
    string Detection, DetectionTest Test, ImmutableArray<string> Differences, ImmutableArray<Alert> Alerts)
{
    public bool Passed => Differences.IsEmpty;

    /// <summary>The test's name, its place and the differences, indented below it.</summary>
    public override string ToString() => Passed
        ? $"{Detection}: {Test.Name}"
        : string.Join('\n', [$"{Test.Position}: {Detection}: {Test.Name}", .. Differences.Select(d => "    " + d)]);
}

/// <summary>What came of a detection's tests: a result for each that could be run, and the faults of their file.</summary>
public sealed record DetectionTestReport(
    string Detection, ImmutableArray<DetectionTestResult> Results, ImmutableArray<CatalogueDiagnostic> Diagnostics)
{
    public bool Passed => Results.All(r => r.Passed) && !Diagnostics.Any(d => d.IsError);
}
