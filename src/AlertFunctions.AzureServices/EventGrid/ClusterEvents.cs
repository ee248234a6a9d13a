using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.AzureServices.Http;
using Azure.Messaging.EventGrid.SystemEvents;

namespace AlertFunctions.AzureServices.EventGrid;

/// <summary>
/// Reads the events of Azure Kubernetes Service, and the announcements of maintenance. Source: learn.microsoft.com/azure/event-grid/event-schema-aks and
/// event-schema-containerservice-resources.
/// </summary>
public sealed class ClusterEvents(TimeProvider time)
{
    private const string MaintenanceType = "Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted";
    private const string ClusterPart = "/managedClusters/";

    public EventBatch<ClusterEvent> Read(IEnumerable<JsonElement> delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        return EventBatch<ClusterEvent>.Read(delivered, Read);
    }

    private ClusterEvent? Read(EventEnvelope envelope, out string? fault)
    {
        if (envelope.Type == MaintenanceType)
        {
            return Maintenance(envelope, out fault);
        }

        if (EventEnvelope.Name(envelope.Topic) is not { } cluster || !cluster.Contains(ClusterPart, StringComparison.OrdinalIgnoreCase))
        {
            fault = "the topic is no cluster";
            return null;
        }

        var at = envelope.At(time);
        switch (envelope.SystemData(out fault))
        {
            case ContainerServiceClusterSupportEndingEventData ending:
                return new SupportEnds(cluster, at, Version(ending.KubernetesVersion), HasEnded: false);
            case ContainerServiceClusterSupportEndedEventData ended:
                return new SupportEnds(cluster, at, Version(ended.KubernetesVersion), HasEnded: true);
            case ContainerServiceNewKubernetesVersionAvailableEventData version:
                return new VersionAvailable(
                    cluster, at, Version(version.LatestSupportedKubernetesVersion), Version(version.LatestStableKubernetesVersion),
                    Version(version.LatestPreviewKubernetesVersion), Version(version.LowestMinorKubernetesVersion));
            case ContainerServiceNodePoolRollingStartedEventData started:
                return new NodePoolRolling(cluster, at, Pool(started.NodePoolName), RollingStage.Started);
            case ContainerServiceNodePoolRollingSucceededEventData succeeded:
                return new NodePoolRolling(cluster, at, Pool(succeeded.NodePoolName), RollingStage.Succeeded);
            case ContainerServiceNodePoolRollingFailedEventData failed:
                return new NodePoolRolling(cluster, at, Pool(failed.NodePoolName), RollingStage.Failed);
            default:
                fault ??= envelope.NotHandled;
                return null;
        }
    }

    /// <summary>Events of maintenance come from the subscription; the resource's id says which cluster it is. Their data are read as they are: the SDK has no type for what is inside.</summary>
    private Maintenance? Maintenance(EventEnvelope envelope, out string? fault)
    {
        var resource = envelope.Data.Member("resourceInfo");
        var properties = resource.Member("properties");
        var id = EventEnvelope.Name(resource.Text("id")) ?? EventEnvelope.Name(envelope.Subject) ?? "";
        var at = id.IndexOf(ClusterPart, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            fault = "neither resource nor subject is a cluster's";
            return null;
        }

        var end = id.IndexOf('/', at + ClusterPart.Length);
        if (!TryStage(properties.Text("eventStatus"), out var stage))
        {
            fault = "the status is none that is documented";
            return null;
        }

        fault = null;
        return new Maintenance(
            end < 0 ? id : id[..end],
            envelope.At(time),
            EventEnvelope.Name(properties.Text("eventId")) ?? EventEnvelope.Name(resource.Text("name")) ?? id,
            stage)
        {
            Details = EventEnvelope.Name(properties.Text("eventDetails")) ?? "",
            Origin = EventEnvelope.Name(properties.Text("eventSource")) ?? "",
            ScheduledFor = DateTimeOffset.TryParse(
                properties.Text("scheduledTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var scheduled)
                    ? EventEnvelope.Plausible(scheduled)
                    : null,
        };
    }

    /// <summary>American spellings too: the service's own texts do not agree on one.</summary>
    private static bool TryStage(string? status, out MaintenanceStage stage)
    {
        if (status is not null && status.Equals("Canceled", StringComparison.OrdinalIgnoreCase))
        {
            stage = MaintenanceStage.Cancelled;
            return true;
        }

        stage = default;
        return status is { Length: > 0 } && char.IsLetter(status[0]) && Enum.TryParse(status, ignoreCase: true, out stage);
    }

    private static string Version(string? text) => EventEnvelope.Name(text) ?? "not said";

    private static string Pool(string? text) => EventEnvelope.Name(text) ?? "not said";
}
