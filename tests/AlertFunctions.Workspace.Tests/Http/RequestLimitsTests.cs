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
        var running = Enumerable.Range(0, 6).Select(_ => InvokeAsync("10.0.0.1", context =>
        {
            context.Items["started"] = true;
            return end.Task;
        })).ToList();
        var sixth = running[5];

        Assert.False(sixth.IsCompleted);
        end.SetResult();

        Assert.All(await Task.WhenAll(running), context => Assert.True((bool)context.Items["started"]!));
    }

    private async Task<HttpContext> InvokeAsync(string caller, RequestDelegate next)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(caller);
        await _limits.InvokeAsync(context, next);
        return context;
    }
}
