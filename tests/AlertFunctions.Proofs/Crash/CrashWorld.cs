using System.Collections.Concurrent;
using System.Text;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Proofs.Crash;

/// <summary>
/// What stays when a process goes: the log service and the receiver, over HTTP. The log service's answers are taken down while the day is run
/// once without a crash; every later run is told the same at the same tick, which spares it the queries' time.
/// </summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    private readonly LogService _logs;
    private readonly HttpClient _client = new();
    private readonly ConcurrentDictionary<(DateTimeOffset Tick, string Question), byte[]> _answers = new();
    private readonly ConcurrentDictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private LoopbackServer? _server;

    private CrashWorld(LogService logs) => _logs = logs;

    public Uri Address => _server!.Address;

    public static async Task<CrashWorld> StartAsync(SimulatedDay day, CancellationToken cancellationToken)
    {
        var world = new CrashWorld(await LogService.StartAsync(day, cancellationToken));
        world._server = await LoopbackServer.StartAsync(world.AnswerAsync);
        return world;
    }

    /// <param name="name">What its processes call themselves.</param>
    /// <param name="isFirst">Whether it is the uninterrupted one, whose answers are taken down.</param>
    public Run Begin(string name, bool isFirst) => _runs[name] = new Run { IsFirst = isFirst };

    /// <summary>Lets the log service move on with a run whose answers are taken down.</summary>
    public Task MoveToAsync(DateTimeOffset tick, CancellationToken cancellationToken) => _logs.MoveToAsync(tick, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _logs.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var path = context.Request.Path.Value!.Split('/');
        if (path is ["", "v1", "workspaces", var asking, "query"])
        {
            await AnswerQueryAsync(context, _runs[asking], buffer.ToArray());
        }
        else if (path is ["", "alerts", var telling])
        {
            _runs[telling].Take(buffer.ToArray());
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task AnswerQueryAsync(HttpContext context, Run run, byte[] body)
    {
        var key = (run.Tick, Encoding.UTF8.GetString(body));
        if (!_answers.TryGetValue(key, out var answer))
        {
            if (!run.IsFirst)
            {
                run.Faults.Enqueue($"At {run.Tick:HH:mm} it asked what the uninterrupted run did not ask.");
                context.Response.StatusCode = StatusCodes.Status409Conflict;
                return;
            }

            using var response = await _client.PostAsync(new Uri(_logs.Address, context.Request.Path.Value), Json(body), context.RequestAborted);
            response.EnsureSuccessStatusCode();
            _answers[key] = answer = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static ByteArrayContent Json(byte[] body) =>
        new(body) { Headers = { ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/json") } };

    /// <summary>One run through the day, over all processes that it takes.</summary>
    internal sealed class Run
    {
        private readonly List<ReceivedCard> _cards = [];

        /// <summary>The time at which its process is.</summary>
        public DateTimeOffset Tick { get; set; }

        /// <summary>Whether it is the uninterrupted one, which asks the log service itself.</summary>
        public bool IsFirst { get; init; }

        /// <summary>What went wrong in the proof itself.</summary>
        public ConcurrentQueue<string> Faults { get; } = new();

        /// <summary>What the receiver took, in order.</summary>
        public IReadOnlyList<ReceivedCard> Cards
        {
            get
            {
                lock (_cards)
                {
                    return [.. _cards];
                }
            }
        }

        public void Take(byte[] body)
        {
            try
            {
                var card = ReceivedCard.Read(body);
                lock (_cards)
                {
                    _cards.Add(card);
                }
            }
            catch (InvalidDataException fault)
            {
                Faults.Enqueue(fault.Message);
            }
        }
    }
}
