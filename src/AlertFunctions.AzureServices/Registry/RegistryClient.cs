using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Http;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>
/// Reads documents of an OCI registry: manifests, referrers, reports, Azure's metadata. What the world does is an answer; only cancellation throws.
/// Source: github.com/opencontainers/distribution-spec, spec.md.
/// </summary>
public sealed class RegistryClient
{
    private const int LargestDocument = 16 * 1024 * 1024;

    private const string Manifests =
        "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, "
        + "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.artifact.manifest.v1+json, application/json";

    private readonly HttpPipeline _pipeline;
    private readonly RegistryOptions _options;
    private readonly RegistryTokens _tokens;
    private readonly TimeProvider _time;

    public RegistryClient(RegistryOptions options, TokenCredential credential, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        var client = new RegistryClientOptions
        {
            RetryPolicy = new ShortWaitRetryPolicy(options.MaxRetries, options.RetryDelay, options.LongestWait, time),
        };
        client.Retry.NetworkTimeout = options.Timeout;

        // The registry's tokens are put on by hand: a redirection to storage must not carry one along.
        _pipeline = HttpPipelineBuilder.Build(client);
        _tokens = new RegistryTokens(_pipeline, credential, options, time);
    }

    /// <summary>Why the image's registry is not asked; null where it may be.</summary>
    internal string? RefusalOf(ImageReference image)
    {
        return IsLoopback(image.Registry) && _options.AllowLoopback ? Refusal(image.Repository)
            : !_options.Names.Any(name => IsLoginServerOf(image.Registry, name)) ? "not one of the registries that the app may read"
            : Refusal(image.Repository);
        static string? Refusal(string repository) => ImageReference.IsRepository(repository) ? null : "no registry has a repository of that name";
    }

    /// <summary>A manifest by digest or tag.</summary>
    internal Task<RegistryAnswer> ManifestAsync(ImageReference image, string reference, CancellationToken cancellationToken) =>
        GetAsync(image, $"v2/{image.Repository}/manifests/{Uri.EscapeDataString(reference)}", Manifests, cancellationToken);

    /// <summary>A page of what is attached to the image: the first, or the one that an earlier page names.</summary>
    internal Task<RegistryAnswer> ReferrersAsync(ImageReference image, string? page, CancellationToken cancellationToken) => GetAsync(
        image, page ?? $"v2/{image.Repository}/referrers/{Uri.EscapeDataString(image.Digest)}", "application/vnd.oci.image.index.v1+json", cancellationToken);

    internal Task<RegistryAnswer> BlobAsync(ImageReference image, string digest, CancellationToken cancellationToken) =>
        GetAsync(image, $"v2/{image.Repository}/blobs/{Uri.EscapeDataString(digest)}", "*/*", cancellationToken);

    /// <summary>What Azure keeps of a manifest beside it, the state of quarantine among it. Source: github.com/Azure/acr, docs/preview/quarantine.</summary>
    internal Task<RegistryAnswer> MetadataAsync(ImageReference image, CancellationToken cancellationToken) => GetAsync(
        image, $"acr/v1/{image.Repository}/_manifests/{Uri.EscapeDataString(image.Digest)}", "application/json", cancellationToken);

    internal static RegistryFault FaultOf(Response response, TimeProvider time) => response.Status switch
    {
        401 or 403 => new RegistryFault($"HTTP {response.Status}: the app's identity may not read it", IsTransient: false),
        429 => new RegistryFault("HTTP 429: throttled", IsTransient: true, RetryAfter.Of(response, time)),
        408 or >= 500 => new RegistryFault($"HTTP {response.Status}", IsTransient: true, RetryAfter.Of(response, time)),
        _ => new RegistryFault($"HTTP {response.Status}", IsTransient: false),
    };

    private async Task<RegistryAnswer> GetAsync(ImageReference image, string path, string accept, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(AddressOf(image.Registry), image.Repository, path, accept, mayRenew: true, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (WorldFault.Is(exception) || exception is UriFormatException))
        {
            return new RegistryFault($"the answer is missing or broke off ({exception.GetType().Name})", IsTransient: true);
        }
    }

    private async Task<RegistryAnswer> GetAsync(
        Uri registry, string repository, string path, string accept, bool mayRenew, CancellationToken cancellationToken)
    {
        var address = new Uri(registry, path);
        if (address.GetLeftPart(UriPartial.Authority) != registry.GetLeftPart(UriPartial.Authority))
        {
            return new RegistryFault("the answer goes on at another host; it is not followed there", IsTransient: false);
        }

        string? token = null;
        if (registry.Scheme == Uri.UriSchemeHttps)
        {
            (token, var fault) = await _tokens.GetAsync(registry, repository, cancellationToken);
            if (token is null)
            {
                return fault!;
            }
        }

        using var message = CreateMessage(address, accept, token);
        await _pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        if (response.Status == 401 && token is not null && mayRenew)
        {
            _tokens.Forget(registry, repository);
            return await GetAsync(registry, repository, path, accept, mayRenew: false, cancellationToken);
        }

        return response.Status is 301 or 302 or 307 or 308
            ? await FollowAsync(address, response, accept, cancellationToken)
            : Read(response);
    }

    /// <summary>Blobs lie in storage; its address needs no token and must not get one.</summary>
    private async Task<RegistryAnswer> FollowAsync(Uri from, Response redirection, string accept, CancellationToken cancellationToken)
    {
        if (!redirection.Headers.TryGetValue("Location", out var location) || !Uri.TryCreate(from, location, out var to)
            || (to.Scheme != Uri.UriSchemeHttps && !(from.IsLoopback && to.IsLoopback)))
        {
            return new RegistryFault("the registry sends on to nowhere", IsTransient: false);
        }

        using var message = CreateMessage(to, accept, token: null);
        await _pipeline.SendAsync(message, cancellationToken);
        return Read(message.Response);
    }

    private HttpMessage CreateMessage(Uri address, string accept, string? token)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Get;
        message.Request.Uri.Reset(address);
        message.Request.Headers.Add("Accept", accept);
        if (token is not null)
        {
            message.Request.Headers.Add("Authorization", $"Bearer {token}");
        }

        return message;
    }

    private RegistryAnswer Read(Response response)
    {
        if (response.Status == 404)
        {
            return new RegistryMissing();
        }

        if (response.Status != 200)
        {
            return FaultOf(response, _time);
        }

        var content = response.Content.ToMemory();
        if (content.Length > LargestDocument)
        {
            return new RegistryFault($"the document has {content.Length} bytes", IsTransient: false);
        }

        using var document = JsonDocument.Parse(content);
        return new RegistryDocument(document.RootElement.Clone(), NextOf(response));
    }

    /// <summary>The address in <c>Link: &lt;address&gt;; rel="next"</c>; null where there is none.</summary>
    private static string? NextOf(Response response) =>
        response.Headers.TryGetValue("Link", out var link) && link.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase)
        && link.IndexOf('<', StringComparison.Ordinal) is var open and >= 0 && link.IndexOf('>', open) is var close and > 0
            ? link[(open + 1)..close]
            : null;

    /// <summary>A login server is the registry's name, with a hash behind a dash where it has a domain name label, and the cloud's suffix.</summary>
    private bool IsLoginServerOf(string host, string name) =>
        host.EndsWith(_options.Suffix, StringComparison.OrdinalIgnoreCase)
        && host[..^_options.Suffix.Length] is var label
        && (label.Equals(name, StringComparison.OrdinalIgnoreCase)
            || (label.StartsWith($"{name}-", StringComparison.OrdinalIgnoreCase) && label[(name.Length + 1)..].All(char.IsAsciiLetterOrDigit)));

    private static bool IsLoopback(string registry) =>
        Uri.TryCreate($"http://{registry}/", UriKind.Absolute, out var address) && address.IsLoopback && address.Authority == registry;

    private static Uri AddressOf(string registry) => new($"{(IsLoopback(registry) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{registry}/");

    private sealed class RegistryClientOptions : ClientOptions;
}
