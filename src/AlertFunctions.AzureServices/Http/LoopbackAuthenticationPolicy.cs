using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.Http;

/// <summary>
/// Stands where the token policy stands when the endpoint is plain HTTP on this machine (the embedded workspace): no token leaves the process
/// over an open line, and an open line to anywhere else is refused.
/// </summary>
internal sealed class LoopbackAuthenticationPolicy : HttpPipelineSynchronousPolicy
{
    public LoopbackAuthenticationPolicy(Uri endpoint)
    {
        if (!endpoint.IsLoopback)
        {
            throw new ArgumentException($"{endpoint.Host} is asked over plain HTTP; only this machine may be. Use https.", nameof(endpoint));
        }
    }
}
