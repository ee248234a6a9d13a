using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace AlertFunctions.Tests.Published;

/// <summary>The deployed executable over Azurite, a log service and a webhook on this machine: from a timer's tick to the card.</summary>
[Collection(EmulatedHost.Collection)]
public sealed class EndToEndTests(Azurite azurite) : IAsyncDisposable
{
    private const string Tick = """{"Data":{"timer":{}},"Metadata":{}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("alertfn-").FullName;
    private readonly ConcurrentQueue<string> _queries = new();
    private readonly ConcurrentQueue<string> _cards = new();
    private readonly List<WebApplication> _servers = [];
    private EmulatedHost _storage = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tick_WithAMatch_SendsOneCardAndAnotherProcessSendsItNotAgain()
    {
        var app = await PublishedApp.RequireAsync();
        var settings = await ConfigureAsync();
        await using (var first = HostProcess.Start(app, settings))
        {
            await first.ReadyAsync(Token);
            await _storage.TickAsync(first);
            var (_, alerts) = await first.CallAsync("GetAlerts", """{"Data":{"request":{"Url":"http://h/api/alerts?state=firing","Method":"GET","Query":{"state":"firing"}}}}""", Token);
            var alert = alerts.GetProperty("Outputs").GetProperty("response").GetProperty("body").GetProperty("alerts")[0];
            Assert.Equal(("aks/node-not-ready", "node-1"), (alert.GetProperty("detection").GetString(), alert.GetProperty("labels").GetProperty("Node").GetString()));
            Assert.DoesNotContain("secret-path", first.Log, StringComparison.Ordinal);
        }

        await using var second = HostProcess.Start(app, settings);
        await second.ReadyAsync(Token);
        await _storage.TickAsync(second);

        Assert.Contains("node-1", Assert.Single(_cards), StringComparison.Ordinal);
        Assert.Contains("KubeEvents", JsonElement.Parse(_queries.First(query => !IsAboutSilentTables(query))).GetProperty("query").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_DeliveredTwiceAndToTwoProcesses_SendOneCard()
    {
        var app = await PublishedApp.RequireAsync();
        var settings = await ConfigureAsync();
        await using var first = HostProcess.Start(app, settings);
        await using var second = HostProcess.Start(app, settings);
        await first.ReadyAsync(Token);
        await second.ReadyAsync(Token);
        await EmulatedHost.CallAsync(first, "EvaluateDetections", Tick);
        var message = await _storage.PeekAsync("evaluations");

        // One of them may be told to come again; what it found is recorded by the other.
        await Task.WhenAll(first.CallAsync("EvaluateDetection", message, Token), second.CallAsync("EvaluateDetection", message, Token), first.CallAsync("EvaluateDetection", message, Token));
        var call = await _storage.PeekAsync("deliveries");
        await Task.WhenAll(EmulatedHost.CallAsync(first, "DeliverNotifications", call), EmulatedHost.CallAsync(second, "DeliverNotifications", call));
        await _storage.WorkAsync(second);

        Assert.Single(_cards);
    }

    [Fact]
    public async Task Buttons_OfTheCard_AskFirstThenActAndCanBeRevoked()
    {
        var app = await PublishedApp.RequireAsync();
        var settings = await ConfigureAsync();
        settings["AlertFunctions__PublicAddress"] = "https://alerts.example.org";
        settings["AlertFunctions__LinkKey"] = new string('k', 32);
        await using var host = HostProcess.Start(app, settings);
        await host.ReadyAsync(Token);
        await _storage.TickAsync(host);
        var tokens = Regex.Matches(Assert.Single(_cards), "https://alerts.example.org/api/alert-links/([A-Za-z0-9_-]+)").Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(2, tokens.Length);

        var asked = await OpenAsync(host, "GET", tokens[0], "");
        Assert.Null(await AcknowledgedByAsync(host));
        var acted = await OpenAsync(host, "POST", tokens[0], "by=Ada+%3Cb%3E");
        Assert.Equal("Ada <b>", await AcknowledgedByAsync(host));
        var again = await OpenAsync(host, "POST", tokens[0], "by=Bob");
        var silenced = await OpenAsync(host, "POST", tokens[1], "hours=4&by=Ada");
        var tooLong = await OpenAsync(host, "POST", tokens[1], "hours=1000");
        var forged = await OpenAsync(host, "POST", tokens[1][..^1] + (tokens[1][^1] == 'A' ? 'B' : 'A'), "hours=4");
        var fingerprint = (await AlertAsync(host)).GetProperty("fingerprint").GetString()!;
        await host.CallAsync("RevokeAlertLinks", Request("POST", $$"""{"fingerprint":"{{fingerprint}}"}""", ""), Token);
        var revoked = await OpenAsync(host, "GET", tokens[1], "");

        Assert.Equal((200, 200, 200, 200, 400, 403, 403), (asked.Status, acted.Status, again.Status, silenced.Status, tooLong.Status, forged.Status, revoked.Status));
        Assert.Contains("By Ada &lt;b&gt;", again.Body, StringComparison.Ordinal);
        Assert.Contains("text/html", asked.ContentType, StringComparison.Ordinal);
        Assert.All(tokens, token => Assert.DoesNotContain(token, host.Log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Telemetry_OfATick_IsOneTraceFromTheTriggerToTheCardAndHoldsNoContent()
    {
        var app = await PublishedApp.RequireAsync();
        await using var collector = await OtlpCollector.StartAsync(Token);
        var settings = await ConfigureAsync();
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await using var host = HostProcess.Start(app, settings);
        await host.ReadyAsync(Token);

        await _storage.TickAsync(host);
        await EmulatedHost.CallAsync(host, "Heartbeat", Tick);
        await collector.UntilAsync(c => c.Spans.Any(span => span.Name == "notify") && c.Text.Contains("alertfunctions.heartbeat", StringComparison.Ordinal), Token);

        var trace = collector.Spans.First(span => span.Name == "notify").Trace;
        Assert.Superset(
            new HashSet<string> { "EvaluateDetections", "evaluate detection", "query", "deliver notifications", "notify" },
            collector.Spans.Where(span => span.Trace == trace).Select(span => span.Name).ToHashSet());
        Assert.All(
            ["queued", "evaluations", "matched", "alerts", "lag", "sent", "alerts_sent", "heartbeat"],
            metric => Assert.Contains($"alertfunctions.{metric}", collector.Text, StringComparison.Ordinal));
        foreach (var content in new[] { "secret-path", "node-1", "KubeEvents", "Look at the node" })
        {
            Assert.DoesNotContain(content, collector.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(content, host.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Events_OfEveryFunction_AreHandledAndTheirAlertIsInTheCard()
    {
        var app = await PublishedApp.RequireAsync();
        WriteCatalogue();
        var logs = await ServeAsync(
            _queries,
            _ => """{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Node","type":"string"},{"name":"Table","type":"string"}],"rows":[]}]}""");
        var resources = await ServeAsync(_queries, _ => """
            {"properties":{"roleDefinitionId":"/x/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7","principalId":"22222222-3333-4444-5555-666666666666","principalType":"User"}}
            """);
        var webhook = await ServeAsync(_cards, _ => "");
        var storage = await EmulatedHost.CreateAsync(azurite);
        await using var host = HostProcess.Start(app, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage.Connection,
            ["AlertFunctions__Workspaces"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
            ["AlertFunctions__Receivers__team__Url"] = new Uri(webhook, "workflows/secret-path").ToString(),
            ["AlertFunctions__AllowedHosts"] = "127.0.0.1",
            ["AlertFunctions__LogAnalyticsEndpoint"] = logs.ToString(),
            ["AlertFunctions__ResourceManagerEndpoint"] = resources.ToString(),
            ["AlertFunctions__Catalogue"] = _folder,
        });
        await host.ReadyAsync(Token);

        foreach (var (function, type, source, data) in new[]
        {
            ("HandleClusterEvent", "Microsoft.ContainerService.ClusterSupportEnding", "/subscriptions/s/providers/Microsoft.ContainerService/managedClusters/shop", """{"kubernetesVersion":"1.31.2"}"""),
            ("HandleRegistryEvent", "Microsoft.ContainerRegistry.ImagePushed", "/subscriptions/s",
                $$"""{"request":{"host":"contoso.azurecr.io"},"target":{"repository":"shop/api","tag":"1.4","digest":"sha256:{{new string('a', 64)}}"} }"""),
            ("HandleResourceEvent", "Microsoft.Resources.ResourceWriteSuccess", "/subscriptions/s",
                """{"resourceUri":"/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/a","operationName":"Microsoft.Authorization/roleAssignments/write"}"""),
            ("HandleRegistryEvent", "Microsoft.Storage.BlobCreated", "/subscriptions/s", "{}"),
        })
        {
            var (handled, _) = await host.CallAsync(
                function, $$"""{"Data":{"event":{"specversion":"1.0","id":"e-1","type":"{{type}}","source":"{{source}}","time":"2026-03-02T11:00:00Z","data":{{data}} } },"Metadata":{} }""", Token);
            Assert.True(handled == HttpStatusCode.OK, host.Log);
        }

        var (verified, _) = await host.CallAsync("VerifyImageScans", Tick, Token);
        // No tick of the timer: the events themselves call for the delivery.
        await storage.WorkAsync(host);

        Assert.True(verified == HttpStatusCode.OK, host.Log);
        Assert.Contains("Support of Kubernetes 1.31.2 ends soon on shop", Assert.Single(_cards), StringComparison.Ordinal);
        Assert.Contains("HandleRegistryEvent dropped the event e-1", host.Log, StringComparison.Ordinal);
    }

    // The product's own detection runs beside those of the catalogue.
    private static bool IsAboutSilentTables(string query) => query.Contains("SilentFor", StringComparison.Ordinal);

    private static async Task<(int Status, string ContentType, string Body)> OpenAsync(HostProcess host, string method, string token, string body)
    {
        var (status, answer) = await host.CallAsync("ActOnAlert", Request(method, $$"""{"token":"{{token}}"}""", body), Token);
        Assert.True(status == HttpStatusCode.OK, host.Log);
        var response = answer.GetProperty("Outputs").GetProperty("response");
        return (response.GetProperty("statusCode").GetInt32(), response.GetProperty("headers").GetProperty("Content-Type").GetString()!, response.GetProperty("body").GetString()!);
    }

    private static async Task<string?> AcknowledgedByAsync(HostProcess host) =>
        (await AlertAsync(host)).TryGetProperty("acknowledged", out var acknowledged) ? acknowledged.GetProperty("by").GetString() : null;

    private static async Task<JsonElement> AlertAsync(HostProcess host)
    {
        var (_, alerts) = await host.CallAsync("GetAlerts", Request("GET", "{}", ""), Token);
        return alerts.GetProperty("Outputs").GetProperty("response").GetProperty("body").GetProperty("alerts")[0];
    }

    private static string Request(string method, string values, string body) =>
        $$"""{"Data":{"request":{"Url":"http://h/api/x","Method":"{{method}}","Query":{},"Headers":{},"Params":{{values}},"Body":"{{body}}"} },"Metadata":{} }""";

    private async Task<Dictionary<string, string>> ConfigureAsync()
    {
        WriteCatalogue();
        var logs = await ServeAsync(_queries, query => IsAboutSilentTables(query)
            ? """{"tables":[{"name":"PrimaryResult","columns":[{"name":"Table","type":"string"}],"rows":[]}]}"""
            : """
            {"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Node","type":"string"}],
            "rows":[["2026-03-02T11:00:00Z","node-1"]]}]}
            """);
        var webhook = await ServeAsync(_cards, _ => "");
        _storage = await EmulatedHost.CreateAsync(azurite);
        return new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = _storage.Connection,
            ["AlertFunctions__Workspaces"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
            ["AlertFunctions__Receivers__team__Url"] = new Uri(webhook, "workflows/secret-path").ToString(),
            ["AlertFunctions__AllowedHosts"] = "127.0.0.1",
            ["AlertFunctions__LogAnalyticsEndpoint"] = logs.ToString(),
            ["AlertFunctions__Catalogue"] = _folder,
        };
    }

    private void WriteCatalogue()
    {
        var detections = Directory.CreateDirectory(Path.Combine(_folder, "detections", "aks")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "schemas"));
        File.Copy(Path.Combine(Repository.Kql, "schemas", "KubeEvents.json"), Path.Combine(_folder, "schemas", "KubeEvents.json"));
        File.WriteAllText(Path.Combine(_folder, "routes.yaml"), EmulatedHost.Routes);
        File.WriteAllText(Path.Combine(detections, "node-not-ready.tests.yaml"), "tests: []\n");
        File.WriteAllText(Path.Combine(detections, "node-not-ready.yaml"), """
            id: aks/node-not-ready
            name: Node not ready
            version: 1.0.0
            kind: Scheduled
            description: A node no longer reports that it can run pods.
            severity: High
            queryFrequency: 5m
            queryPeriod: 1h
            triggerOperator: gt
            triggerThreshold: 0
            query: |
              KubeEvents
              | where TimeGenerated > ago(1h)
              | project TimeGenerated, Node = Name
            alertFunctions:
              signal: event
              identity: [Node]
              runbook: |
                Look at the node.

            """);
    }

    private async Task<Uri> ServeAsync(ConcurrentQueue<string> bodies, Func<string, string> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            bodies.Enqueue(body);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer(body), context.RequestAborted);
        });
        await server.StartAsync(Token);
        _servers.Add(server);
        return new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
