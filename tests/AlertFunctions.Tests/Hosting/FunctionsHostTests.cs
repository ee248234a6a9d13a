using System.Net;
using System.Text;
using System.Text.Json;
using AlertFunctions.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Tests.Hosting;

/// <summary>What the app answers to the host, over a real socket.</summary>
public sealed class FunctionsHostTests : IAsyncDisposable
{
    private static readonly QueueBinding Queue = new("work");

    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _client = new();
    private WebApplication? _application;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Call_OfAnySize_ReachesTheFunctionAndIsAnsweredWithAnObject(int size)
    {
        var length = -1;
        var address = await StartAsync(Queue, (invocation, _) =>
        {
            length = invocation.MessageText(Queue).Length;
            return Task.FromResult(FunctionResult.Done);
        });

        var (status, body) = await PostAsync(address, Message.Replace("x", new string('x', size), StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, JsonValueKind.Object, size), (status, body.ValueKind, length));
    }

    [Fact]
    public async Task Call_ThatThrows_FailsByItsStatusAndLeavesTheOthersAlone()
    {
        var calls = 0;
        var address = await StartAsync(Queue, (_, _) => ++calls == 1
            ? throw new InvalidOperationException("secret text")
            : Task.FromResult(FunctionResult.Done));

        var (first, body) = await PostAsync(address, Message);
        var (second, _) = await PostAsync(address, Message);

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (first, second));
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ThatOverruns_IsGivenUpBeforeTheHostWouldKillTheProcess(bool heedsItsToken)
    {
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource<FunctionResult>();
        var address = await StartAsync(Queue, async (_, cancellationToken) =>
        {
            started.SetResult();
            return heedsItsToken ? await never.Task.WaitAsync(cancellationToken) : await never.Task;
        });

        var answer = PostAsync(address, Message);
        await started.Task.WaitAsync(Token);
        _time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(HttpStatusCode.InternalServerError, (await answer).Status);
    }

    [Fact]
    public async Task Calls_AtOnce_RunSideBySide()
    {
        var both = new TaskCompletionSource<FunctionResult>();
        var running = 0;
        var address = await StartAsync(Queue, (_, _) =>
        {
            if (Interlocked.Increment(ref running) == 2)
            {
                both.SetResult(FunctionResult.Done);
            }

            return both.Task;
        });

        var answers = await Task.WhenAll(PostAsync(address, Message), PostAsync(address, Message));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task Probe_WhileACallRuns_IsAnsweredAtOnce()
    {
        var started = new TaskCompletionSource();
        var end = new TaskCompletionSource<FunctionResult>();
        var address = await StartAsync(Queue, (_, _) =>
        {
            started.SetResult();
            return end.Task;
        });

        var call = PostAsync(address, Message);
        await started.Task.WaitAsync(Token);
        using var probe = await _client.GetAsync(address, Token);
        end.SetResult(FunctionResult.Done);
        await call;

        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Theory]
    [InlineData("POST", "Other", "{}", HttpStatusCode.NotFound)]
    [InlineData("POST", "scripted", "{}", HttpStatusCode.NotFound)]
    [InlineData("GET", "Scripted", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "Scripted", "no JSON", HttpStatusCode.InternalServerError)]
    [InlineData("POST", "Scripted", "", HttpStatusCode.InternalServerError)]
    public async Task Call_OutsideTheContract_FailsWithAnObject(string method, string path, string? body, HttpStatusCode expected)
    {
        var address = await StartAsync(Queue, (invocation, _) =>
        {
            invocation.MessageText(Queue);
            return Task.FromResult(FunctionResult.Done);
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await _client.SendAsync(request, Token);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).ValueKind);
    }

    [Theory]
    [InlineData("application/json", """{"a":1}""", JsonValueKind.Object)]
    [InlineData("text/html", "<p>x</p>", JsonValueKind.String)]
    public async Task Answer_OfAnHttpFunction_IsItsOutput(string contentType, string text, JsonValueKind kind)
    {
        var address = await StartAsync(new HttpBinding("x", "function", "get"), (_, _) =>
            Task.FromResult<FunctionResult>(new HttpResult(503, contentType, text) { Headers = new Dictionary<string, string> { ["X-Y"] = "z" } }));

        var (status, body) = await PostAsync(address, """{"Data":{"request":{}}}""");

        var response = body.GetProperty("Outputs").GetProperty("response");
        Assert.Equal((HttpStatusCode.OK, 503), (status, response.GetProperty("statusCode").GetInt32()));
        Assert.Equal((contentType, "z"), (response.GetProperty("headers").GetProperty("Content-Type").GetString(), response.GetProperty("headers").GetProperty("X-Y").GetString()));
        Assert.Equal(kind, response.GetProperty("body").ValueKind);
    }

    private const string Message = """{"Data":{"message":"\"x\""},"Metadata":{}}""";

    private async Task<Uri> StartAsync(TriggerBinding trigger, Func<Invocation, CancellationToken, Task<FunctionResult>> run)
    {
        _application = FunctionsHost.CreateBuilder([], "0").Build();
        FunctionsHost.Map(_application, [new ScriptedFunction(trigger, run)], _time);
        await _application.StartAsync(Token);
        return new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(Uri address, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(address, "Scripted"), content, Token);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)));
    }
}
