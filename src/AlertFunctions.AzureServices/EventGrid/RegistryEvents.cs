using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Images;
using Azure.Messaging.EventGrid.SystemEvents;

namespace AlertFunctions.AzureServices.EventGrid;

/// <summary>Reads the events of Azure Container Registry. Source: learn.microsoft.com/azure/event-grid/event-schema-container-registry.</summary>
/// <param name="suffix">What login servers of the cloud end in: .azurecr.io.</param>
/// <param name="time">For events that do not say when.</param>
public sealed class RegistryEvents(string suffix, TimeProvider time)
{
    public EventBatch<RegistryEvent> Read(IEnumerable<JsonElement> delivered)
    {
        ArgumentNullException.ThrowIfNull(delivered);
        return EventBatch<RegistryEvent>.Read(delivered, Read);
    }

    private RegistryEvent? Read(EventEnvelope envelope, out string? fault)
    {
        switch (envelope.SystemData(out fault))
        {
            case ContainerRegistryImagePushedEventData pushed:
                return Pushed(envelope, pushed, out fault);
            case ContainerRegistryImageDeletedEventData deleted:
                return Deleted(envelope, deleted, out fault);
            case ContainerRegistryChartPushedEventData chart:
                return Image(envelope, null, chart.Target?.Repository, chart.Target?.Digest, out fault) is { } image
                    ? new ImagePushed(image, At(envelope, chart.Timestamp)) { Tag = chart.Target!.Tag, MediaType = chart.Target.MediaType ?? "application/vnd.acr.helm.chart" }
                    : null;
            case ContainerRegistryChartDeletedEventData gone:
                return Image(envelope, null, gone.Target?.Repository, gone.Target?.Digest, out fault) is { } chartImage
                    ? new ImageDeleted(chartImage.Registry, chartImage.Repository, At(envelope, gone.Timestamp)) { Digest = chartImage.Digest }
                    : null;
            default:
                fault ??= envelope.NotHandled;
                return null;
        }
    }

    private ImagePushed? Pushed(EventEnvelope envelope, ContainerRegistryImagePushedEventData data, out string? fault) =>
        Image(envelope, data.Request?.Host, data.Target?.Repository, data.Target?.Digest, out fault) is { } image
            ? new ImagePushed(image, At(envelope, data.Timestamp))
            {
                // A tag that no registry takes is left out, and the image is looked after all the same.
                Tag = EventEnvelope.Name(data.Target!.Tag),
                MediaType = EventEnvelope.Name(data.Target.MediaType),
                PushedBy = EventEnvelope.Name(data.Actor?.Name),
                CallerIpAddress = EventEnvelope.Name(data.Request?.Addr),
                UserAgent = EventEnvelope.Name(data.Request?.Useragent),
                RegistryId = RegistryId(envelope),
            }
            : null;

    private ImageDeleted? Deleted(EventEnvelope envelope, ContainerRegistryImageDeletedEventData data, out string? fault)
    {
        var digest = data.Target?.Digest;
        if (digest is not null && !ImageReference.IsDigest(digest))
        {
            fault = "the digest is none";
            return null;
        }

        return Names(envelope, data.Request?.Host, data.Target?.Repository, out var registry, out var repository, out fault)
            ? new ImageDeleted(registry, repository, At(envelope, data.Timestamp)) { Digest = digest, Tag = digest is null ? EventEnvelope.Name(data.Target?.Tag) : null }
            : null;
    }

    private ImageReference? Image(EventEnvelope envelope, string? host, string? repository, string? digest, out string? fault)
    {
        if (!Names(envelope, host, repository, out var registry, out var name, out fault))
        {
            return null;
        }

        fault = ImageReference.IsDigest(digest) ? null : "there is no digest to tell the image by";
        return fault is null ? new ImageReference(registry, name, digest!) : null;
    }

    private bool Names(EventEnvelope envelope, string? host, string? repository, out string registry, out string name, out string? fault)
    {
        // The login server differs from the registry's name where it has a domain name label, so the event's own word comes first.
        registry = (host is { Length: > 0 and <= EventEnvelope.LongestText } ? host : RegistryName(envelope) is { Length: > 0 } id ? id + suffix : "").ToLowerInvariant();
        name = repository ?? "";
        fault = registry.Length == 0 ? "neither host nor topic says which registry it is"
            : name.Length == 0 ? "there is no repository"
            : name.Length > ImageReference.LongestRepository ? $"the repository's name has {name.Length} characters"
            : null;
        return fault is null;
    }

    private DateTimeOffset At(EventEnvelope envelope, DateTimeOffset? timestamp) => EventEnvelope.Plausible(timestamp) ?? envelope.At(time);

    private static string? RegistryId(EventEnvelope envelope) =>
        envelope.Topic is { Length: <= EventEnvelope.LongestText } topic && RegistryName(envelope).Length > 0 ? topic : null;

    private static string RegistryName(EventEnvelope envelope)
    {
        var parts = envelope.Topic.Split('/');
        return parts.Length == 9 && parts[7].Equals("registries", StringComparison.OrdinalIgnoreCase) && parts[8].Length <= 50 ? parts[8] : "";
    }
}
