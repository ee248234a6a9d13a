using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting;

public enum AlertState
{
    Firing,
    Resolved,
}

/// <summary>
/// One thing that a detection found. The fingerprint is its identity: rows, runs and sources that give the same one are the same alert.
/// </summary>
public sealed record Alert
{
    /// <summary>The detection's id, such as aks/container-oom-killed.</summary>
    public required string Detection { get; init; }

    /// <summary>Hash of the detection's id and its identity columns, nothing else: 32 lower-case hexadecimal digits.</summary>
    public required string Fingerprint { get; init; }

    public required Severity Severity { get; init; }

    public AlertState State { get; init; } = AlertState.Firing;

    /// <summary>
    /// What identifies and routes: detection, severity, workspace and the detection's identity and label columns, as text. Outside values: hostile.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The title with the row's values filled in; plain text with outside values.</summary>
    public required string Title { get; init; }

    /// <summary>What it means, with the row's values filled in; plain text with outside values.</summary>
    public required string Description { get; init; }

    /// <summary>The author's advice: Markdown from the detection's file, trusted.</summary>
    public required string Runbook { get; init; }

    /// <summary>When the thing happened: the earliest TimeGenerated of its rows, or the time of the evaluation where they have none.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it was last seen, by the same rule.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>How many rows of the evaluation had this identity.</summary>
    public required long Count { get; init; }

    /// <summary>The rows, at most a handful; <see cref="Count"/> says how many there were.</summary>
    public required QueryTable Rows { get; init; }

    /// <summary>The text that gives these rows again when it is run by hand, and the time range to run it over.</summary>
    public required QueryLink Query { get; init; }
}

/// <summary>What a person opens in Log Analytics to see for themselves.</summary>
/// <param name="Text">The detection's query as it is on file.</param>
/// <param name="Range">The event time that the rows lie in, widened to the detection's look-back.</param>
/// <param name="WorkspaceResourceId">The workspace's Azure resource id; null for the embedded one, which has no portal.</param>
public sealed record QueryLink(string Text, TimeRange Range, string? WorkspaceResourceId);
