using Azure.Core;

namespace AlertFunctions.Testing;

/// <summary>A credential that must not be asked: loopback endpoints get no token.</summary>
public sealed class NoCredential : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A token was asked for a loopback endpoint.");

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A token was asked for a loopback endpoint.");
}
