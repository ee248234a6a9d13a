using Azure.Core;
using Azure.Core.Pipeline;

namespace AlertFunctions.AzureServices.Tests.LogAnalytics;

/// <summary>Keeps what would have left the machine, and answers 204. For addresses that only exist in Azure.</summary>
internal sealed class RecordingTransport : HttpPipelineTransport, IDisposable
{
    private readonly HttpClientTransport _loopback = new(new HttpClient(new NoContent()));

    public string Host { get; private set; } = "";

    public string? Authorization { get; private set; }

    public string? Prefer { get; private set; }

    public TimeSpan? NetworkTimeout { get; private set; }

    public override Request CreateRequest() => _loopback.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Host = message.Request.Uri.Host ?? "";
        Authorization = message.Request.Headers.TryGetValue("Authorization", out var authorization) ? authorization : null;
        Prefer = message.Request.Headers.TryGetValue("Prefer", out var prefer) ? prefer : null;
        NetworkTimeout = message.NetworkTimeout;
        return _loopback.ProcessAsync(message);
    }

    public void Dispose() => _loopback.Dispose();

    private sealed class NoContent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.NoContent));
    }
}

/// <summary>Gives a token and keeps what it was asked for.</summary>
internal sealed class RecordingCredential : TokenCredential
{
    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return new AccessToken("the-token", DateTimeOffset.MaxValue);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
