using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace.DetectionTests;

/// <summary>
/// Runs detections' tests: each over its own empty workspace, by the evaluator that runs in production, at every tick of the
/// detection's frequency from the first record to the test's now. A tick sees only the records that had been ingested by then.
/// </summary>
public sealed class DetectionTestRunner
{
    private readonly DetectionCatalogue _catalogue;
    private readonly string? _schemaFolder;

    /// <param name="catalogue">Gives the functions that the queries call.</param>
    /// <param name="schemaFolder">Columns of tables that replace the built-in ones; null for none.</param>
    public DetectionTestRunner(DetectionCatalogue catalogue, string? schemaFolder)
    {
        _catalogue = catalogue;
        _schemaFolder = schemaFolder;
    }

    /// <summary>Reads and runs all tests of a detection.</summary>
    public async Task<DetectionTestReport> RunAsync(Detection detection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(detection);
        var file = await DetectionTestReader.ReadAsync(detection, cancellationToken);
        var results = ImmutableArray.CreateBuilder<DetectionTestResult>(file.Tests.Length);
        foreach (var test in file.Tests)
        {
            results.Add(await RunAsync(detection, test, cancellationToken));
        }

        return new DetectionTestReport(detection.Id, results.DrainToImmutable(), file.Diagnostics);
    }

    /// <summary>Runs one test.</summary>
    public async Task<DetectionTestResult> RunAsync(Detection detection, DetectionTest test, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(detection);
        ArgumentNullException.ThrowIfNull(test);
        await using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { SchemaFolder = _schemaFolder, Threads = 1 });
        var faults = await LoadAsync(workspace, test, cancellationToken);
        if (faults.Count > 0)
        {
            return new DetectionTestResult(detection.Id, test, [.. faults], []);
        }

        var evaluator = new DetectionEvaluator(workspace, _catalogue);
        var alerts = new OrderedDictionary<string, Alert>(StringComparer.Ordinal);
        foreach (var tick in Ticks(detection, test))
        {
            var request = new EvaluationRequest(
                detection, tick, DetectionEvaluator.IntervalOf(detection, tick - detection.QueryFrequency, tick), VisibleAt: tick);
            switch (await evaluator.EvaluateAsync(request, cancellationToken))
            {
                case Evaluated evaluated:
                    foreach (var alert in evaluated.Alerts)
                    {
                        Remember(alerts, alert);
                    }

                    break;
                case var outcome:
                    return new DetectionTestResult(detection.Id, test, [$"at {RelativeTime.Format(tick)}  {Describe(outcome)}"], []);
            }
        }

        var raised = alerts.Values.ToImmutableArray();
        return new DetectionTestResult(detection.Id, test, AlertComparison.Compare(test.Expected, raised), raised);
    }

    /// <summary>The runs of the schedule that ends at now, from the first that can see a record.</summary>
    private static IEnumerable<DateTimeOffset> Ticks(Detection detection, DetectionTest test)
    {
        var first = test.Records.IsEmpty ? test.Now : test.Records.Min(r => r.IngestedAt);
        var before = (long)Math.Max(0, Math.Floor((test.Now - first) / detection.QueryFrequency));
        for (var tick = before; tick >= 0; tick--)
        {
            yield return test.Now - (tick * detection.QueryFrequency);
        }
    }

    // What people are told is what the first run found; the count is the most that one run found.
    private static void Remember(OrderedDictionary<string, Alert> alerts, Alert alert)
    {
        if (!alerts.TryAdd(alert.Fingerprint, alert) && alerts[alert.Fingerprint] is var known && known.Count < alert.Count)
        {
            alerts[alert.Fingerprint] = known with { Count = alert.Count };
        }
    }

    private static string Describe(EvaluationOutcome outcome) => outcome switch
    {
        NotApplicable { Detail: var detail } => $"not applicable: {detail}",
        EvaluationThrottled { Detail: var detail } => $"throttled: {detail}",
        EvaluationFailed { Detail: var detail } => $"failed: {detail}",
        _ => throw new UnreachableException($"Evaluation outcome {outcome.GetType().Name}."),
    };

    /// <summary>Loads a test's records; gives a line for each fault, none where all are in.</summary>
    private static async Task<List<string>> LoadAsync(EmbeddedWorkspace workspace, DetectionTest test, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var group in test.Records.GroupBy(record => record.Table))
        {
            if (!workspace.TryGetTable(group.Key, out var table))
            {
                faults.Add($"{group.First().Position}: there is no table {group.Key}");
                continue;
            }

            var rows = group.SelectMany(record => Enumerable.Repeat(ToRow(record, table, test.Now, faults), record.Repeat)).ToList();
            var report = await workspace.IngestAsync(group.Key, rows, cancellationToken);
            faults.AddRange(report.Faults.Select(fault => $"{group.Key}: {fault}"));
        }

        return faults;
    }

    private static IngestRow ToRow(TestRecord record, TableSymbol table, DateTimeOffset now, List<string> faults)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in record.Fields)
        {
            var column = table.Columns.FirstOrDefault(c => c.Name == field.Name);
            if (column is null && !table.IsOpen)
            {
                faults.Add($"{field.Position}: {table.Name} has no column {field.Name}");
            }

            fields[field.Name] = column?.Type == KqlType.DateTime && field.Value is JsonValue value && value.TryGetValue<string>(out var text)
                && RelativeTime.TryParse(text, now, out var time)
                    ? time
                    : field.Value;
        }

        return new IngestRow(fields, record.IngestedAt);
    }
}
