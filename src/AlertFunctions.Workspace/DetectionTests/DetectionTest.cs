using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Workspace.DetectionTests;

/// <summary>The tests of a detection: the good ones of its <c>.tests.yaml</c>, and every fault of the file.</summary>
public sealed record DetectionTestFile(
    string Path, ImmutableArray<DetectionTest> Tests, ImmutableArray<CatalogueDiagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.IsError);
}

/// <summary>Records, and the alerts that they must give.</summary>
/// <param name="Name">A sentence; unique in its file.</param>
/// <param name="Now">The last tick of the simulated clock.</param>
/// <param name="Records">The records of all tables, in the file's order, repeated ones once.</param>
/// <param name="Expected">All the alerts there may be; empty where the detection must stay quiet.</param>
/// <param name="Position">The test's place in its file.</param>
public sealed record DetectionTest(
    string Name,
    DateTimeOffset Now,
    ImmutableArray<TestRecord> Records,
    ImmutableArray<ExpectedAlert> Expected,
    SourcePosition Position);

/// <summary>A record of a table.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Fields">Its columns. Times relative to now are resolved inside texts; a bare one is resolved where its column is a datetime.</param>
/// <param name="IngestedAt">When queries begin to see it.</param>
/// <param name="Repeat">How many times the table gets it.</param>
/// <param name="Late">It became visible later than records do by default.</param>
/// <param name="Position">Its place in the file.</param>
public sealed record TestRecord(
    string Table, ImmutableArray<TestField> Fields, DateTimeOffset IngestedAt, int Repeat, bool Late, SourcePosition Position);

/// <summary>A column's value. A merged field has the place where it was written first.</summary>
public sealed record TestField(string Name, JsonNode? Value, SourcePosition Position);

/// <summary>An alert that a test expects. What is null or not named is not compared.</summary>
public sealed record ExpectedAlert(
    ImmutableSortedDictionary<string, ExpectedValue> Identity,
    ImmutableSortedDictionary<string, ExpectedValue> Labels,
    Severity? Severity,
    long? Count,
    SourcePosition Position);

/// <summary>The text that a label must have or, where <paramref name="Time"/> is set, the instant that its text must name.</summary>
public sealed record ExpectedValue(string Text, DateTimeOffset? Time, SourcePosition Position)
{
    public bool Matches(string actual) => Time is { } time
        ? DateTimeOffset.TryParse(
            actual, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var read)
          && read == time
        : string.Equals(Text, actual, StringComparison.Ordinal);
}
