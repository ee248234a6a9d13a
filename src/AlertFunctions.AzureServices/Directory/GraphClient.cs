using Azure.Core;
using Microsoft.Graph;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Authentication.Azure;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;

namespace AlertFunctions.AzureServices.Directory;

/// <summary>Microsoft Graph's own client, set up for a service that must not wait long: short time-out, few retries, no token over an open line.</summary>
public static class GraphClient
{
    /// <exception cref="ArgumentException">The endpoint is plain HTTP and not on this machine.</exception>
    public static GraphServiceClient Create(GraphOptions options, TokenCredential credential)
    {
        ArgumentNullException.ThrowIfNull(options);
#pragma warning disable CA2000 // The client made of it lives as long as the process and has no way to dispose of it.
        var http = GraphClientFactory.Create();
#pragma warning restore CA2000
        http.Timeout = options.Timeout;
        return new GraphServiceClient(http, Authentication(options.Endpoint, credential), new Uri(options.Endpoint, "v1.0").ToString());
    }

    /// <summary>How often and how long a request is tried.</summary>
    internal static RetryHandlerOption Retries(GraphOptions options) => new()
    {
        MaxRetry = options.MaxRetries,
        Delay = 1,
        RetriesTimeLimit = options.LongestWait,
    };

    private static IAuthenticationProvider Authentication(Uri endpoint, TokenCredential credential)
    {
        if (endpoint.Scheme == Uri.UriSchemeHttps)
        {
            return new AzureIdentityAuthenticationProvider(credential, [endpoint.Host], null, isCaeEnabled: true, $"{endpoint.GetLeftPart(UriPartial.Authority)}/.default");
        }

        return endpoint.IsLoopback
            ? new AnonymousAuthenticationProvider()
            : throw new ArgumentException($"{endpoint.Host} is asked over plain HTTP; only this machine may be. Use https.", nameof(endpoint));
    }
}
