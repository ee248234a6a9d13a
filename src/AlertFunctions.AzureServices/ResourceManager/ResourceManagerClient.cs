using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.AzureServices.Http;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.ResourceManager;

/// <summary>
/// Azure Resource Manager over Azure.Core's pipeline: any resource by its id. What the world does is an outcome; only cancellation throws.
/// Source: learn.microsoft.com/rest/api/azure, and learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling.
/// </summary>
public sealed class ResourceManagerClient
{
    /// <summary>More pages than any list here may have: a list that never ends is a fault.</summary>
    private const int MaxPages = 1000;

    private readonly HttpPipeline _pipeline;
    private readonly ResourceManagerOptions _options;
    private readonly TimeProvider _time;

    public ResourceManagerClient(ResourceManagerOptions options, TokenCredential credential, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        var pipelineOptions = new ResourceManagerClientOptions { RetryPolicy = new ShortWaitRetryPolicy(options.MaxRetries, options.RetryDelay, options.LongestWait, time) };
        pipelineOptions.Retry.NetworkTimeout = options.Timeout;
        _pipeline = HttpPipelineBuilder.Build(
            pipelineOptions,
            options.Endpoint.Scheme == Uri.UriSchemeHttps
                ? new BearerTokenAuthenticationPolicy(credential, $"{options.Audience}/.default")
                : new LoopbackAuthenticationPolicy(options.Endpoint));
    }

    /// <remarks>The resource id is such as <c>/subscriptions/{id}/resourceGroups/{name}</c>, the version the resource provider's, such as 2022-04-01.</remarks>
    public Task<ResourceOutcome> GetAsync(string resourceId, string apiVersion, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Get, Address(resourceId, apiVersion), null, cancellationToken);

    public Task<ResourceOutcome> PutAsync(string resourceId, string apiVersion, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Put, Address(resourceId, apiVersion), json, cancellationToken);

    public Task<ResourceOutcome> PostAsync(string resourceId, string apiVersion, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Post, Address(resourceId, apiVersion), json, cancellationToken);

    /// <summary>A resource that is already gone is <see cref="ResourceFound"/> without a body, as the service answers it.</summary>
    public Task<ResourceOutcome> DeleteAsync(string resourceId, string apiVersion, CancellationToken cancellationToken) =>
        SendAsync(RequestMethod.Delete, Address(resourceId, apiVersion), null, cancellationToken);

    /// <summary>
    /// Every item of <c>{"value":[...],"nextLink":"..."}</c>. All pages or none: whoever compares a list with what should be must not take a part for the
    /// whole.
    /// </summary>
    public async Task<ResourceOutcome> ListAsync(string resourceId, string apiVersion, CancellationToken cancellationToken)
    {
        var items = ImmutableArray.CreateBuilder<JsonElement>();
        var next = Address(resourceId, apiVersion);
        for (var page = 0; page < MaxPages; page++)
        {
            var outcome = await SendAsync(RequestMethod.Get, next, null, cancellationToken);
            if (outcome is not ResourceFound { Body: var body })
            {
                return outcome;
            }

            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Array)
            {
                return new ResourceUnavailable("The service answered with something that is no list.");
            }

            items.AddRange(value.EnumerateArray());
            if (!body.TryGetProperty("nextLink", out var link) || link.ValueKind != JsonValueKind.String || link.GetString() is not { Length: > 0 } text)
            {
                return new ResourceItems(items.ToImmutable());
            }

            // The token goes where the link leads.
            if (!Uri.TryCreate(text, UriKind.Absolute, out var follow) || follow.GetLeftPart(UriPartial.Authority) != _options.Endpoint.GetLeftPart(UriPartial.Authority))
            {
                return new ResourceUnavailable("The list goes on at another host; it is not followed there.");
            }

            next = follow;
        }

        return new ResourceUnavailable($"The list has not ended after {MaxPages} pages.");
    }

    private async Task<ResourceOutcome> SendAsync(RequestMethod method, Uri address, ReadOnlyMemory<byte>? json, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        message.Request.Headers.Add("Accept", "application/json");
        if (json is { } content)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(content);
        }

        try
        {
            await _pipeline.SendAsync(message, cancellationToken);
            return Outcome(message.Response);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && WorldFault.Is(exception))
        {
            return new ResourceUnavailable($"The answer is missing or broke off: {exception.Message}");
        }
    }

    private ResourceOutcome Outcome(Response response)
    {
        if (response.Status is >= 200 and < 300)
        {
            return new ResourceFound(Body(response));
        }

        var detail = ServiceError.Parse(response.Status, response.Content.ToMemory()).Detail;
        return response.Status switch
        {
            404 => new ResourceMissing(detail),
            408 or 429 or >= 500 => new ResourceUnavailable(detail, RetryAfter.Of(response, _time)),
            _ => new ResourceRefused(response.Status, detail),
        };
    }

    private static JsonElement Body(Response response)
    {
        if (response.Content.ToMemory() is not { Length: > 0 } content)
        {
            return default;
        }

        using var document = JsonDocument.Parse(content);
        return document.RootElement.Clone();
    }

    private Uri Address(string resourceId, string apiVersion)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        var path = string.Join('/', resourceId.Trim('/').Split('/').Select(Uri.EscapeDataString));
        return new Uri(_options.Endpoint, $"/{path}?api-version={apiVersion}");
    }

    private sealed class ResourceManagerClientOptions : ClientOptions;
}
