using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AlertFunctions.Workspace.Http;

/// <summary>A web server that a command runs for as long as it lasts: no log, no header that names it.</summary>
public sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that it took.</summary>
    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <param name="address">What it listens at. At loopback a request under the name of another host is refused: a page on the web could point a name of its own here.</param>
    /// <param name="port">The port; 0 for one that is free.</param>
    /// <param name="largestBody">The largest body of a request, in bytes; null for Kestrel's own limit of 30 MB.</param>
    /// <param name="refuse">Answers a request under a foreign host's name.</param>
    /// <param name="map">Adds what it serves.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalServer> StartAsync(
        IPAddress address, int port, long? largestBody, RequestDelegate refuse, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(map);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = largestBody ?? kestrel.Limits.MaxRequestBodySize;
            kestrel.Listen(address, port);
        });
        var app = builder.Build();
        if (IPAddress.IsLoopback(address))
        {
            app.Use((HttpContext context, RequestDelegate next) => IsThisMachine(context.Request.Host.Host) ? next(context) : refuse(context));
        }

        map(app);
        try
        {
            await app.StartAsync(cancellationToken);
            return new LocalServer(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool IsThisMachine(string host) =>
        host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
