using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.Http;

/// <summary>Retries what Azure.Core retries, unless the service asks for more patience than there is.</summary>
internal sealed class ShortWaitRetryPolicy(int maxRetries, TimeSpan delay, TimeSpan longestWait, TimeProvider time)
    : RetryPolicy(maxRetries, DelayStrategy.CreateExponentialDelayStrategy(delay, longestWait))
{
    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        IsSoon(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsSoon(message) && await base.ShouldRetryAsync(message, exception);

    private bool IsSoon(HttpMessage message) => !message.HasResponse || RetryAfter.Of(message.Response, time) is not { } wait || wait <= longestWait;
}
