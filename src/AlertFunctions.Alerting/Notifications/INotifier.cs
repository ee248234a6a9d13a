namespace AlertFunctions.Alerting.Notifications;

/// <summary>Why a group is sent now.</summary>
public enum NotifyReason
{
    FirstNotification,
    NewAlertsInGroup,
    AlertsResolved,
    RepeatIntervalElapsed,
}

/// <summary>A group on its way to its receiver, at a time of the pipeline's clock.</summary>
public sealed record Notification(AlertGroup Group, NotifyReason Reason, DateTimeOffset Now);

/// <summary>Carries notifications to one receiver. Renders and sends, nothing else; the pipeline decides, retries and records.</summary>
public interface INotifier
{
    Task<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellationToken);
}

/// <summary>Why a send did not succeed.</summary>
public enum FailureReason
{
    ClientError,
    Unauthorized,
    RateLimited,
    ServerError,
    Timeout,
    ConnectionFailed,
    TooLarge,
}

/// <summary>What came of a send. No case ever holds the receiver's address or credentials.</summary>
public abstract record NotifyResult
{
    private protected NotifyResult()
    {
    }
}

/// <summary>The receiver took it.</summary>
public sealed record Sent : NotifyResult;

/// <summary>It may succeed later, not before <paramref name="After"/> where the receiver said so.</summary>
public sealed record Retry(FailureReason Reason, string Detail, TimeSpan? After = null) : NotifyResult;

/// <summary>Trying again cannot help.</summary>
public sealed record Failed(FailureReason Reason, string Detail) : NotifyResult;
