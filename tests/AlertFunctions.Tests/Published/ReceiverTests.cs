using System.Collections.Concurrent;
using System.Text.Json;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.Tests.Published;

/// <summary>The deployed executable sends to every kind of receiver: what the compiler trimmed away would be missed here.</summary>
[Collection(EmulatedHost.Collection)]
public sealed class ReceiverTests(Azurite azurite) : IDisposable
{
    private const string Routes = """
        receivers:
          - { name: cards, type: teams, setting: Receivers__Cards }
          - { name: hook, type: webhook, setting: Receivers__Hook }
          - { name: topic, type: eventGrid, setting: Receivers__Topic }
          - { name: oncall, type: teamsActivity, setting: Receivers__OnCall }
        route:
          receiver: cards
          groupWait: 0s
          groupInterval: 5m
          repeatInterval: 4h
          routes:
            - { name: hook, match: [severity>=Low], receiver: hook, continue: true }
            - { name: topic, match: [severity>=Low], receiver: topic, continue: true }
            - { name: oncall, match: [severity>=Low], receiver: oncall, continue: true }
            - { name: cards, match: [severity>=Low], receiver: cards }

        """;

    private readonly CatalogueFolder _catalogue = new();
    private readonly ConcurrentDictionary<string, string> _bodies = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _catalogue.Dispose();

    [Fact]
    public async Task Alert_RoutedToEveryKind_IsTakenByEach()
    {
        var app = await PublishedApp.RequireAsync();
        _catalogue.With("routes.yaml", Routes)
            .With("schemas/Heartbeat.json", """{"table":"Heartbeat","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Computer","type":"string"}]}""")
            .WithDetection("aks/thing", CatalogueFolder.Detection("aks/thing"));
        await using var server = await LoopbackServer.StartAsync(AnswerAsync);
        var storage = await EmulatedHost.CreateAsync(azurite);
        await using var process = HostProcess.Start(app, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage.Connection,
            ["AlertFunctions__Workspaces"] = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law",
            ["AlertFunctions__Catalogue"] = _catalogue.Path,
            ["AlertFunctions__AllowedHosts"] = "127.0.0.1",
            ["AlertFunctions__LogAnalyticsEndpoint"] = server.Address.ToString(),
            ["AlertFunctions__GraphEndpoint"] = server.Address.ToString(),
            ["AlertFunctions__Receivers__cards__Url"] = new Uri(server.Address, "cards").ToString(),
            ["AlertFunctions__Receivers__hook__Url"] = new Uri(server.Address, "hook").ToString(),
            ["AlertFunctions__Receivers__topic__Url"] = new Uri(server.Address, "api/events").ToString(),
            ["AlertFunctions__Receivers__oncall__Users"] = "bob@contoso.com",
            ["AlertFunctions__Receivers__oncall__Link"] = "https://teams.microsoft.com/l/channel/1",
        });
        await process.ReadyAsync(Token);

        await storage.TickAsync(process);

        Assert.Contains("AdaptiveCard", _bodies["/cards"], StringComparison.Ordinal);
        Assert.Equal("azureMonitorCommonAlertSchema", JsonElement.Parse(_bodies["/hook"]).GetProperty("schemaId").GetString());
        Assert.Equal("AlertFunctions.AlertFired", JsonElement.Parse(_bodies["/api/events"])[0].GetProperty("type").GetString());
        Assert.Equal(
            "systemDefault",
            JsonElement.Parse(_bodies["/v1.0/users/bob@contoso.com/teamwork/sendActivityNotification"]).GetProperty("activityType").GetString());
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _bodies[Uri.UnescapeDataString(context.Request.Path)] = await reader.ReadToEndAsync(context.RequestAborted);
        if (!context.Request.Path.StartsWithSegments("/v1/subscriptions"))
        {
            context.Response.StatusCode = context.Request.Path.StartsWithSegments("/v1.0") ? 204 : 200;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(
            """
            {"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"Computer","type":"string"}],
            "rows":[["2026-03-02T11:00:00Z","node-1"]]}]}
            """,
            context.RequestAborted);
    }
}
