using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>
/// Tokens of Azure Container Registry: the identity's token is exchanged for the registry's refresh token, and that for one that may read a repository.
/// Source: github.com/Azure/acr, docs/AAD-OAuth.md, and learn.microsoft.com/rest/api/containerregistry (refresh-tokens, access-tokens).
/// </summary>
internal sealed class RegistryTokens(HttpPipeline pipeline, TokenCredential credential, RegistryOptions options, TimeProvider time)
{
    // Registries give refresh tokens for three hours and access tokens for more than one.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(45);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _refresh = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Host, string Repository), (string Token, DateTimeOffset Until)> _access = new();

    /// <summary>A token that may read the repository and its metadata; a fault where the registry gives none.</summary>
    public async Task<(string? Token, RegistryFault? Fault)> GetAsync(Uri registry, string repository, CancellationToken cancellationToken)
    {
        var key = (registry.Host, repository);
        if (_access.TryGetValue(key, out var known) && known.Until > time.GetUtcNow())
        {
            return (known.Token, null);
        }

        var (refresh, fault) = await RefreshTokenAsync(registry, cancellationToken);
        if (refresh is null)
        {
            return (null, fault);
        }

        var scope = $"repository:{repository}:pull,metadata_read";
        (var token, fault) = await PostAsync(
            registry, "oauth2/token", "access_token",
            [("grant_type", "refresh_token"), ("service", registry.Host), ("scope", scope), ("refresh_token", refresh)], cancellationToken);
        if (token is not null)
        {
            _access[key] = (token, time.GetUtcNow() + Lifetime);
        }

        return (token, fault);
    }

    /// <summary>Forgets what the registry no longer takes.</summary>
    public void Forget(Uri registry, string repository)
    {
        _access.TryRemove((registry.Host, repository), out _);
        _refresh.TryRemove(registry.Host, out _);
    }

    private async Task<(string? Token, RegistryFault? Fault)> RefreshTokenAsync(Uri registry, CancellationToken cancellationToken)
    {
        if (_refresh.TryGetValue(registry.Host, out var known) && known.Until > time.GetUtcNow())
        {
            return (known.Token, null);
        }

        var identity = await credential.GetTokenAsync(new TokenRequestContext([$"{options.Audience}/.default"]), cancellationToken);
        var (token, fault) = await PostAsync(
            registry, "oauth2/exchange", "refresh_token",
            [("grant_type", "access_token"), ("service", registry.Host), ("access_token", identity.Token)], cancellationToken);
        if (token is not null)
        {
            _refresh[registry.Host] = (token, time.GetUtcNow() + Lifetime);
        }

        return (token, fault);
    }

    private async Task<(string? Token, RegistryFault? Fault)> PostAsync(
        Uri registry, string path, string member, (string Name, string Value)[] form, CancellationToken cancellationToken)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = RequestMethod.Post;
        message.Request.Uri.Reset(new Uri(registry, path));
        message.Request.Headers.Add("Content-Type", "application/x-www-form-urlencoded");
        message.Request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(
            string.Join('&', form.Select(f => $"{f.Name}={Uri.EscapeDataString(f.Value)}"))));
        await pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        if (response.Status != 200)
        {
            return (null, RegistryClient.FaultOf(response, time));
        }

        using var body = JsonDocument.Parse(response.Content.ToMemory());
        return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty(member, out var token) && token.GetString() is { Length: > 0 } text
            ? (text, null)
            : (null, new RegistryFault($"the registry gave no {member}", IsTransient: false));
    }
}
