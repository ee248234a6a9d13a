using System.Text.Json;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.AzureServices.Directory;
using AlertFunctions.AzureServices.Notifications;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.Notifications;

public sealed class TeamsActivityNotifierTests
{
    private const string Adele = "84b80893-8749-40a3-97b7-68513b600544";
    private const string Bob = "bob@contoso.com";

    private readonly List<(string Path, JsonElement Body)> _requests = [];

    [Fact]
    public async Task NotifyAsync_PeopleOnCall_TellsEachWithTheDocumentedBody()
    {
        var result = await SendAsync(NoContent, Some.Alert("a") with { Title = "Node <b>x</b>\nis gone" }, Some.Alert("b"));

        Assert.IsType<Sent>(result);
        Assert.Equal(
            [$"POST /v1.0/users/{Adele}/teamwork/sendActivityNotification", "POST /v1.0/users/bob@contoso.com/teamwork/sendActivityNotification"],
            _requests.Select(request => Uri.UnescapeDataString(request.Path)));
        var body = _requests[0].Body;
        Assert.Equal("text", body.GetProperty("topic").GetProperty("source").GetString());
        Assert.Equal("https://teams.microsoft.com/l/channel/1", body.GetProperty("topic").GetProperty("webUrl").GetString());
        Assert.Equal("systemDefault", body.GetProperty("activityType").GetString());
        Assert.Equal("Medium: Node <b>x</b> is gone and 1 more", body.GetProperty("previewText").GetProperty("content").GetString());
        var parameter = Assert.Single(body.GetProperty("templateParameters").EnumerateArray());
        Assert.Equal("systemDefaultText", parameter.GetProperty("name").GetString());
        Assert.Equal(body.GetProperty("chainId").GetInt64(), _requests[1].Body.GetProperty("chainId").GetInt64());
        Assert.True(body.GetProperty("chainId").GetInt64() > 0);
    }

    [Fact]
    public async Task NotifyAsync_LongTitle_IsCutToWhatTeamsShows()
    {
        await SendAsync(NoContent, Some.Alert("a") with { Title = new string('x', 500), State = AlertState.Resolved });

        var text = _requests[0].Body.GetProperty("previewText").GetProperty("content").GetString()!;
        Assert.Equal(150, text.Length);
        Assert.StartsWith("Resolved: xxx", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotifyAsync_OneCannotBeTold_IsSentIfAnotherWas()
    {
        var result = await SendAsync(context => context.Request.Path.Value!.Contains("bob", StringComparison.Ordinal)
            ? Refuse(context, 404, "NotFound", "Failed to find the app for the user.")
            : NoContent(context));

        Assert.IsType<Sent>(result);
        Assert.Equal(2, _requests.Count);
    }

    [Theory]
    [InlineData(403, FailureReason.Unauthorized)]
    [InlineData(404, FailureReason.ClientError)]
    public async Task NotifyAsync_NobodyCanBeTold_Fails(int status, FailureReason reason)
    {
        var failed = Assert.IsType<Failed>(await SendAsync(context => Refuse(context, status, "Forbidden", "Missing role permissions.")));

        Assert.Equal((reason, $"Microsoft Graph: HTTP {status} Forbidden: Missing role permissions."), (failed.Reason, failed.Detail));
    }

    [Fact]
    public async Task NotifyAsync_Throttled_StopsAndComesBackWhenGraphSays()
    {
        var retry = Assert.IsType<Retry>(await SendAsync(context =>
        {
            context.Response.Headers.RetryAfter = "90";
            return Refuse(context, 429, "TooManyRequests", "Too many requests.");
        }));

        Assert.Equal((FailureReason.RateLimited, TimeSpan.FromSeconds(90)), (retry.Reason, retry.After!.Value));
        Assert.Single(_requests);
    }

    [Fact]
    public async Task NotifyAsync_ServiceFailsForOne_IsRetriedThoughTheOtherWasTold()
    {
        var retry = Assert.IsType<Retry>(await SendAsync(context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return context.Request.Path.Value!.Contains("bob", StringComparison.Ordinal) ? Refuse(context, 503, "serviceNotAvailable", "Later.") : NoContent(context);
        }));

        Assert.Equal(FailureReason.ServerError, retry.Reason);
    }

    private async Task<NotifyResult> SendAsync(Func<HttpContext, Task> answer, params Alert[] alerts)
    {
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body);
            _requests.Add(($"{context.Request.Method} {context.Request.Path}", document.RootElement.Clone()));
            await answer(context);
        });
        var graph = new GraphOptions { Endpoint = server.Address, MaxRetries = 1 };
        var notifier = new TeamsActivityNotifier(
            GraphClient.Create(graph, new NoCredential()),
            new TeamsActivityOptions { Users = [Adele, Bob], Link = new Uri("https://teams.microsoft.com/l/channel/1") },
            graph);
        return await notifier.NotifyAsync(SomeNotification.Of(alerts.Length == 0 ? [Some.Alert()] : alerts), TestContext.Current.CancellationToken);
    }

    private static Task NoContent(HttpContext context)
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static async Task Refuse(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"error":{"code":"{{code}}","message":"{{message}}"} }""");
    }
}
