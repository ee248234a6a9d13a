using System.Net;
using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.State;
using AlertFunctions.Workspace.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Cli.Events;

/// <summary>
/// The webhook of the Functions host for Event Grid, on this machine: <c>POST /runtime/webhooks/eventgrid?functionName=...</c> with both validation
/// handshakes, so that curl, a simulator or Event Grid through a tunnel can drive the same functions. It asks for no key and hears this machine only.
/// Source: learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema and end-point-validation-cloud-events-schema.
/// </summary>
internal static class EventGridServer
{
    /// <summary>Where events go, below the server's address.</summary>
    public const string Path = "/runtime/webhooks/eventgrid";

    private const string ValidationType = "Microsoft.EventGrid.SubscriptionValidationEvent";
    private const int LargestBody = 64 * 1024 * 1024;

    /// <summary>Handles the events of a delivery to a function; false where there is no function of that name.</summary>
    public delegate Task<bool> Handler(string function, IReadOnlyList<JsonElement> events, CancellationToken cancellationToken);

    /// <exception cref="IOException">The port is taken.</exception>
    public static Task<LocalServer> StartAsync(int port, Handler handle, CancellationToken cancellationToken) =>
        LocalServer.StartAsync(IPAddress.Loopback, port, LargestBody, RefuseForeignHost, app => Map(app, handle), cancellationToken);

    private static void Map(WebApplication app, Handler handle)
    {
        app.MapMethods(Path, [HttpMethods.Options], Welcome);
        app.MapPost(Path, (RequestDelegate)(context => AnswerAsync(context, handle)));
    }

    private static Task RefuseForeignHost(HttpContext context) =>
        SayAsync(context, StatusCodes.Status403Forbidden, $"the host {context.Request.Host.Host} is not this machine");

    /// <summary>The handshake of CloudEvents: whoever asks may send, as often as it likes.</summary>
    private static Task Welcome(HttpContext context)
    {
        if (context.Request.Headers["WebHook-Request-Origin"] is [{ Length: > 0 } origin])
        {
            context.Response.Headers["WebHook-Allowed-Origin"] = origin;
            context.Response.Headers["WebHook-Allowed-Rate"] = "*";
        }

        return Task.CompletedTask;
    }

    private static async Task AnswerAsync(HttpContext context, Handler handle)
    {
        if (context.Request.Headers["aeg-event-type"] == "Unsubscribe")
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        IReadOnlyList<JsonElement> events;
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = 512 }, context.RequestAborted);
            var root = document.RootElement.Clone();
            events = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
        }
        catch (JsonException fault)
        {
            // Sent again it would be the same: 400 tells Event Grid not to.
            await SayAsync(context, StatusCodes.Status400BadRequest, $"the body is not JSON: {fault.Message}");
            return;
        }

        if (ValidationCode(events) is { } code)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"validationResponse":{{JsonSerializer.Serialize(code)}}}""", context.RequestAborted);
            return;
        }

        await HandleAsync(context, events, handle);
    }

    private static async Task HandleAsync(HttpContext context, IReadOnlyList<JsonElement> events, Handler handle)
    {
        var function = context.Request.Query["functionName"].ToString();
        try
        {
            if (await handle(function, events, context.RequestAborted))
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            }
            else
            {
                await SayAsync(context, StatusCodes.Status404NotFound, $"cannot find function: '{function}'");
            }
        }
        catch (Exception fault) when (fault is StateUnavailableException or AccessUnavailableException)
        {
            await SayAsync(context, StatusCodes.Status500InternalServerError, fault.Message);
        }
    }

    /// <summary>The code of the handshake in Event Grid's own schema; null where the delivery is none.</summary>
    private static string? ValidationCode(IReadOnlyList<JsonElement> events) =>
        events is [{ ValueKind: JsonValueKind.Object } first]
        && first.TryGetProperty("eventType", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals(ValidationType)
        && first.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("validationCode", out var code) && code.ValueKind == JsonValueKind.String
            ? code.GetString()
            : null;

    private static Task SayAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
