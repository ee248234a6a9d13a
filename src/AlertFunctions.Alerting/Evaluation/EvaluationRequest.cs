using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>One run of a detection over one workspace and interval.</summary>
/// <param name="Detection">What to evaluate.</param>
/// <param name="Now">The time of the schedule, not of the clock: a repeated run gives the same alerts.</param>
/// <param name="Interval">
/// Event signals: the ingestion times to cover, already reaching back over the settle margin. Condition signals: the event
/// times of the window.
/// </param>
/// <param name="Workspace">Which workspace to ask, and the value of the label <c>workspace</c>; null for the only one.</param>
/// <param name="VisibleAt">For simulated clocks: rows ingested after this instant are not seen yet.</param>
public sealed record EvaluationRequest(
    Detection Detection,
    DateTimeOffset Now,
    TimeRange Interval,
    MonitoredWorkspace? Workspace = null,
    DateTimeOffset? VisibleAt = null);

/// <summary>A workspace that detections run over.</summary>
/// <param name="Name">How people call it; the label <c>workspace</c>.</param>
/// <param name="Id">What the query service knows it by.</param>
/// <param name="ResourceId">Its Azure resource id, for links; null where there is no portal.</param>
public sealed record MonitoredWorkspace(string Name, string Id, string? ResourceId);
