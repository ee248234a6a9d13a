using System.Globalization;
using AlertFunctions.Alerting.State;
using Azure;

namespace AlertFunctions.AzureServices.Storage;

/// <summary>Tells what the world does to a storage call from what we do wrong.</summary>
internal static class StorageFault
{
    public static bool IsOfTheWorld(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        _ when cancellationToken.IsCancellationRequested => false,
        RequestFailedException failed => failed.Status is 0 or 401 or 403 or 404 or 408 or 429 or >= 500,
        AggregateException or HttpRequestException or IOException or OperationCanceledException => true,
        _ => exception.GetType().Namespace == "Azure.Identity",
    };

    /// <summary>Names what failed and how, without the service's address: SDK messages carry it, and it may carry a signature.</summary>
    public static StateUnavailableException Unavailable(string what, Exception exception)
    {
        var failed = exception as RequestFailedException ?? (exception as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().FirstOrDefault();
        var how = failed is null or { Status: 0 }
            ? "no answer"
            : string.Create(CultureInfo.InvariantCulture, $"HTTP {failed.Status} {failed.ErrorCode}").TrimEnd();
        var retryAfter = failed?.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : (TimeSpan?)null;
        return new StateUnavailableException($"The {what} cannot be used: {how} ({exception.GetType().Name}).", retryAfter: retryAfter);
    }
}
