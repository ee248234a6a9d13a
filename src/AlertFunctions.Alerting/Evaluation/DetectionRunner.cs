using System.Collections.Immutable;
using System.Diagnostics;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>How detections are run.</summary>
public sealed record RunnerOptions
{
    /// <summary>The workspaces; empty for the only one of an embedded engine.</summary>
    public ImmutableArray<MonitoredWorkspace> Workspaces { get; init; } = [];

    /// <summary>Where a detection that never ran begins; null for one interval before now.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>At most so much ingestion time is covered by one query when a gap is filled.</summary>
    public TimeSpan LargestPiece { get; init; } = TimeSpan.FromHours(1);

    /// <summary>At most so many pieces of one detection's gap are filled in one run.</summary>
    public int MostPieces { get; init; } = 24;

    /// <summary>Queries at a time.</summary>
    public int Concurrency { get; init; } = 5;

    /// <summary>For simulated clocks: rows ingested after the scheduled time are not seen.</summary>
    public bool SeesOnlyThePast { get; init; }

    /// <summary>
    /// For simulated clocks: whether no row that the detection reads became visible within (after, until], so that a window need not be
    /// evaluated again for late rows. Null where that is not known.
    /// </summary>
    public Func<Detection, DateTimeOffset, DateTimeOffset, bool>? IsUnchanged { get; init; }

    /// <summary>What Azure Monitor runs as rules, and is not due here; null where the app manages none.</summary>
    public KeptRules? KeptRules { get; init; }

    /// <summary>For how long an alert stays readable after it can be met no more.</summary>
    public TimeSpan History { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>
/// Runs the detections that are due and records what they find. A mark moves only after what was found before it is recorded; after an
/// outage what was missed is evaluated oldest first, in pieces. One that fails stops no other, keeps its mark and comes back.
/// </summary>
public sealed class DetectionRunner(
    DetectionEvaluator evaluator,
    ImmutableArray<Detection> detections,
    AlertBook book,
    MarkBook marks,
    QueryBudget budget,
    RunnerOptions options)
{
    private const int FailuresBeforeAlert = 3;
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(1);
    private static readonly TimeSpan ThrottledFor = TimeSpan.FromSeconds(30);

    private readonly AlertRecorder _recorder = new(book, options.History);

    // Where detections without a mark begin must not move on while the store cannot be reached to hold one.
    private DateTimeOffset? _firstRun;

    /// <summary>Runs what is due at this time. One call at a time.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached; no mark moved past what is not recorded.</exception>
    public async Task<RunReport> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        _firstRun ??= now;
        await marks.LoadAsync(cancellationToken);
        var run = new Run(now);
        for (var piece = 0; piece < options.MostPieces; piece++)
        {
            var due = DueDetection.Plan(Due(now), now);
            var planned = due.Select(d => PlanOf(d, now)).TakeWhile(p => budget.TryTake(p.Queries, now)).ToImmutableArray();
            run.Delayed = due[planned.Length..];
            if (planned.IsEmpty)
            {
                break;
            }

            await EvaluateAsync(planned, run, cancellationToken);
            await RecordAsync(run, cancellationToken);
        }

        return run.ToReport();
    }

    /// <summary>What is due at this time, in the order in which it should run. It runs nothing.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task<ImmutableArray<DueDetection>> PlanAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        _firstRun ??= now;
        marks.Forget();
        await marks.LoadAsync(cancellationToken);
        await (options.KeptRules?.LoadAsync(cancellationToken) ?? Task.CompletedTask);
        return DueDetection.Plan(Due(now), now);
    }

    private async Task RecordAsync(Run run, CancellationToken cancellationToken)
    {
        if (run.UsesBook)
        {
            try
            {
                await book.FlushAsync(cancellationToken);
            }
            catch
            {
                marks.Forget();
                throw;
            }
        }

        await marks.FlushAsync(cancellationToken);
    }

    private IEnumerable<DueDetection> Due(DateTimeOffset now)
    {
        MonitoredWorkspace?[] workspaces = options.Workspaces.IsEmpty ? [null] : [.. options.Workspaces];
        return
            from workspace in workspaces
            from detection in detections
            where options.KeptRules?.Contains(detection, workspace) != true
            let mark = marks.Of(detection, workspace)
            let dueAt = ThroughOf(detection, mark, now) + detection.QueryFrequency
            where dueAt <= now && (mark?.RetryAt is not { } retry || retry <= now)
            select new DueDetection(detection, workspace, dueAt);
    }

    private async Task EvaluateAsync(ImmutableArray<PlannedRun> planned, Run run, CancellationToken cancellationToken)
    {
        var done = new (EvaluationOutcome Outcome, EvaluationOutcome? LateRows)[planned.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken };
        if (planned.Length == 1)
        {
            await QueryAsync(0, cancellationToken);
        }
        else
        {
            await Parallel.ForAsync(0, planned.Length, parallel, QueryAsync);
        }

        async ValueTask QueryAsync(int i, CancellationToken token)
        {
            var (request, again) = planned[i];
            done[i] = (await SafelyAsync(request, token), again is null ? null : await SafelyAsync(again, token));
        }

        run.UsesBook = planned.Zip(done).Any(p => BookUse.IsNeeded(p.First.Request, p.Second.Outcome, MarkOf(p.First.Request)));
        if (run.UsesBook)
        {
            await MarkFaultsAsync(planned.Zip(done, (p, d) => (p.Request, d.Outcome)), run, cancellationToken);

            // Not before the queries, which take their time: other processes write to it too.
            await book.LoadAsync(cancellationToken);
        }

        foreach (var ((request, again), (outcome, lateRows)) in planned.Zip(done))
        {
            // Late rows first: an older window cannot undo what the newer one says.
            if (again is not null && lateRows is Evaluated late && outcome is Evaluated)
            {
                _recorder.Record(again, late.Alerts, run.Now, isComplete: false);
                run.Evaluations++;
            }

            Settle(request, outcome, run);
        }
    }

    /// <summary>Before an alert tells that a detection fails, its mark does; it does not move.</summary>
    private async Task MarkFaultsAsync(IEnumerable<(EvaluationRequest Request, EvaluationOutcome Outcome)> done, Run run, CancellationToken cancellationToken)
    {
        foreach (var (request, outcome) in done)
        {
            if (BookUse.NewFault(outcome, MarkOf(request)) is { } fault)
            {
                marks.Set(request.Detection, request.Workspace, KnownMarkOf(request, run) with { LastError = fault });
            }
        }

        await marks.FlushAsync(cancellationToken);
    }

    private DetectionMark? MarkOf(EvaluationRequest request) => marks.Of(request.Detection, request.Workspace);

    private DetectionMark KnownMarkOf(EvaluationRequest request, Run run) =>
        MarkOf(request) ?? new DetectionMark { Through = ThroughOf(request.Detection, null, run.Now) };

    private PlannedRun PlanOf(DueDetection due, DateTimeOffset now)
    {
        var request = RequestOf(due, now);
        return new PlannedRun(request, AgainOf(request));
    }

    private EvaluationRequest RequestOf(DueDetection due, DateTimeOffset now)
    {
        var detection = due.Detection;
        var through = ThroughOf(detection, marks.Of(detection, due.Workspace), now);
        var end = detection.Signal == SignalKind.Condition
            ? through + detection.QueryFrequency
            : through + Whole(Shorter(now - through, LargestPieceOf(detection)), detection.QueryFrequency);
        return new EvaluationRequest(
            detection, end, DetectionEvaluator.IntervalOf(detection, through, end), due.Workspace, options.SeesOnlyThePast ? now : null);
    }

    /// <summary>
    /// How much of a gap one query may cover. A query looks back from the end of its piece, so a record of the piece's start is seen only if it
    /// was not later than the rest of that look-back: three quarters of it always remain.
    /// </summary>
    private TimeSpan LargestPieceOf(Detection detection) =>
        Longer(Shorter(options.LargestPiece, detection.QueryPeriod / 4), detection.QueryFrequency);

    /// <summary>The window of a condition whose time for late rows ends now, to be evaluated once more.</summary>
    private EvaluationRequest? AgainOf(EvaluationRequest request)
    {
        var detection = request.Detection;
        var back = Whole(detection.Lateness, detection.QueryFrequency);
        if (detection.Signal != SignalKind.Condition || back <= TimeSpan.Zero)
        {
            return null;
        }

        var at = request.Now - back;
        if (options.IsUnchanged?.Invoke(detection, at, request.VisibleAt ?? request.Now) == true)
        {
            return null;
        }

        return request with { Now = at, Interval = DetectionEvaluator.IntervalOf(detection, at, at) };
    }

    private async Task<EvaluationOutcome> SafelyAsync(EvaluationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await evaluator.EvaluateAsync(request, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A bug in the evaluation of one detection must not stop the others; it becomes an alert.
            return new EvaluationFailed($"{exception.GetType().Name}: {exception.Message}", Retryable: false);
        }
    }

    private void Settle(EvaluationRequest request, EvaluationOutcome outcome, Run run)
    {
        var (detection, workspace) = (request.Detection, request.Workspace);
        var mark = KnownMarkOf(request, run);
        run.Evaluations++;
        switch (outcome)
        {
            case Evaluated evaluated:
                if (run.UsesBook)
                {
                    _recorder.Record(request, evaluated.Alerts, run.Now, evaluated.PartialError is null);
                }

                run.Add(request, mark.Through, evaluated.Alerts.Count);
                marks.Set(detection, workspace, new DetectionMark
                {
                    Through = request.Now,
                    Since = mark.Since ?? mark.Through,
                    LastMatchAt = evaluated.Alerts.Count > 0 ? request.Now : mark.LastMatchAt,
                    LastError = evaluated.PartialError,
                });
                if (evaluated.PartialError is { } partial)
                {
                    Raise(request, $"The service cut the result, so rows are missing: {partial}", run);
                }
                else
                {
                    Clear(request, run);
                }

                break;
            case NotApplicable missing:
                run.NotApplicable.Add(new DetectionProblem(detection.Id, workspace?.Name, missing.Detail));
                marks.Set(detection, workspace, mark with
                {
                    Through = request.Now,
                    Failures = 0,
                    RetryAt = null,
                    LastError = null,
                    NotApplicableSince = mark.NotApplicableSince ?? run.Now,
                });
                Clear(request, run);
                break;
            case EvaluationThrottled throttled:
                run.Failures.Add(new DetectionProblem(detection.Id, workspace?.Name, throttled.Detail));
                marks.Set(detection, workspace, mark with { RetryAt = run.Now + (throttled.RetryAfter ?? ThrottledFor), LastError = throttled.Detail });
                break;
            case EvaluationFailed failed:
                run.Failures.Add(new DetectionProblem(detection.Id, workspace?.Name, failed.Detail));
                var failures = mark.Failures + 1;
                var wait = detection.QueryFrequency * (1 << Math.Min(10, failures - 1));
                marks.Set(detection, workspace, mark with
                {
                    Failures = failures,
                    LastError = failed.Detail,
                    RetryAt = run.Now + Shorter(wait, LongestBackOff),
                });
                if (!failed.Retryable || failures >= FailuresBeforeAlert)
                {
                    Raise(request, failed.Detail, run);
                }

                break;
            default:
                throw new UnreachableException($"Evaluation outcome {outcome.GetType().Name}.");
        }
    }

    private void Raise(EvaluationRequest request, string detail, Run run)
    {
        var alert = OwnDetections.Failing(request.Detection, request.Workspace, detail, run.Now);
        var known = book.TryGet(alert.Fingerprint, out var entry) ? entry.Record : null;
        book.Set(AlertLife.Found(known, alert, OwnDetections.EvaluationFailed, run.Now, run.Now, run.Now));
    }

    private void Clear(EvaluationRequest request, Run run)
    {
        if (run.UsesBook && book.TryGet(OwnDetections.FingerprintOf(request.Detection, request.Workspace), out var entry))
        {
            book.Set(AlertLife.Absent(entry.Record, OwnDetections.EvaluationFailed, run.Now));
        }
    }

    private DateTimeOffset ThroughOf(Detection detection, DetectionMark? mark, DateTimeOffset now) =>
        mark?.Through ?? options.Start ?? (_firstRun ?? now) - detection.QueryFrequency;

    private static TimeSpan Whole(TimeSpan span, TimeSpan step) => new(span.Ticks - (span.Ticks % step.Ticks));

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    /// <summary>What a due detection asks now: its window, and for a condition the one whose time for late rows ends.</summary>
    private readonly record struct PlannedRun(EvaluationRequest Request, EvaluationRequest? Again)
    {
        public int Queries => Again is null ? 1 : 2;
    }

    private sealed class Run(DateTimeOffset now)
    {
        private readonly Dictionary<(string, string?), FilledGap> _gaps = [];

        public DateTimeOffset Now => now;

        /// <summary>Whether what the piece at hand gave concerns the book of alerts.</summary>
        public bool UsesBook { get; set; }

        public int Evaluations { get; set; }

        public int Alerts { get; private set; }

        public ImmutableArray<DueDetection> Delayed { get; set; } = [];

        public List<DetectionProblem> Failures { get; } = [];

        public List<DetectionProblem> NotApplicable { get; } = [];

        public void Add(EvaluationRequest request, DateTimeOffset from, int alerts)
        {
            Alerts += alerts;
            if (now - request.Now < 2 * request.Detection.QueryFrequency)
            {
                return;
            }

            var key = (request.Detection.Id, request.Workspace?.Name);
            var known = _gaps.GetValueOrDefault(key) ?? new FilledGap(key.Id, key.Name, new TimeRange(from, from), 0);
            _gaps[key] = known with { Range = known.Range with { End = request.Now }, Alerts = known.Alerts + alerts };
        }

        public RunReport ToReport() => new(Evaluations, Alerts, [.. _gaps.Values], Delayed, Failures, NotApplicable);
    }
}
