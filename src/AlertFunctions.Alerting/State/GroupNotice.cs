namespace AlertFunctions.Alerting.State;

/// <summary>What is remembered of a group of alerts at a receiver.</summary>
public sealed record GroupNotice
{
    /// <summary>When the receiver last took a notification of it; null for never.</summary>
    public DateTimeOffset? NotifiedAt { get; init; }

    /// <summary>How often it was repeated since it last had something new.</summary>
    public int Repeats { get; init; }

    /// <summary>Sends that failed since the last that did not, and why the last one did.</summary>
    public int Failures { get; init; }

    public string? LastFailure { get; init; }

    /// <summary>Not tried again before this instant.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
