using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Work;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.AzureServices.Registry;
using AlertFunctions.AzureServices.ResourceGraph;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Settings;
using Azure.Core;

namespace AlertFunctions.Composition;

/// <summary>
/// What reacts to events, over Azure's services. It sends no card itself: what it finds it leaves in the inbox, and calls whoever delivers.
/// </summary>
internal sealed class ReactionService
{
    private readonly EventReactions _events;
    private readonly IWorkQueue _deliveries;
    private readonly TimeProvider _time;
    private readonly ImageScanVerifier? _verifier;

    public ReactionService(AppSettings settings, DetectionCatalogue catalogue, TimeProvider time)
    {
        var credential = AzureClients.Credential(settings);
        var store = AzureClients.StateStore(settings.Storage!, credential);
        var inbox = new AlertInbox(store);
        _deliveries = AzureClients.WorkQueue(settings.Storage!, credential, AzureClients.DeliveriesQueue);
        _time = time;
        var scans = new ImageScanStore(store);
        var resources = AzureClients.ResourceManager(settings, credential, time);
        var detections = catalogue.Detections.ToDictionary(d => d.Id, StringComparer.Ordinal);
        _events = new EventReactions(
            new RegistryEvents(settings.ImageScans.Registry.Suffix, time),
            new RegistryReaction(scans, settings.ImageScans.Options, time),
            new RoleAssignmentEvents(time),
            new RoleAssignmentReaction(
                new ResourceManagerAccessControl(resources), AzureClients.Directory(settings, credential, time), store, inbox, detections),
            new ClusterEvents(time),
            new ClusterReaction(store, inbox, detections));
        if (detections.TryGetValue(ReactionDetections.ImagePushedWithoutScan, out var overdue))
        {
            var engine = AzureClients.LogAnalytics(settings, credential, time);
            var workspaces = new WorkspaceQueries(engine, catalogue, AlertingService.Workspaces(settings));
            var alerts = new ImageScanAlerts(overdue, workspaces);
            _verifier = new ImageScanVerifier(
                scans,
                Sources(settings, workspaces, resources, credential, time),
                alerts,
                new ImageScanCandidates(new DetectionEvaluator(engine, catalogue), alerts, workspaces, scans, store, settings.ImageScans.Options),
                inbox,
                settings.ImageScans.Options);
        }
    }

    /// <summary>Handles a delivery of Event Grid.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached: the host answers a failure, and Event Grid delivers again.</exception>
    /// <exception cref="AccessUnavailableException">Azure Resource Manager cannot be asked now; likewise.</exception>
    public async Task<EventReceipt> HandleAsync(string function, IReadOnlyList<JsonElement> events, CancellationToken cancellationToken)
    {
        var receipt = await _events.HandleAsync(function, events, cancellationToken)
            ?? throw new InvalidOperationException($"Unreachable: {function} reacts to no events.");
        if (receipt.Raised)
        {
            await DeliveryWorker.CallAsync(_deliveries, _time.GetUtcNow(), cancellationToken);
        }

        return receipt;
    }

    /// <summary>Looks for evidence of the scans that are due. Null where the catalogue has no detection of missing scans.</summary>
    public async Task<ScanReport?> VerifyAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _verifier is null ? null : await _verifier.VerifyAsync(now, cancellationToken);

    private static ImmutableArray<IImageScanEvidence> Sources(
        AppSettings settings, WorkspaceQueries workspaces, ResourceManagerClient resources, TokenCredential credential, TimeProvider time)
    {
        var registry = new RegistryClient(settings.ImageScans.Registry, credential, time);
        return
        [
            .. settings.ImageScans.Evidence.Select(IImageScanEvidence (source) => source switch
            {
                EvidenceSource.Referrers => new ReferrersEvidence(registry, settings.ImageScans.Registry),
                EvidenceSource.Workspace => new WorkspaceEvidence(workspaces),
                EvidenceSource.ResourceGraph => new ResourceGraphEvidence(new ResourceGraphClient(resources)),
                EvidenceSource.Quarantine => new QuarantineEvidence(registry),
                _ => throw new System.Diagnostics.UnreachableException($"Evidence source {source}."),
            }),
        ];
    }
}
