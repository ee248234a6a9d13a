using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Workspace.Http;

/// <summary>
/// Serves an embedded workspace as Azure serves one: the Log Analytics query API and the Logs Ingestion API. Any workspace id and
/// any resource id name this workspace; credentials are not looked at.
/// Source: learn.microsoft.com/azure/azure-monitor/logs/api/overview and logs-ingestion-api-overview.
/// </summary>
public static class WorkspaceServer
{
    /// <summary>Starts listening. The workspace stays the caller's.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static Task<LocalServer> StartAsync(EmbeddedWorkspace workspace, WorkspaceServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(options);
        return LocalServer.StartAsync(
            options.Address, options.Port, largestBody: null, RefuseForeignHost, app => Map(app, workspace, options), cancellationToken);
    }

    private static void Map(WebApplication app, EmbeddedWorkspace workspace, WorkspaceServerOptions options)
    {
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
            : path.EndsWith("/search", StringComparison.Ordinal) && IsWorkspace(path) ? search(context)
            : ApiError.PathNotFound(path).WriteAsync(context);
    }

    /// <summary>A search takes no other resource for its scope.</summary>
    private static bool IsWorkspace(string path) =>
        path.Split('/') is [.., var space, var type, _, _] && space.Equals("Microsoft.OperationalInsights", StringComparison.OrdinalIgnoreCase)
        && type.Equals("workspaces", StringComparison.OrdinalIgnoreCase);

    private static Task RefuseForeignHost(HttpContext context) =>
        ApiError.BadArgument($"The host {context.Request.Host.Host} is not this machine.").WriteAsync(context);
}
