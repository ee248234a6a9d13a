using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertFunctions.Benchmarks.App;

/// <summary>What a log service saw.</summary>
/// <param name="Answered">How many queries it let in and answered.</param>
/// <param name="Throttled">How many queries it answered with 429.</param>
/// <param name="Most">How many ran at a time.</param>
/// <param name="Latency">How long a query that was let in took there on average: timers fire late.</param>
internal sealed record ServiceCounts(int Answered, int Throttled, int Most, TimeSpan Latency);

/// <summary>
/// A log service in a process of its own, so that its work is not counted as ours: each query takes 50 ms, and what goes beyond Log Analytics' limits of 5 at a
/// time and 200 within any 30 s is answered 429.
/// </summary>
internal sealed class LogServiceProcess : IDisposable
{
    /// <summary>The argument that makes this program the service.</summary>
    public const string Argument = "log-service";

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private const int Concurrent = 5;

    private readonly Process _process;
    private readonly HttpClient _client = new();

    private LogServiceProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<LogServiceProcess> StartAsync(int requests, CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Argument, requests.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var address = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The log service did not start.");
        return new LogServiceProcess(process, new Uri(address));
    }

    public async Task<ServiceCounts> CountAsync(CancellationToken cancellationToken)
    {
        var counts = (await _client.GetStringAsync(Address, cancellationToken)).Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new ServiceCounts(counts[0], counts[1], counts[2], TimeSpan.FromMicroseconds(counts[3]));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    /// <summary>Serves until it is killed.</summary>
    public static async Task ServeAsync(int requests)
    {
        var started = new Queue<long>();
        var (answered, throttled, running, most) = (0, 0, 0, 0);
        var held = TimeSpan.Zero;
        var gate = new Lock();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(async context =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync($"{answered} {throttled} {most} {(int)(held / Math.Max(1, answered)).TotalMicroseconds}");
                return;
            }

            lock (gate)
            {
                while (started.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest) >= Window)
                {
                    started.Dequeue();
                }

                most = Math.Max(most, running + 1);
                if (running == Concurrent || started.Count >= requests)
                {
                    throttled++;
                    context.Response.StatusCode = 429;
                    return;
                }

                running++;
                started.Enqueue(Stopwatch.GetTimestamp());
            }

            var begun = Stopwatch.GetTimestamp();
            await Task.Delay(Latency);
            lock (gate)
            {
                answered++;
                held += Stopwatch.GetElapsedTime(begun);
                running--;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Name","type":"string"},{"name":"Table","type":"string"}],"rows":[]}]}""");
        });
        await server.StartAsync();
        Console.WriteLine(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        await Task.Delay(Timeout.Infinite);
    }
}
