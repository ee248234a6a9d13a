using Azure.Core;

namespace AlertFunctions.EvaluationLoad;

/// <summary>Plain http on this machine takes no token.</summary>
internal sealed class NoToken : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException("No token is needed.");

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No token is needed.");
}
