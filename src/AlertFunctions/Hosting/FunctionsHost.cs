using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AlertFunctions.Telemetry;
using Microsoft.Extensions.Logging.Console;

namespace AlertFunctions.Hosting;

/// <summary>
/// The app's side of the custom handler contract. Every answer to an invocation is 200 with a JSON object, or a failure by its status: an empty
/// body would leave the invocation hanging until the host's time-out, and at that time-out the host kills the process with all that it is doing.
/// Source: learn.microsoft.com/azure/azure-functions/functions-custom-handlers, and the host's own source where that page is silent.
/// </summary>
internal static partial class FunctionsHost
{
    /// <summary>The variable in which the host names the port to listen on.</summary>
    public const string PortVariable = "FUNCTIONS_CUSTOMHANDLER_PORT";

    private const int LongestBody = 100_000_000;

    /// <summary>A builder that listens where the host will call, whatever ASPNETCORE_URLS and ASPNETCORE_CONTENTROOT of the host's image say.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] arguments, string? port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.Logging.ClearProviders();

        // The host takes each line for a message of its own, those of the error stream for errors, and it probes often.
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.Listen(IPAddress.Loopback, int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 8080);
        });
        return builder;
    }

    /// <summary>Answers the host's probes and calls.</summary>
    public static void Map(WebApplication application, IReadOnlyList<IFunction> functions, TimeProvider time)
    {
        var byName = functions.ToDictionary(function => function.Name, StringComparer.Ordinal);
        var log = application.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AlertFunctions.Invocations");
        application.Run(context => AnswerAsync(context, byName, time, log));
    }

    /// <summary>The end of a process that could not start or go on, told in one line. Never 0: the host would take that for the end it wanted.</summary>
    public static int Fail(Exception exception)
    {
        Console.Error.WriteLine($"AlertFunctions ends: {exception.Message.ReplaceLineEndings(" ")}");
        return 1;
    }

    private static Task AnswerAsync(HttpContext context, Dictionary<string, IFunction> functions, TimeProvider time, ILogger log)
    {
        var path = context.Request.Path.Value ?? "/";
        if (HttpMethods.IsGet(context.Request.Method) && path == "/")
        {
            // The readiness probe: any answer counts, and it must come at once.
            context.Response.StatusCode = StatusCodes.Status200OK;
            return Task.CompletedTask;
        }

        if (HttpMethods.IsPost(context.Request.Method) && functions.TryGetValue(path[1..], out var function))
        {
            return InvokeAsync(context, function, time, log);
        }

        return WriteAsync(context, StatusCodes.Status404NotFound, json => json.WriteString("error", "There is no such function."));
    }

    private static async Task InvokeAsync(HttpContext context, IFunction function, TimeProvider time, ILogger log)
    {
        var id = context.Request.Headers["X-Azure-Functions-InvocationId"].ToString();
        using var activity = StartActivity(context, function.Name, id);
        using var deadline = new CancellationTokenSource(function.Trigger.Deadline, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, end.Token);
            var invocation = Invocation.Parse(function.Name, id, body.GetBuffer().AsMemory(0, (int)body.Length));

            // A function that does not heed its token is left behind: the host would kill every other call along with it.
            var result = await function.RunAsync(invocation, end.Token).WaitAsync(end.Token);
            await WriteAsync(context, StatusCodes.Status200OK, json => WriteOutputs(json, result));
        }
#pragma warning disable CA1031 // The boundary to the host: whatever failed, this invocation fails and the others go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // The host records the status and drops the body, so what went wrong is said here or nowhere.
            activity?.SetStatus(ActivityStatusCode.Error);
            InvocationFailed(log, function.Name, id, deadline.IsCancellationRequested ? "ran out of time" : exception.Message, exception);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, json => json.WriteString("error", "The function failed; the app's log says why."));
        }
    }

    /// <summary>A call of the host, as part of the host's own trace where it tells one.</summary>
    private static Activity? StartActivity(HttpContext context, string function, string id)
    {
        // ASP.NET Core has an activity of its own, which nobody collects: a child of it would not be collected either.
        Activity.Current = null;
        ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var parent);
        return AppMetrics.Activities.StartActivity(function, ActivityKind.Server, parent)?.SetTag("faas.invocation_id", id);
    }

    private static void WriteOutputs(Utf8JsonWriter json, FunctionResult result)
    {
        if (result is not HttpResult http)
        {
            return;
        }

        json.WriteStartObject("Outputs");
        json.WriteStartObject("response");
        json.WriteNumber("statusCode", http.Status);
        json.WriteStartObject("headers");
        json.WriteString("Content-Type", http.ContentType);
        foreach (var (name, value) in http.Headers)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        if (http.ContentType.StartsWith("application/json", StringComparison.Ordinal))
        {
            json.WritePropertyName("body");
            json.WriteRawValue(http.Body);
        }
        else
        {
            json.WriteString("body", http.Body);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.Length;
        await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), CancellationToken.None);
    }

    [LoggerMessage(1, LogLevel.Error, "{Function} ({InvocationId}) failed: {Reason}")]
    private static partial void InvocationFailed(ILogger log, string function, string invocationId, string reason, Exception exception);
}
