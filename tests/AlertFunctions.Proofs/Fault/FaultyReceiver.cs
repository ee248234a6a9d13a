using System.Collections.Concurrent;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Proofs.Day;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Proofs.Fault;

/// <summary>A card that a receiver took.</summary>
/// <param name="Tick">When, on the day's clock.</param>
/// <param name="Alerts">What it said.</param>
/// <param name="IsAnswerLost">Whether the sender was not told that it was taken.</param>
internal sealed record TakenCard(DateTimeOffset Tick, IReadOnlyList<string> Alerts, bool IsAnswerLost);

/// <summary>A receiver of notifications over HTTP that fails some of them, and the notifier that posts to it.</summary>
internal sealed class FaultyReceiver : IAsyncDisposable
{
    /// <summary>Loopback answers at once or not at all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly FaultSource _faults;
    private readonly ConcurrentQueue<TakenCard> _taken = new();
    private LoopbackServer? _server;
    private WebhookNotifier? _notifier;

    private FaultyReceiver(FaultSource faults) => _faults = faults;

    public DateTimeOffset Tick { get; set; }

    public IReadOnlyList<TakenCard> Taken => [.. _taken];

    public INotifier Notifier => _notifier!;

    public static async Task<FaultyReceiver> StartAsync(FaultSource faults)
    {
        var receiver = new FaultyReceiver(faults);
        receiver._server = await LoopbackServer.StartAsync(receiver.AnswerAsync);
        if (!SecretUri.TryCreate($"{receiver._server.Address}", out var address))
        {
            throw new InvalidOperationException("Unreachable: the server's address is one.");
        }

        receiver._notifier = new WebhookNotifier(
            address!, new WebhookOptions { AllowedHosts = ["127.0.0.1"], Timeout = Patience }, CardOptions.Default, TimeProvider.System);
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        _notifier!.Dispose();
        await _server!.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var kind = _faults.Draw();
        if (await _faults.SpoilAsync(context, kind))
        {
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);

        // Who reads the status before the body breaks off knows that it was taken; that is the sender's luck, not a promise.
        var isLost = kind is FaultKind.ResetAfter or FaultKind.Truncated;
        _taken.Enqueue(new TakenCard(Tick, ReceivedCard.Read(body.ToArray()).Alerts, isLost));
        if (kind == FaultKind.ResetAfter)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        if (kind == FaultKind.Truncated)
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync("half an"u8.ToArray());
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
    }
}
