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

/// <summary>
/// Serves an embedded workspace as Azure serves one: the Log Analytics query API and the Logs Ingestion API. Any workspace id and
/// any resource id name this workspace; credentials are not looked at.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/overview and logs-ingestion-api-overview.
/// </summary>
public sealed class WorkspaceServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WorkspaceServer(WebApplication app) => _app = app;

    /// <summary>Where it listens, with the port that it took.</summary>
    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Starts listening. The workspace stays the caller's.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WorkspaceServer> StartAsync(
        EmbeddedWorkspace workspace, WorkspaceServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
        });
        var app = builder.Build();
        Map(app, workspace, options);
        try
        {
            await app.StartAsync(cancellationToken);
            return new WorkspaceServer(app);
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

    private static void Map(WebApplication app, EmbeddedWorkspace workspace, WorkspaceServerOptions options)
    {
        if (IPAddress.IsLoopback(options.Address))
        {
            app.Use(RefuseForeignHosts);
        }

        if (options.EnforceLimits)
        {
            app.Use(new RequestLimits().InvokeAsync);
        }

        var query = new QueryEndpoint(workspace, options);
        var metadata = new MetadataEndpoint(workspace);
        var ingestion = new IngestionEndpoint(workspace, options.TimeProvider);
        string[] getAndPost = [HttpMethods.Get, HttpMethods.Post];
        RequestDelegate answer = context => query.AnswerAsync(context, isSearch: false);
        RequestDelegate search = context => query.AnswerAsync(context, isSearch: true);
        app.MapMethods("/v1/workspaces/{id}/query", getAndPost, answer);
        app.MapMethods("/v1/workspaces/{id}/search", getAndPost, search);
        app.MapMethods("/v1/workspaces/{id}/metadata", getAndPost, (RequestDelegate)metadata.AnswerAsync);
        app.MapPost("/v1/$batch", (RequestDelegate)new BatchEndpoint(query).AnswerAsync);
        app.MapPost("/dataCollectionRules/{id}/streams/{stream}", (RequestDelegate)ingestion.AnswerAsync);
        app.MapMethods("/v1/{**path}", getAndPost, context => AnswerResource(context, answer, search));
        app.MapFallback(context => ApiError.PathNotFound(context.Request.Path).WriteAsync(context));
    }

    /// <summary>A resource's id has slashes of its own, so the route ends in whatever the path does.</summary>
    private static Task AnswerResource(HttpContext context, RequestDelegate query, RequestDelegate search)
    {
        var path = context.Request.Path.Value ?? "";
        return path.EndsWith("/query", StringComparison.Ordinal) ? query(context)
            : path.EndsWith("/search", StringComparison.Ordinal) ? search(context)
            : ApiError.PathNotFound(path).WriteAsync(context);
    }

    /// <summary>A page on the web must not reach the workspace under a name that it points at this machine.</summary>
    private static Task RefuseForeignHosts(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        var isLocal = host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        return isLocal ? next(context) : ApiError.BadArgument($"The host {host} is not this machine.").WriteAsync(context);
    }
}
