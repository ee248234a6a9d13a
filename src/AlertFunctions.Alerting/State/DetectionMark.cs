namespace AlertFunctions.Alerting.State;

/// <summary>How far a detection has come in a workspace, and how it is.</summary>
public sealed record DetectionMark
{
    /// <summary>Everything up to here was evaluated, and what was found there is recorded.</summary>
    public required DateTimeOffset Through { get; init; }

    /// <summary>Where it began: nothing before was evaluated.</summary>
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? LastMatchAt { get; init; }

    /// <summary>Evaluations that failed since the last that did not.</summary>
    public int Failures { get; init; }

    public string? LastError { get; init; }

    /// <summary>Not tried again before this instant.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Since when its tables are not there; null where they are.</summary>
    public DateTimeOffset? NotApplicableSince { get; init; }
}
