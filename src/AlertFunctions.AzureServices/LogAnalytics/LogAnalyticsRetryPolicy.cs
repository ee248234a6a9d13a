using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.LogAnalytics;

/// <summary>
/// Retries what a moment may heal. Throttling is left to the caller, whose plan covers every query of the identity, and so is a query that ran out
/// of time: sent again, it would run out again.
/// </summary>
internal sealed class LogAnalyticsRetryPolicy(LogAnalyticsOptions options)
    : RetryPolicy(options.MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, TimeSpan.FromSeconds(20)))
{
    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        MayHeal(message, exception) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        MayHeal(message, exception) && await base.ShouldRetryAsync(message, exception);

    private static bool MayHeal(HttpMessage message, Exception? exception) =>
        exception is not null ? exception is not OperationCanceledException : message.Response.Status is not (408 or 429 or 504);
}
