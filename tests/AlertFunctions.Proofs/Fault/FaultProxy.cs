using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Proofs.Fault;

/// <summary>Stands before a service, hands requests on, and fails some of them.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly string[] OfTheConnection = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive"];

    private readonly Uri _target;
    private readonly FaultSource _faults;
    private readonly HttpClient _client = new();
    private LoopbackServer? _server;

    private FaultProxy(Uri target, FaultSource faults) => (_target, _faults) = (target, faults);

    /// <summary>Where the service seems to be, with the path of the real one.</summary>
    public Uri Address => new(_server!.Address, _target.AbsolutePath);

    public static async Task<FaultProxy> StartAsync(Uri target, FaultSource faults)
    {
        var proxy = new FaultProxy(target, faults);
        proxy._server = await LoopbackServer.StartAsync(proxy.AnswerAsync);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var kind = _faults.Draw();
        if (await _faults.SpoilAsync(context, kind))
        {
            return;
        }

        using var request = await RequestAsync(context);
        using var response = await _client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (kind == FaultKind.ResetAfter)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => !IsOfTheConnection(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (body.Length > 0)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(kind == FaultKind.Truncated ? body.AsMemory(0, body.Length / 2) : body);
        }

        if (kind == FaultKind.Truncated)
        {
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(_target, $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}"));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, values) in context.Request.Headers.Where(header => !IsOfTheConnection(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }

    private static bool IsOfTheConnection(string name) => OfTheConnection.Contains(name, StringComparer.OrdinalIgnoreCase);
}
