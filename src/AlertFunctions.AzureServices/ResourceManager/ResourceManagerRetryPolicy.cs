using AlertFunctions.AzureServices.Http;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.ResourceManager;

/// <summary>Retries what Azure.Core retries, unless the service asks for more patience than there is.</summary>
internal sealed class ResourceManagerRetryPolicy(ResourceManagerOptions options, TimeProvider time)
    : RetryPolicy(options.MaxRetries, DelayStrategy.CreateExponentialDelayStrategy(options.RetryDelay, options.LongestWait))
{
    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        IsSoon(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsSoon(message) && await base.ShouldRetryAsync(message, exception);

    private bool IsSoon(HttpMessage message) => !message.HasResponse || RetryAfter.Of(message.Response, time) is not { } wait || wait <= options.LongestWait;
}
