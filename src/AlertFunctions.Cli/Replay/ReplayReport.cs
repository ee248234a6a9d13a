using System.Collections.Immutable;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Cli.Replay;

/// <summary>A detection that could not be evaluated: why, from when on, and how often.</summary>
internal sealed record ReplayFailure(string Detection, DateTimeOffset First, string Detail, int Count);

/// <summary>What a replay came to.</summary>
/// <param name="Evaluations">How many queries ran.</param>
/// <param name="Sent">What receivers took, in the order of the clock.</param>
/// <param name="Untaken">What they did not take at its last attempt, and why, by group.</param>
/// <param name="Failures">One a detection that could not be evaluated, ordered by id.</param>
internal sealed record ReplayReport(
    int Evaluations,
    IReadOnlyList<Notification> Sent,
    IReadOnlyDictionary<string, string> Untaken,
    ImmutableArray<ReplayFailure> Failures);
