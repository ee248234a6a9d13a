namespace AlertFunctions.Alerting.Notifications;

/// <summary>What a receiver's HTTP status means for a notification: any 2xx took it, throttling and faults of the service pass, the rest stays.</summary>
public static class HttpAnswer
{
    /// <param name="status">The status.</param>
    /// <param name="detail">What to tell people; it must hold neither address nor credentials.</param>
    /// <param name="after">What the answer's Retry-After asks for; null where it does not.</param>
    public static NotifyResult Result(int status, string detail, TimeSpan? after) => status switch
    {
        >= 200 and < 300 => new Sent(),
        408 => new Retry(FailureReason.Timeout, detail, after),
        429 => new Retry(FailureReason.RateLimited, detail, after),
        >= 500 => new Retry(FailureReason.ServerError, detail, after),
        413 => new Failed(FailureReason.TooLarge, detail),
        401 or 403 => new Failed(FailureReason.Unauthorized, detail),
        >= 300 and < 400 => new Failed(FailureReason.ClientError, detail + " Redirects are not followed."),
        _ => new Failed(FailureReason.ClientError, detail),
    };
}
