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
    [InlineData("timer.http", "Heartbeat", "timer", HttpStatusCode.OK)]
    [InlineData("timer-past-due.http", "Heartbeat", "timer", HttpStatusCode.OK)]
    [InlineData("http-envelope.http", "GetHealth", "request", HttpStatusCode.OK)]
    [InlineData("http-envelope.http", "ActOnAlert", "request", HttpStatusCode.OK)]
    [InlineData("queue.http", "EvaluateDetection", "message", HttpStatusCode.InternalServerError)] // {"a":1} is no message of ours.
    [InlineData("queue.http", "DeliverNotifications", "message", HttpStatusCode.InternalServerError)]
    [InlineData("event-grid.http", "ActOnAlert", "event", HttpStatusCode.InternalServerError)] // function.json and app of two versions.
    public async Task Recorded_Calls_AreAnsweredWithAnObject(string sample, string function, string binding, HttpStatusCode expected)
    {
        var path = RequireSample(sample);
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);

        // The recorded function's binding has a name of its own.
        var recorded = JsonElement.Parse(Body(path));
        var value = recorded.GetProperty("Data").EnumerateObject().Single().Value.GetRawText();
        var (status, body) = await host.CallAsync(
            function, $$"""{"Data":{"{{binding}}":{{value}} },"Metadata":{{recorded.GetProperty("Metadata").GetRawText()}} }""", Token);

        Assert.Equal((expected, JsonValueKind.Object), (status, body.ValueKind));
        Assert.Equal(HttpStatusCode.OK, await host.ReadyAsync(Token));
    }

    [Theory]
    [InlineData("readiness.http", HttpStatusCode.OK)]
    [InlineData("http-forwarded.http", HttpStatusCode.NotFound)] // host.json says that requests come in envelopes.
    [InlineData("timer.http", HttpStatusCode.NotFound)] // TimerMin is none of our functions.
    [InlineData("event-grid.http", HttpStatusCode.NotFound)]
    public async Task Recorded_Requests_AsTheyWereSent_AreAnswered(string sample, HttpStatusCode expected)
    {
        var path = RequireSample(sample);
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);
        var lines = (await File.ReadAllTextAsync(path, Token)).ReplaceLineEndings("\n").Split('\n');
        var target = lines[0].Split(' ');
        using var request = new HttpRequestMessage(new HttpMethod(target[0]), new Uri(host.Address, target[1]));
        if (target[0] == "POST")
        {
            request.Content = new StringContent(Body(path), System.Text.Encoding.UTF8, "application/json");
        }

        using var client = new HttpClient();
        using var response = await client.SendAsync(request, Token);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Odd_Calls_FailByTheirStatusAndLeaveTheAppRunning()
    {
        await using var host = HostProcess.Start(await PublishedApp.RequireAsync(), Configured);
        await host.ReadyAsync(Token);
        (string What, string Function, string Body, HttpStatusCode Expected)[] calls =
        [
            ("an empty queue message", "EvaluateDetection", Message("\"\\\"\\\"\""), HttpStatusCode.InternalServerError),
            ("a queue message of bytes", "EvaluateDetection", Message("\"////\""), HttpStatusCode.InternalServerError),
            ("a queue message of a megabyte", "DeliverNotifications", Message($"\"{new string('x', 1_000_000)}\""), HttpStatusCode.InternalServerError),
            ("a queue message of null", "DeliverNotifications", Message("null"), HttpStatusCode.InternalServerError),
            ("a queue message for a detection that is gone", "EvaluateDetection", Message("{\"Detection\":\"aks/gone\",\"DueAt\":\"2026-03-02T12:00:00Z\"}"), HttpStatusCode.OK),
            ("a CloudEvents batch for a timer", "Heartbeat", """{"Data":{"event":"[{\"specversion\":\"1.0\",\"id\":\"1\"}]"},"Metadata":{}}""", HttpStatusCode.OK),
            ("no body", "Heartbeat", "", HttpStatusCode.InternalServerError),
            ("no JSON", "Heartbeat", "{\"Data\":", HttpStatusCode.InternalServerError),
            ("another case", "heartbeat", Message("null"), HttpStatusCode.NotFound),
            ("a request without an address", "ActOnAlert", """{"Data":{"request":{}}}""", HttpStatusCode.InternalServerError),
            ("a link to nothing", "ActOnAlert", """{"Data":{"request":{"Url":"http://h/api/alert-links/x","Method":"GET","Params":{"token":"x"}}}}""", HttpStatusCode.OK),
        ];

        foreach (var (what, function, body, expected) in calls)
        {
            var (status, answer) = await host.CallAsync(function, body, Token);
            Assert.True((expected, JsonValueKind.Object) == (status, answer.ValueKind), $"{what}: {status}");
        }

        Assert.Equal(HttpStatusCode.OK, await host.ReadyAsync(Token));
    }

    private static string Message(string value) => $$"""{"Data":{"message":{{value}} },"Metadata":{} }""";

    private static string RequireSample(string name)
    {
        var path = Repository.Shared("samples", "functions-host", name);
        Assert.SkipUnless(File.Exists(path), "The recorded requests of the host lie in ../shared, which is not here.");
        return path;
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
