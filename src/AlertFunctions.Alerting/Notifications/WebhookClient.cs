using System.Globalization;
using System.Net.Http.Headers;

namespace AlertFunctions.Alerting.Notifications;

/// <summary>Posts JSON to one webhook. The address and the body are in no result, message or exception of it.</summary>
internal sealed class WebhookClient : IDisposable
{
    private readonly SecretUri _address;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    public WebhookClient(SecretUri address, WebhookOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        _address = address;
        _options = options;
        _time = time;
        _handler = new SocketsHttpHandler
        {
            // The list of hosts would be worth nothing if an answer could send us elsewhere.
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // Distributed tracing writes addresses into spans.
            ActivityHeadersPropagator = null,
        };
        _client = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<NotifyResult> PostAsync(byte[] json, CancellationToken cancellationToken)
    {
        var address = _address.Reveal();
        if (!_options.Allows(address))
        {
            return new Failed(FailureReason.ClientError, "The webhook's address is not https on an allowed host; nothing was sent.");
        }

        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            return HttpAnswer.Result(status, string.Create(CultureInfo.InvariantCulture, $"The receiver answered HTTP {status}."), After(response));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Retry(
                FailureReason.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"No answer within {_options.Timeout.TotalSeconds:0.#} seconds."));
        }
        catch (HttpRequestException error)
        {
            // The exception's own text names the host.
            return new Retry(FailureReason.ConnectionFailed, $"No connection: {error.HttpRequestError}.");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    /// <summary>Retry-After in either form: seconds, or a date, which counts from our clock and never backwards.</summary>
    private TimeSpan? After(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };
}
