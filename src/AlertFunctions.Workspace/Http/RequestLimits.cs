using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// The service's limits for one caller: 200 requests in 30 seconds; five queries at a time, 200 more in a queue for at most
/// three minutes. Source: learn.microsoft.com/azure/azure-monitor/service-limits, "Log queries".
/// </summary>
internal sealed class RequestLimits
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestQueueing = TimeSpan.FromMinutes(3);

    private readonly PartitionedRateLimiter<HttpContext> _rate = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetSlidingWindowLimiter(Caller(context), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = 200,
            Window = Window,
            SegmentsPerWindow = 30,
            QueueLimit = 0,
        }));

    private readonly PartitionedRateLimiter<HttpContext> _concurrency = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetConcurrencyLimiter(Caller(context), _ => new ConcurrencyLimiterOptions
        {
            PermitLimit = 5,
            QueueLimit = 200,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        using var request = _rate.AttemptAcquire(context);
        if (!request.IsAcquired)
        {
            await RefuseAsync(context, "The request rate is above 200 requests in 30 seconds.");
            return;
        }

        using var queueing = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        queueing.CancelAfter(LongestQueueing);
        RateLimitLease place;
        try
        {
            place = await _concurrency.AcquireAsync(context, permitCount: 1, queueing.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context, "The query waited for three minutes behind others.");
            return;
        }

        using (place)
        {
            if (place.IsAcquired)
            {
                await next(context);
            }
            else
            {
                await RefuseAsync(context, "Too many queries wait already.");
            }
        }
    }

    private static string Caller(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static Task RefuseAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return new ApiError(StatusCodes.Status429TooManyRequests, "ThrottledError", message).WriteAsync(context);
    }
}
