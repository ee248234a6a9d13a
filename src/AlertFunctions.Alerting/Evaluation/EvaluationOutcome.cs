namespace AlertFunctions.Alerting.Evaluation;

/// <summary>What came of an evaluation.</summary>
public abstract record EvaluationOutcome
{
    private protected EvaluationOutcome()
    {
    }
}

/// <summary>The query ran. Alerts are distinct by fingerprint; none means that nothing was found.</summary>
/// <param name="Alerts">Ordered by start, then fingerprint.</param>
/// <param name="PartialError">Why rows are missing, where the service cut the result; null where it is whole.</param>
public sealed record Evaluated(IReadOnlyList<Alert> Alerts, string? PartialError = null) : EvaluationOutcome;

/// <summary>A table of the query is not there (yet): nothing to watch, and no failure.</summary>
public sealed record NotApplicable(string Detail) : EvaluationOutcome;

/// <summary>The service asks to come back later.</summary>
public sealed record EvaluationThrottled(TimeSpan? RetryAfter, string Detail) : EvaluationOutcome;

/// <summary>The detection could not be evaluated, or its result is not what the detection says it is.</summary>
public sealed record EvaluationFailed(string Detail, bool Retryable) : EvaluationOutcome;
