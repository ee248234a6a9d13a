using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.Alerting.Reactions.Images;

namespace AlertFunctions.AzureServices.EventGrid;

/// <summary>What came of a delivery.</summary>
/// <param name="Handled">Events that were handled.</param>
/// <param name="Raised">Whether alerts may have been raised or resolved.</param>
/// <param name="Dropped">Events that are none of the function's, and why: they are not to be delivered again.</param>
public sealed record EventReceipt(int Handled, bool Raised, ImmutableArray<EventFault> Dropped);

/// <summary>
/// The functions that Event Grid calls, by their names, whoever hosts them. An event that cannot be read is dropped, because delivered again it would be
/// the same; one that cannot be handled now throws, so that it is delivered again.
/// </summary>
public sealed class EventReactions(
    RegistryEvents registryEvents,
    RegistryReaction registry,
    RoleAssignmentEvents roleAssignmentEvents,
    RoleAssignmentReaction roleAssignments,
    ClusterEvents clusterEvents,
    ClusterReaction clusters)
{
    public const string HandleRegistryEvent = nameof(HandleRegistryEvent);
    public const string HandleResourceEvent = nameof(HandleResourceEvent);
    public const string HandleClusterEvent = nameof(HandleClusterEvent);

    /// <summary>Handles a delivery to the function of this name; null where there is no such function.</summary>
    /// <exception cref="Alerting.State.StateUnavailableException">The store cannot be reached.</exception>
    /// <exception cref="AccessUnavailableException">Azure Resource Manager cannot be asked now.</exception>
    public async Task<EventReceipt?> HandleAsync(string function, IReadOnlyList<JsonElement> delivered, CancellationToken cancellationToken) => function switch
    {
        HandleRegistryEvent => await RegistryAsync(delivered, cancellationToken),
        HandleResourceEvent => await ResourceAsync(delivered, cancellationToken),
        HandleClusterEvent => await ClusterAsync(delivered, cancellationToken),
        _ => null,
    };

    private async Task<EventReceipt> RegistryAsync(IReadOnlyList<JsonElement> delivered, CancellationToken cancellationToken)
    {
        var batch = registryEvents.Read(delivered);
        await registry.HandleAsync(batch.Events, cancellationToken);
        return new EventReceipt(batch.Events.Length, Raised: false, batch.Faults);
    }

    private async Task<EventReceipt> ResourceAsync(IReadOnlyList<JsonElement> delivered, CancellationToken cancellationToken)
    {
        var batch = roleAssignmentEvents.Read(delivered);
        var raised = false;
        foreach (var happened in batch.Events)
        {
            raised |= await roleAssignments.HandleAsync(happened, cancellationToken) == RoleAssignmentOutcome.Raised;
        }

        return new EventReceipt(batch.Events.Length, raised, batch.Faults);
    }

    private async Task<EventReceipt> ClusterAsync(IReadOnlyList<JsonElement> delivered, CancellationToken cancellationToken)
    {
        var batch = clusterEvents.Read(delivered);
        foreach (var happened in batch.Events)
        {
            await clusters.HandleAsync(happened, cancellationToken);
        }

        return new EventReceipt(batch.Events.Length, batch.Events.Length > 0, batch.Faults);
    }
}
