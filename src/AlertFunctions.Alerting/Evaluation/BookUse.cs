using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>
/// When an evaluation has to do with the book of alerts. Reading it costs more than the query, and most evaluations go well and find nothing: then it stays
/// closed. That a detection fails is told by an alert only after its mark says so, so that a mark without a fault means that there is no such alert to end.
/// </summary>
internal static class BookUse
{
    private const int TendedEvery = 12;
    private static readonly TimeSpan LeastOften = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether the book must be read. A condition's alerts end where they are not found; an event's are only forgotten in time, which every twelfth evaluation
    /// sees to, and the first of a day, as they do to what two processes at once may have left.
    /// </summary>
    public static bool IsNeeded(EvaluationRequest request, EvaluationOutcome outcome, DetectionMark? mark) =>
        request.Detection.Signal != SignalKind.Event
        || outcome is not (Evaluated { Alerts.Count: 0, PartialError: null } or NotApplicable or EvaluationThrottled)
        || !IsHealthy(mark)
        || IsTended(request.Detection.QueryFrequency, mark?.Through ?? (request.Now - request.Detection.QueryFrequency), request.Now);

    /// <summary>The fault that becomes an alert though the mark tells of none; null where there is none.</summary>
    public static string? NewFault(EvaluationOutcome outcome, DetectionMark? mark) => outcome switch
    {
        _ when !IsHealthy(mark) => null,
        Evaluated evaluated => evaluated.PartialError,
        EvaluationFailed { Retryable: false } failed => failed.Detail,
        _ => null,
    };

    private static bool IsHealthy(DetectionMark? mark) => mark is null or { Failures: 0, LastError: null };

    private static bool IsTended(TimeSpan frequency, DateTimeOffset from, DateTimeOffset to)
    {
        var every = frequency * TendedEvery < LeastOften ? frequency * TendedEvery : LeastOften;
        return from.UtcTicks / every.Ticks != to.UtcTicks / every.Ticks;
    }
}
