using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Replay;

/// <summary>A detection that could not be evaluated: why, from when on, and how often.</summary>
internal sealed record ReplayFailure(string Detection, DateTimeOffset First, string Detail, int Count);

/// <summary>What a replay came to.</summary>
/// <param name="Evaluations">How many runs of detections there were.</param>
/// <param name="Failures">One a detection that could not be evaluated, ordered by id.</param>
/// <param name="Absent">Detections whose tables have no records, with what is missing.</param>
internal sealed record ReplayReport(
    int Evaluations,
    ImmutableArray<ReplayFailure> Failures,
    ImmutableSortedDictionary<string, string> Absent);

/// <summary>
/// Evaluates the ticks of a plan. Runs of detections do not depend on each other and go side by side; what they found is delivered
/// in the order of the clock, one tick after the other, as the running app would.
/// </summary>
internal sealed class Replayer(DetectionEvaluator evaluator)
{
    // Enough to keep every core busy while the slowest run of a chunk ends.
    private const int ChunkPerCore = 16;

    public async Task<ReplayReport> RunAsync(
        ImmutableArray<ReplayTick> ticks,
        Func<DateTimeOffset, IReadOnlyList<Alert>, CancellationToken, Task> deliver,
        IProgress<Step> progress,
        CancellationToken cancellationToken)
    {
        var failures = new SortedDictionary<string, ReplayFailure>(StringComparer.Ordinal);
        var absent = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        var done = 0;
        foreach (var chunk in ticks.Chunk(ChunkPerCore * Environment.ProcessorCount))
        {
            var outcomes = new EvaluationOutcome[chunk.Length];
            await Parallel.ForAsync(0, chunk.Length, parallel, async (index, token) =>
                outcomes[index] = await EvaluateAsync(chunk[index], token));

            for (var first = 0; first < chunk.Length;)
            {
                var time = chunk[first].Time;
                var alerts = new List<Alert>();
                for (; first < chunk.Length && chunk[first].Time == time; first++)
                {
                    Collect(chunk[first], outcomes[first], alerts, failures, absent);
                }

                await deliver(time, alerts, cancellationToken);
            }

            done += chunk.Length;
            progress.Report(new(done, ticks.Length, $"{chunk[^1].Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        }

        return new(ticks.Length, [.. failures.Values], absent.ToImmutable());
    }

    private Task<EvaluationOutcome> EvaluateAsync(ReplayTick tick, CancellationToken cancellationToken) => evaluator.EvaluateAsync(
        new(
            tick.Detection,
            tick.Time,
            DetectionEvaluator.IntervalOf(tick.Detection, tick.Mark, tick.Time),
            VisibleAt: tick.Time),
        cancellationToken);

    private static void Collect(
        ReplayTick tick,
        EvaluationOutcome outcome,
        List<Alert> alerts,
        SortedDictionary<string, ReplayFailure> failures,
        ImmutableSortedDictionary<string, string>.Builder absent)
    {
        switch (outcome)
        {
            case Evaluated { PartialError: { } partial } evaluated:
                alerts.AddRange(evaluated.Alerts);
                Fail(partial);
                break;
            case Evaluated evaluated:
                alerts.AddRange(evaluated.Alerts);
                break;
            case NotApplicable missing:
                absent[tick.Detection.Id] = missing.Detail;
                break;
            case EvaluationFailed failed:
                Fail(failed.Detail);
                break;
            case EvaluationThrottled throttled:
                Fail(throttled.Detail);
                break;
            default:
                throw new InvalidOperationException($"Unreachable: outcome {outcome.GetType().Name}.");
        }

        void Fail(string detail)
        {
            var id = tick.Detection.Id;
            failures[id] = failures.TryGetValue(id, out var known) ? known with { Count = known.Count + 1 } : new(id, tick.Time, detail, 1);
        }
    }
}
