using System.Net;
using AlertFunctions.Workspace.Http;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Tests.Http;

public sealed class RequestLimitsTests
{
    private readonly RequestLimits _limits = new();

    [Fact]
    public async Task InvokeAsync_MoreThan200RequestsAtOnce_AreThrottledForEachCaller()
    {
        for (var request = 0; request < 200; request++)
        {
            Assert.Equal(StatusCodes.Status200OK, (await InvokeAsync("10.0.0.1", _ => Task.CompletedTask)).Response.StatusCode);
        }

        var refused = await InvokeAsync("10.0.0.1", _ => Task.CompletedTask);
        var other = await InvokeAsync("10.0.0.2", _ => Task.CompletedTask);

        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.Response.StatusCode);
        Assert.Equal("30", refused.Response.Headers.RetryAfter);
        Assert.Equal(StatusCodes.Status200OK, other.Response.StatusCode);
    }

    [Fact]
    public async Task InvokeAsync_SixQueriesAtATime_OneWaitsForAPlace()
    {
        var end = new TaskCompletionSource();
        var started = 0;
        var running = Enumerable.Range(0, 6).Select(_ => InvokeAsync("10.0.0.1", _ =>
        {
            Interlocked.Increment(ref started);
            return end.Task;
        })).ToList();

        Assert.Equal(5, started);
        end.SetResult();
        await Task.WhenAll(running);

        Assert.Equal(6, started);
    }

    private async Task<HttpContext> InvokeAsync(string caller, RequestDelegate next)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(caller);
        await _limits.InvokeAsync(context, next);
        return context;
    }
}
