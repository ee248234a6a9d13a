using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>A receiver on a free port of loopback that answers every request alike and remembers it.</summary>
internal sealed class LoopbackReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopbackReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public ConcurrentQueue<(string PathAndQuery, string? ContentType, string Body)> Requests { get; } = new();

    public Task FirstRequest => _first.Task;

    public static Task<LoopbackReceiver> StartAsync(HttpStatusCode status, params (string Name, string Value)[] headers) =>
        StartAsync(status, hang: false, headers);

    public static async Task<LoopbackReceiver> StartAsync(HttpStatusCode status, bool hang, params (string Name, string Value)[] headers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new LoopbackReceiver(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            receiver.Requests.Enqueue((context.Request.Path + context.Request.QueryString, context.Request.ContentType, await reader.ReadToEndAsync(context.RequestAborted)));
            receiver._first.TrySetResult();
            if (hang)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            context.Response.StatusCode = (int)status;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
