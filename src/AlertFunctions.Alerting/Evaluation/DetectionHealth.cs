using System.Globalization;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>How a detection fares in a workspace.</summary>
public enum DetectionStatus
{
    /// <summary>It runs, and finds something now and then.</summary>
    Running,

    /// <summary>It has not run yet.</summary>
    NotRun,

    /// <summary>A table that it reads is not there.</summary>
    NotApplicable,

    /// <summary>Its query fails, or its result was cut.</summary>
    Failing,

    /// <summary>It has not run for several of its intervals.</summary>
    Behind,

    /// <summary>It runs and has found nothing for so long that somebody should look whether it still can.</summary>
    Quiet,
}

/// <summary>How a detection fares in a workspace, and the same in words for people.</summary>
public sealed record DetectionHealth(DetectionStatus Status, string Text)
{
    /// <summary>For how long a detection may find nothing before that is reported.</summary>
    public static readonly TimeSpan QuietAfter = TimeSpan.FromDays(30);

    /// <param name="detection">The detection.</param>
    /// <param name="mark">How far it has come; null where it never ran.</param>
    /// <param name="now">The time of the report.</param>
    public static DetectionHealth Of(Detection detection, DetectionMark? mark, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(detection);
        if (mark is null)
        {
            return new(DetectionStatus.NotRun, "has not run yet");
        }

        if (mark.NotApplicableSince is { } since)
        {
            return new(DetectionStatus.NotApplicable, $"not applicable since {Time(since)}: a table that it reads is not there");
        }

        if (mark.LastError is { } error)
        {
            return new(DetectionStatus.Failing, mark.RetryAt is { } retry
                ? $"fails since {Time(mark.Through)}, is tried again at {Time(retry)}: {error}"
                : $"its result is cut: {error}");
        }

        if (now - mark.Through > 4 * detection.QueryFrequency)
        {
            return new(DetectionStatus.Behind, $"has not run since {Time(mark.Through)}; what happened since is made up for");
        }

        var found = mark.LastMatchAt ?? mark.Since ?? mark.Through;
        return now - found > QuietAfter
            ? new(DetectionStatus.Quiet, string.Create(CultureInfo.InvariantCulture, $"has found nothing for {(int)(now - found).TotalDays} days"))
            : new(DetectionStatus.Running, mark.LastMatchAt is { } match ? $"last found something at {Time(match)}" : $"has found nothing since {Time(found)}");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
