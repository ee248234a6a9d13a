namespace AlertFunctions.Alerting.Evaluation;

/// <summary>What a run over the due detections came to.</summary>
/// <param name="Evaluations">How many queries ran.</param>
/// <param name="Alerts">How many alerts they gave, those known already included.</param>
/// <param name="Gaps">What was made up for.</param>
/// <param name="Delayed">Due detections that the budget of queries had no room for: the mildest.</param>
/// <param name="Failures">What could not be evaluated, and why; its mark stays.</param>
/// <param name="NotApplicable">What has no table to watch.</param>
public sealed record RunReport(
    int Evaluations,
    int Alerts,
    IReadOnlyList<FilledGap> Gaps,
    IReadOnlyList<DueDetection> Delayed,
    IReadOnlyList<DetectionProblem> Failures,
    IReadOnlyList<DetectionProblem> NotApplicable);

/// <summary>A stretch of time that was evaluated late.</summary>
public sealed record FilledGap(string Detection, string? Workspace, TimeRange Range, int Alerts);

/// <summary>Why a detection tells nothing of a workspace.</summary>
public sealed record DetectionProblem(string Detection, string? Workspace, string Detail);
