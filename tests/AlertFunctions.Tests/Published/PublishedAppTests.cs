using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AlertFunctions.Hosting;
using AlertFunctions.Settings;
using AlertFunctions.Testing;
using AlertFunctions.Triggers;

namespace AlertFunctions.Tests.Published;

/// <summary>The deployed executable in the environment of the real image, called as the host calls it.</summary>
public sealed class PublishedAppTests
{
    private static readonly Dictionary<string, string> Configured = new()
    {
        ["AzureWebJobsStorage__accountName"] = "store",
        ["AlertFunctions__Workspaces"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
        ["AlertFunctions__Receivers__platform__Url"] = "https://example.logic.azure.com/workflows/1",
        ["AlertFunctions__Receivers__security__Url"] = "https://example.logic.azure.com/workflows/2",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_InTheImagesEnvironment_ListensWhereTheHostCalls()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);

        Assert.Equal(HttpStatusCode.OK, await host.ReadyAsync(Token));
        Assert.DoesNotContain("fail:", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortTaken_EndsWithAnErrorThatTheHostRestartsAfter()
    {
        var folder = await PublishedApp.RequireAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await using var host = HostProcess.Start(folder, new Dictionary<string, string> { [FunctionsHost.PortVariable] = port });

        Assert.Equal(1, await host.ExitAsync(Token));
    }

    [Fact]
    public async Task Sigterm_Ends_WithACodeThatAsksForARestart()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync());
        await host.ReadyAsync(Token);

        Assert.Equal(200, await host.TerminateAsync(Token));
    }

    [Fact]
    public async Task Unconfigured_Starts_AndItsHealthSaysWhatIsMissing()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync());
        await host.ReadyAsync(Token);

        var (status, body) = await host.CallAsync("GetHealth", """{"Data":{"request":{"Url":"http://h/api/health","Method":"GET"}},"Metadata":{}}""", Token);
        var (beat, _) = await host.CallAsync("Heartbeat", """{"Data":{"timer":{}},"Metadata":{}}""", Token);

        var response = body.GetProperty("Outputs").GetProperty("response");
        Assert.Equal((HttpStatusCode.OK, 503, HttpStatusCode.InternalServerError), (status, response.GetProperty("statusCode").GetInt32(), beat));
        Assert.Equal(
            ["AlertFunctions__Receivers__platform__Url", "AlertFunctions__Receivers__security__Url", "AlertFunctions__Workspaces", "AzureWebJobsStorage"],
            response.GetProperty("body").GetProperty("settings").EnumerateArray().Select(fault => fault.GetProperty("name").GetString()));
        Assert.Contains("AlertFunctions__Workspaces", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configured_Health_CountsTheDetectionsOfThePackage()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);

        var (_, body) = await host.CallAsync("GetHealth", """{"Data":{"request":{"Url":"http://h/api/health","Method":"GET"}},"Metadata":{}}""", Token);

        var health = body.GetProperty("Outputs").GetProperty("response").GetProperty("body");
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal(
            Alerting.Detections.DetectionLoader.Load(Repository.Kql).Detections.Length, health.GetProperty("catalogue").GetProperty("detections").GetInt32());
    }

    [Theory]
    [InlineData("timer.http")]
    [InlineData("timer-past-due.http")]
    public async Task Recorded_TimerCalls_Succeed(string sample)
    {
        var path = Repository.Shared("samples", "functions-host", sample);
        Assert.SkipUnless(File.Exists(path), "The recorded requests of the host lie in ../shared, which is not here.");
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);

        var (status, body) = await host.CallAsync("Heartbeat", Body(path), Token);

        Assert.Equal((HttpStatusCode.OK, JsonValueKind.Object), (status, body.ValueKind));
    }

    [Theory]
    [InlineData("event-grid.http", "evt")]
    [InlineData("queue.http", "msg")]
    public async Task Recorded_CallsOfAnotherTrigger_FailAndLeaveTheAppRunning(string sample, string binding)
    {
        var path = Repository.Shared("samples", "functions-host", sample);
        Assert.SkipUnless(File.Exists(path), "The recorded requests of the host lie in ../shared, which is not here.");
        Assert.Contains(binding, Body(path), StringComparison.Ordinal);
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);

        var (unknown, _) = await host.CallAsync("QueueFn", Body(path), Token);

        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Equal(HttpStatusCode.OK, await host.ReadyAsync(Token));
    }

    [Fact]
    public async Task Call_DuringStart_IsRefusedOrAnsweredAndNeverLost()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);

        // The first call goes with the first probe that connects.
        while (true)
        {
            try
            {
                var (status, _) = await host.CallAsync("Heartbeat", """{"Data":{"timer":{}},"Metadata":{}}""", Token);
                Assert.Equal(HttpStatusCode.OK, status);
                return;
            }
            catch (HttpRequestException exception) when (exception.InnerException is SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
            }
        }
    }

    [Fact]
    public async Task Call_OfAMegabyteAndTwoAtOnce_AreAnswered()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);
        var large = $$"""{"Data":{"timer":{"x":"{{new string('x', 1_000_000)}}"} },"Metadata":{} }""";

        var answers = await Task.WhenAll(host.CallAsync("Heartbeat", large, Token), host.CallAsync("Heartbeat", large, Token));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task Package_Functions_AreThoseOfTheTriggerClasses()
    {
        var folder = await PublishedApp.RequireAsync();
        var functions = AppFunctions.Create(new AppServices(new AppSettings(), TimeProvider.System));

        var published = Directory.EnumerateFiles(folder, "function.json", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, Path.GetDirectoryName(path)!), File.ReadAllText);

        Assert.Equal(functions.ToDictionary(function => function.Name, FunctionJson.Of), published);
    }

    [Fact]
    public async Task Package_Executable_IsTheOneThatHostJsonNames()
    {
        var folder = await PublishedApp.RequireAsync();

        var description = JsonElement.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "host.json"), Token))
            .GetProperty("customHandler").GetProperty("description");

        var executable = Path.Combine(folder, description.GetProperty("defaultExecutablePath").GetString()!);
        Assert.True(File.Exists(executable));
        Assert.InRange(new FileInfo(executable).Length, 1, 40_000_000);
    }

    /// <summary>The part of a recorded request after its headers.</summary>
    private static string Body(string path)
    {
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        return text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
    }
}
