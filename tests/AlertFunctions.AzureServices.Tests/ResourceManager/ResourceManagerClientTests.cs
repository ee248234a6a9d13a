using System.Text;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.ResourceManager;

public sealed class ResourceManagerClientTests
{
    private const string Group = "/subscriptions/s-1/resourceGroups/rg one";

    [Fact]
    public async Task PutAsync_Resource_SendsItToItsAddress()
    {
        var sent = "";

        var outcome = await CallAsync(
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                sent = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.ContentType} {await reader.ReadToEndAsync()}";
                await Json(context, 201, """{"id":"x"}""");
            },
            (client, token) => client.PutAsync($"{Group}/providers/Microsoft.Insights/scheduledQueryRules/r", "2023-12-01", Encoding.UTF8.GetBytes("{}"), token));

        Assert.Equal("PUT /subscriptions/s-1/resourceGroups/rg%20one/providers/Microsoft.Insights/scheduledQueryRules/r?api-version=2023-12-01 application/json {}", sent);
        Assert.Equal("x", Assert.IsType<ResourceFound>(outcome).Body.GetProperty("id").GetString());
    }

    [Fact]
    public async Task DeleteAsync_NoContent_IsFound() => Assert.IsType<ResourceFound>(await CallAsync(
        context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        },
        (client, token) => client.DeleteAsync(Group, "v", token)));

    [Fact]
    public async Task ListAsync_SeveralPages_GivesAllItems()
    {
        var outcome = await CallAsync(
            context => Json(
                context, 200,
                context.Request.Query["page"] == "2"
                    ? """{"value":[{"name":"b"}],"nextLink":null}"""
                    : $$"""{"value":[{"name":"a"}],"nextLink":"http://{{context.Request.Host}}/list?page=2"}"""),
            (client, token) => client.ListAsync(Group, "v", token));

        Assert.Equal(["a", "b"], Assert.IsType<ResourceItems>(outcome).Items.Select(item => item.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("""{"value":[],"nextLink":"https://elsewhere.example.com/list"}""", "another host")]
    [InlineData("""{"value":[{"name":"a"}""", "broke off")]
    [InlineData("""[]""", "no list")]
    public async Task ListAsync_ListThatIsNotWhole_IsNoList(string body, string why)
    {
        var outcome = await CallAsync(context => Json(context, 200, body), (client, token) => client.ListAsync(Group, "v", token));

        Assert.Contains(why, Assert.IsType<ResourceUnavailable>(outcome).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_SecondPageThrottled_IsNoList()
    {
        var outcome = await CallAsync(
            context =>
            {
                if (context.Request.Query["page"] != "2")
                {
                    return Json(context, 200, $$"""{"value":[{"name":"a"}],"nextLink":"http://{{context.Request.Host}}/list?page=2"}""");
                }

                context.Response.Headers.RetryAfter = "300";
                return Json(context, 429, """{"error":{"code":"OperationNotAllowed","message":"The server rejected the request because too many requests."}}""");
            },
            (client, token) => client.ListAsync(Group, "v", token));

        var unavailable = Assert.IsType<ResourceUnavailable>(outcome);
        Assert.Equal(TimeSpan.FromMinutes(5), unavailable.RetryAfter);
        Assert.Contains("OperationNotAllowed", unavailable.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_ThrottledForNoTime_AsksAgain()
    {
        var calls = 0;

        var outcome = await CallAsync(
            context =>
            {
                context.Response.Headers.RetryAfter = "0";
                return ++calls == 1 ? Json(context, 429, "{}") : Json(context, 200, "{}");
            },
            (client, token) => client.GetAsync(Group, "v", token));

        Assert.IsType<ResourceFound>(outcome);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task GetAsync_AnswerCutShort_IsUnavailable()
    {
        var outcome = await CallAsync(
            async context =>
            {
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"id\":");
                context.Abort();
            },
            (client, token) => client.GetAsync(Group, "v", token));

        Assert.IsType<ResourceUnavailable>(outcome);
    }

    [Theory]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"The client does not have authorization."}}""", "HTTP 403: AuthorizationFailed: The client does not have authorization.")]
    [InlineData(400, """{"error":{"code":"BadRequest","message":"No.","details":[{"code":"Inner","message":"Because."}]}}""", "HTTP 400: BadRequest: No. > Inner: Because.")]
    [InlineData(409, "<html>", "HTTP 409")]
    public async Task GetAsync_Refused_SaysWhatTheServiceSaid(int status, string body, string detail)
    {
        var outcome = await CallAsync(context => Json(context, status, body), (client, token) => client.GetAsync(Group, "v", token));

        var refused = Assert.IsType<ResourceRefused>(outcome);
        Assert.Equal((status, detail), (refused.Status, refused.Detail));
    }

    [Fact]
    public async Task GetAsync_NotThere_IsMissing() => Assert.IsType<ResourceMissing>(await CallAsync(
        context => Json(context, 404, """{"error":{"code":"ResourceNotFound","message":"The Resource was not found."}}"""),
        (client, token) => client.GetAsync(Group, "v", token)));

    private static async Task<ResourceOutcome> CallAsync(RequestDelegate answer, Func<ResourceManagerClient, CancellationToken, Task<ResourceOutcome>> call)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        var options = ResourceManagerOptions.AzurePublic with { Endpoint = server.Address, RetryDelay = TimeSpan.FromMilliseconds(1) };
        return await call(new ResourceManagerClient(options, new NoCredential(), TimeProvider.System), TestContext.Current.CancellationToken);
    }

    private static async Task Json(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }
}
