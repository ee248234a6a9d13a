using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Proofs.Fault;

/// <summary>Every way in which a service fails its caller.</summary>
internal enum FaultKind
{
    None,

    /// <summary>429, with a Retry-After of up to ten minutes.</summary>
    Throttled,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>The request is not done and never answered.</summary>
    TimeOut,

    /// <summary>The connection breaks before the request is done.</summary>
    ResetBefore,

    /// <summary>The connection breaks after the request was done.</summary>
    ResetAfter,

    /// <summary>The request is done and its answer breaks off in the middle.</summary>
    Truncated,
}

/// <summary>Draws faults by a seed, and counts them.</summary>
/// <param name="rate">The share of requests that fail, 0 to 1.</param>
/// <param name="seed">Equal seeds draw equal faults for equal requests.</param>
internal sealed class FaultSource(double rate, int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    /// <summary>Whether nothing fails any more.</summary>
    public bool IsCalm { get; set; }

    public ConcurrentDictionary<FaultKind, int> Counts { get; } = new();

    public FaultKind Draw()
    {
        lock (_lock)
        {
            var kind = !IsCalm && _random.NextDouble() < rate ? (FaultKind)_random.Next(1, 7) : FaultKind.None;
            Counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
            return kind;
        }
    }

    /// <summary>Does to a request what is done before it would be carried out; false where nothing is.</summary>
    public async Task<bool> SpoilAsync(HttpContext context, FaultKind kind)
    {
        switch (kind)
        {
            case FaultKind.Throttled:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = Seconds().ToString(CultureInfo.InvariantCulture);
                return true;
            case FaultKind.ServerError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return true;
            case FaultKind.TimeOut:
                var gone = new TaskCompletionSource();
                await using (context.RequestAborted.Register(gone.SetResult))
                {
                    await gone.Task;
                }

                return true;
            case FaultKind.ResetBefore:
                context.Abort();
                return true;
            default:
                return false;
        }
    }

    private int Seconds()
    {
        lock (_lock)
        {
            return _random.Next(1, 600);
        }
    }
}
