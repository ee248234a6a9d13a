using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.AzureServices.Directory;
using AlertFunctions.AzureServices.Notifications;
using AlertFunctions.Settings;
using Azure.Core;
using Microsoft.Graph;

namespace AlertFunctions.Composition;

/// <summary>What sends to each receiver of routes.yaml.</summary>
internal static class Notifiers
{
    public static Dictionary<string, INotifier> Create(AppSettings settings, CardOptions cards, TokenCredential credential, TimeProvider time)
    {
        var webhooks = new WebhookOptions { AllowedHosts = [.. settings.AllowedHosts] };
        var graphOptions = AzureClients.GraphOptions(settings);
        var graph = new Lazy<GraphServiceClient>(() => GraphClient.Create(graphOptions, credential));
        return settings.Routes!.Receivers.ToDictionary(
            receiver => receiver.Name,
            INotifier (receiver) => receiver.Type switch
            {
                ReceiverType.Teams => new WebhookNotifier(settings.Receivers[receiver.Name], webhooks, cards, time),
                ReceiverType.Webhook => new CommonAlertNotifier(settings.Receivers[receiver.Name], webhooks, cards, time),
                ReceiverType.EventGrid => new EventGridNotifier(settings.Topics[receiver.Name], credential, webhooks, cards, time),
                ReceiverType.TeamsActivity => new TeamsActivityNotifier(graph.Value, settings.OnCall[receiver.Name], graphOptions),
                _ => throw new InvalidOperationException($"Unreachable: the settings refuse a {receiver.Type}."),
            },
            StringComparer.Ordinal);
    }
}
