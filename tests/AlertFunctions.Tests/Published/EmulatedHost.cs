using System.Net;
using System.Text.Json;
using AlertFunctions.Composition;
using AlertFunctions.Testing;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace AlertFunctions.Tests.Published;

/// <summary>The storage of a deployment, new for each test, and what the Functions host does with its queues. Tests that use it run one after the other.</summary>
internal sealed class EmulatedHost
{
    /// <summary>The collection of such tests.</summary>
    public const string Collection = "the app's storage";

    /// <summary>A routes.yaml that sends everything to the team at once.</summary>
    public const string Routes = """
        receivers:
          - name: team
            type: teams
            setting: Receivers__Team
        route:
          receiver: team
          groupBy: [detection]
          groupWait: 0s
          groupInterval: 5m
          repeatInterval: 4h

        """;

    private EmulatedHost(string connection) => Connection = connection;

    public string Connection { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes what infra/modules/storage.bicep makes.</summary>
    public static async Task<EmulatedHost> CreateAsync(Azurite azurite)
    {
        var host = new EmulatedHost(await azurite.ConnectionStringAsync(AzureClients.StateTable));
        var table = new TableClient(host.Connection, AzureClients.StateTable);
        await table.DeleteAsync(Token);
        await table.CreateAsync(Token);
        foreach (var name in new[] { AzureClients.EvaluationsQueue, AzureClients.DeliveriesQueue }.SelectMany(name => new[] { name, $"{name}-poison" }))
        {
            await host.Queue(name).DeleteIfExistsAsync(Token);
            await host.Queue(name).CreateAsync(cancellationToken: Token);
        }

        return host;
    }

    /// <summary>A tick of the timer and all the work that follows from it.</summary>
    public async Task TickAsync(HostProcess process)
    {
        await CallAsync(process, "EvaluateDetections", """{"Data":{"timer":{}},"Metadata":{}}""");
        await WorkAsync(process);
    }

    /// <summary>Does what is queued, as the host's queue triggers do.</summary>
    public async Task WorkAsync(HostProcess process)
    {
        await EvaluateAsync(process);
        await WorkAsync(process, AzureClients.DeliveriesQueue, "DeliverNotifications");
    }

    /// <summary>Evaluates what is queued, and delivers nothing yet.</summary>
    public Task EvaluateAsync(HostProcess process) => WorkAsync(process, AzureClients.EvaluationsQueue, "EvaluateDetection");

    /// <summary>Ids of the detections that are queued; they stay.</summary>
    public async Task<IReadOnlyList<string>> QueuedAsync() =>
    [
        .. (await Queue(AzureClients.EvaluationsQueue).PeekMessagesAsync(32, Token)).Value
            .Select(message => JsonElement.Parse(message.Body.ToString()).GetProperty("Detection").GetString()!),
    ];

    /// <summary>The call that the host would make for the first message, which stays.</summary>
    public async Task<string> PeekAsync(string queue) => Envelope((await Queue(queue).PeekMessageAsync(Token)).Value.Body.ToString());

    public static async Task CallAsync(HostProcess process, string function, string body)
    {
        var (status, _) = await process.CallAsync(function, body, Token);
        Assert.True(status == HttpStatusCode.OK, process.Log);
    }

    private async Task WorkAsync(HostProcess process, string queue, string function)
    {
        while ((await Queue(queue).ReceiveMessageAsync(cancellationToken: Token)).Value is { } message)
        {
            await CallAsync(process, function, Envelope(message.Body.ToString()));
            await Queue(queue).DeleteMessageAsync(message.MessageId, message.PopReceipt, Token);
        }
    }

    private QueueClient Queue(string name) => new(Connection, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>A queue message as the host writes it: text as a JSON literal within a JSON string.</summary>
    private static string Envelope(string text) => $$"""{"Data":{"message":{{Literal(Literal(text))}} },"Metadata":{} }""";

    private static string Literal(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
