using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Cli.Alerts;
using AlertFunctions.Cli.Events;
using AlertFunctions.Testing;
using AlertFunctions.Workspace;
using AlertFunctions.Workspace.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Cli.Tests.Events;

/// <summary>From a call on the webhook to the card in the folder, on the SQLite store.</summary>
public sealed class EventGridServerTests : IAsyncDisposable
{
    private static readonly Lazy<DetectionCatalogue> Catalogue = new(() => DetectionLoader.Load(Testing.Repository.Kql));

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Some.Noon);
    private readonly HttpClient _http = new();
    private readonly LocalAlerts _alerts;
    private readonly EmbeddedWorkspace _workspace;
    private LocalReactions? _reactions;
    private LocalServer? _server;
    private LoopbackServer? _resourceManager;

    public EventGridServerTests()
    {
        _alerts = LocalAlerts.Open(_folder.File("out"));
        _workspace = LocalWorkspace.Open(Testing.Repository.Kql, Catalogue.Value, _clock);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_resourceManager is not null)
        {
            await _resourceManager.DisposeAsync();
        }

        _reactions?.Dispose();
        await _workspace.DisposeAsync();
        _alerts.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Curl_OfTheReadme_GivesACard()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Testing.Repository.Root, "README.md"), Token);
        var curl = Regex.Match(readme, @"curl 'http://127\.0\.0\.1:7071(?<path>[^']+)' -d '(?<body>[^']+)'");
        await StartAsync();

        using var answer = await _http.PostAsync(
            new Uri(_server!.Address, curl.Groups["path"].Value), new StringContent(curl.Groups["body"].Value, Encoding.UTF8, "application/x-www-form-urlencoded"), Token);
        await RunAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("contoso.azurecr.io/shop/api:1.4 was pushed and never scanned", Assert.Single(await CardsAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image-pushed.json", "HandleRegistryEvent", "jolovcr.azurecr.io/samples/nginx:latest was pushed and never scanned")]
    [InlineData("image-pushed.cloudevent.json", "HandleRegistryEvent", "jolovcr.azurecr.io/samples/nginx:latest was pushed and never scanned")]
    [InlineData("image-deleted.json", "HandleRegistryEvent", null)]
    [InlineData("cluster-support-ending.json", "HandleClusterEvent", "Support of Kubernetes 1.23.15 ends soon on shop")]
    [InlineData("node-pool-rolling-failed.json", "HandleClusterEvent", "Update of node pool nodepool1 of shop failed")]
    [InlineData("role-assignment-written.json", "HandleResourceEvent", "Owner assigned on a subscription by dana@contoso.example")]
    public async Task Sample_GoesToItsCard(string sample, string function, string? title)
    {
        var path = Testing.Repository.Shared("samples", "event-grid", sample);
        Assert.SkipUnless(File.Exists(path), "There is no ../shared beside the repository.");
        await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(function, await File.ReadAllTextAsync(path, Token))).Status);
        await RunAsync(TimeSpan.FromMinutes(2));

        var cards = await CardsAsync();
        if (title is null)
        {
            Assert.Empty(cards);
        }
        else
        {
            Assert.Contains(title, Assert.Single(cards), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Handshake_OfEventGrid_EchoesTheCode()
    {
        await StartAsync();

        var (status, body) = await PostAsync("HandleRegistryEvent", """
            [{"id":"1","topic":"","subject":"","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","eventTime":"2026-03-02T12:00:00Z",
            "data":{"validationCode":"a\"b","validationUrl":"https://example.com"},"dataVersion":"1","metadataVersion":"1"}]
            """);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("a\"b", JsonElement.Parse(body).GetProperty("validationResponse").GetString());
    }

    [Fact]
    public async Task Handshake_OfCloudEvents_AllowsWhoAsks()
    {
        await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(_server!.Address, $"{EventGridServer.Path}?functionName=HandleRegistryEvent"));
        request.Headers.Add("WebHook-Request-Origin", "eventgrid.azure.net");

        using var answer = await _http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("eventgrid.azure.net", answer.Headers.GetValues("WebHook-Allowed-Origin").Single());
    }

    [Theory]
    [InlineData("HandleNothing", "[]", HttpStatusCode.NotFound)]
    [InlineData("handleregistryevent", "[]", HttpStatusCode.NotFound)]
    [InlineData("HandleRegistryEvent", "{", HttpStatusCode.BadRequest)]
    [InlineData("HandleRegistryEvent", "[]", HttpStatusCode.Accepted)]
    [InlineData("HandleRegistryEvent", "[7, {}, {\"eventType\":\"T\",\"data\":{}}]", HttpStatusCode.Accepted)]
    public async Task Delivery_ThatIsOdd_IsAnsweredSoThatEventGridDoesTheRightThing(string function, string body, HttpStatusCode status)
    {
        await StartAsync();

        Assert.Equal(status, (await PostAsync(function, body)).Status);
    }

    [Fact]
    public async Task Delivery_WhenResourceManagerIsOutOfOrder_IsToComeAgain()
    {
        await StartAsync(resourceManagerStatus: 503);
        const string Grant = """{"eventType":"Microsoft.Resources.ResourceWriteSuccess","data":{"operationName":"Microsoft.Authorization/roleAssignments/write","resourceUri":"/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/a"}}""";

        Assert.Equal(HttpStatusCode.InternalServerError, (await PostAsync("HandleResourceEvent", Grant)).Status);
    }

    [Fact]
    public async Task Request_UnderAForeignName_IsRefused()
    {
        await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server!.Address, $"{EventGridServer.Path}?functionName=HandleRegistryEvent")) { Content = new StringContent("[]") };
        request.Headers.Host = "evil.example";

        using var answer = await _http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Hostile_Names_StandInTheCardAsText()
    {
        const string Hostile = "a'; T | take 1\n<script>alert(1)</script>[click](https://evil.example)";
        var push = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["eventType"] = "Microsoft.ContainerRegistry.ImagePushed",
            ["eventTime"] = "2026-03-01T08:00:00Z",
            ["data"] = new Dictionary<string, object>
            {
                ["request"] = new Dictionary<string, string> { ["host"] = "contoso.azurecr.io" },
                ["target"] = new Dictionary<string, string> { ["repository"] = Hostile, ["tag"] = Hostile, ["digest"] = "sha256:" + new string('a', 64) },
            },
        });
        await StartAsync();

        await PostAsync("HandleRegistryEvent", push);
        await RunAsync(TimeSpan.FromMinutes(2));

        // What Teams renders as Markdown is the text of its blocks and facts.
        var texts = Texts(JsonElement.Parse(Assert.Single(await CardsAsync()))).ToArray();
        Assert.Contains(texts, t => t.Contains("click", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, t => t.Contains("[click](", StringComparison.Ordinal) || t.Contains("<script>", StringComparison.Ordinal));
    }

    private async Task StartAsync(int resourceManagerStatus = 200)
    {
        _resourceManager = await ResourceManagerAsync(resourceManagerStatus);
        _reactions = new LocalReactions(
            _alerts, Catalogue.Value, RoutesLoader.Load(Path.Combine(Testing.Repository.Kql, "routes.yaml")).Routes!, _workspace,
            new LocalReactionOptions(TimeSpan.FromHours(6), _resourceManager.Address), _clock);
        _server = await EventGridServer.StartAsync(0, HandleAsync, Token);
    }

    private async Task<bool> HandleAsync(string function, IReadOnlyList<JsonElement> events, CancellationToken cancellationToken) =>
        await _reactions!.HandleAsync(function, events, cancellationToken) is not null;

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string function, string body)
    {
        using var answer = await _http.PostAsync(
            new Uri(_server!.Address, $"{EventGridServer.Path}?functionName={function}"), new StringContent(body, Encoding.UTF8, "application/json"), Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private async Task RunAsync(TimeSpan duration)
    {
        for (var end = _clock.GetUtcNow() + duration; _clock.GetUtcNow() <= end; _clock.Advance(TimeSpan.FromSeconds(20)))
        {
            await _reactions!.TickAsync(Token);
        }
    }

    private async Task<string[]> CardsAsync() => [.. (await _alerts.Cards.ReadAsync(Token)).Select(c => c.Json)];

    private static IEnumerable<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(p =>
            p.Value.ValueKind == JsonValueKind.String ? (p.Name is "text" or "value" or "title" ? [p.Value.GetString()!] : []) : Texts(p.Value)),
        _ => [],
    };

    /// <summary>Answers for the one assignment of the sample, as the service's reference has it.</summary>
    private static Task<LoopbackServer> ResourceManagerAsync(int status) => LoopbackServer.StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""
            {"properties":{"roleDefinitionId":"/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            "principalId":"22222222-3333-4444-5555-666666666666","principalType":"ServicePrincipal","scope":"/subscriptions/00000000-0000-0000-0000-000000000001"},
            "id":"x","type":"Microsoft.Authorization/roleAssignments","name":"x"}
            """);
    });
}
