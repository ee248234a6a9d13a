using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertFunctions.Tests.Published;

/// <summary>
/// Takes what an OpenTelemetry exporter sends over http/protobuf, and reads of it what tests ask. Source: opentelemetry-proto, trace/v1/trace.proto
/// (TracesData 1 → ResourceSpans 2 → ScopeSpans 2 → Span: trace_id 1, name 5).
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _bodies = new();
    private readonly SemaphoreSlim _received = new(0);

    private OtlpCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            _bodies.Enqueue((context.Request.Path, body.ToArray()));
            _received.Release();
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public Uri Address => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Everything that came, as text: names and tags are readable in it.</summary>
    public string Text => string.Concat(_bodies.Select(body => Encoding.Latin1.GetString(body.Body)));

    /// <summary>Each span's name and the trace that it belongs to.</summary>
    public IReadOnlyList<(string Name, string Trace)> Spans =>
    [
        .. _bodies.Where(body => body.Path == "/v1/traces")
            .SelectMany(body => Fields(body.Body, 1))
            .SelectMany(resource => Fields(resource, 2))
            .SelectMany(scope => Fields(scope, 2))
            .Select(span => (Encoding.UTF8.GetString(Fields(span, 5).Single()), Convert.ToHexStringLower(Fields(span, 1).Single()))),
    ];

    public static async Task<OtlpCollector> StartAsync(CancellationToken cancellationToken)
    {
        var collector = new OtlpCollector();
        await collector._server.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Waits until what came fulfils the condition.</summary>
    public async Task UntilAsync(Func<OtlpCollector, bool> condition, CancellationToken cancellationToken)
    {
        while (!condition(this))
        {
            // A minute of silence is no telemetry at all; it must not hold up the other tests for ever.
            if (!await _received.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken))
            {
                throw new TimeoutException("The app sent no telemetry for a minute.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _received.Dispose();
    }

    /// <summary>The length-delimited fields of that number in a message.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if (key >> 3 == (ulong)number)
                    {
                        yield return message[at..(at + length)];
                    }

                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
