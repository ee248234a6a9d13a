using System.Globalization;
using System.Text.Json;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions;

namespace AlertFunctions.AzureServices.Directory;

/// <summary>What Microsoft Graph or the way to it did to a request.</summary>
/// <param name="Status">The HTTP status; 0 where there was no answer.</param>
/// <param name="Detail">What it said, for people.</param>
/// <param name="RetryAfter">From the header, in seconds; null where there was none.</param>
internal sealed record GraphFault(int Status, string Detail, TimeSpan? RetryAfter)
{
    /// <summary>Null for an exception that is our bug, or the caller's cancellation, which travels.</summary>
    public static GraphFault? Of(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        _ when cancellationToken.IsCancellationRequested => null,
        ApiException refused => Of(refused),
        // Kiota's retry handler gathers the answers that it met.
        AggregateException gathered => gathered.Flatten().InnerExceptions.OfType<ApiException>().LastOrDefault() is { } last
            ? Of(last)
            : new GraphFault(0, $"no answer ({gathered.InnerExceptions[^1].GetType().Name})", null),
        OperationCanceledException => new GraphFault(0, "no answer in time", null),
        HttpRequestException failed => new GraphFault(0, $"no connection ({failed.HttpRequestError})", null),
        JsonException or IOException => new GraphFault(0, "the answer broke off or cannot be read", null),
        _ when exception.GetType().Namespace == "Azure.Identity" => new GraphFault(0, "no token was given to the app's identity", null),
        _ => null,
    };

    private static GraphFault Of(ApiException refused)
    {
        // The documented body: {"error":{"code","message","innerError"}}. learn.microsoft.com/graph/errors.
        var error = (refused as ODataError)?.Error;
        var said = error is null ? "" : $" {error.Code}: {error.Message}";
        var after = refused.ResponseHeaders
            .Where(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value)
            .FirstOrDefault();
        return new GraphFault(
            refused.ResponseStatusCode,
            string.Create(CultureInfo.InvariantCulture, $"HTTP {refused.ResponseStatusCode}{said}"),
            int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null);
    }
}
