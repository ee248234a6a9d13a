using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Principals;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.AzureServices.Registry;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Cli.Alerts;
using Azure.Core;

namespace AlertFunctions.Cli.Events;

/// <summary>What reacts to events in Azure, over one machine's state and records.</summary>
/// <param name="Grace">How long an image may be without evidence of a scan.</param>
/// <param name="ResourceManager">Where role assignments are read, on this machine; null for nowhere.</param>
internal sealed record LocalReactionOptions(TimeSpan Grace, Uri? ResourceManager);

/// <summary>
/// The functions that Event Grid calls, on one machine: the same reactions as in the app, evidence of scans from the loaded records and from registries on
/// this machine, and cards in a folder.
/// </summary>
internal sealed class LocalReactions : IDisposable
{
    private readonly LocalAlerts _alerts;
    private readonly AlertInbox _inbox;
    private readonly EventReactions _events;
    private readonly ImageScanVerifier? _verifier;
    private readonly AlertPipeline _pipeline;
    private readonly Dictionary<string, Detection> _detections;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public LocalReactions(
        LocalAlerts alerts, DetectionCatalogue catalogue, Routes routes, IQueryEngine engine, LocalReactionOptions options, TimeProvider clock)
    {
        (_alerts, _clock) = (alerts, clock);
        _inbox = new AlertInbox(alerts.Store) { History = LocalAlerts.History };
        _detections = catalogue.Detections.Concat(ReactionDetections.All).ToDictionary(d => d.Id, StringComparer.Ordinal);
        _pipeline = alerts.CreatePipeline(routes, catalogue with { Detections = [.. _detections.Values] }, clock);
        var scans = new ImageScanStore(alerts.Store);
        var scanOptions = new ImageScanOptions { Grace = options.Grace };
        _events = new EventReactions(
            new RegistryEvents(".azurecr.io", clock),
            new RegistryReaction(scans, scanOptions, clock),
            new RoleAssignmentEvents(clock),
            new RoleAssignmentReaction(AccessControl(options, clock), new MemoryDirectory(), alerts.Store, _inbox, _detections),
            new ClusterEvents(clock),
            new ClusterReaction(alerts.Store, _inbox, _detections));
        if (_detections.TryGetValue(ReactionDetections.ImagePushedWithoutScan, out var overdue))
        {
            var workspaces = new WorkspaceQueries(engine, catalogue, []);
            var scanAlerts = new ImageScanAlerts(overdue, workspaces);
            var registries = new RegistryOptions { Names = [], AllowLoopback = true };
            _verifier = new ImageScanVerifier(
                scans,
                [new ReferrersEvidence(new RegistryClient(registries, new NoCredential(), clock), registries), new WorkspaceEvidence(workspaces)],
                scanAlerts,
                new ImageScanCandidates(new DetectionEvaluator(engine, catalogue), scanAlerts, workspaces, scans, alerts.Store, scanOptions),
                _inbox,
                scanOptions);
        }
    }

    /// <summary>Handles a delivery; null where there is no function of that name.</summary>
    public Task<EventReceipt?> HandleAsync(string function, IReadOnlyList<JsonElement> events, CancellationToken cancellationToken) =>
        _events.HandleAsync(function, events, cancellationToken);

    /// <summary>Looks for the scans that are due, and writes the cards that are to be written now.</summary>
    public async Task<DispatchReport> TickAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = _clock.GetUtcNow();
            if (_verifier is not null)
            {
                await _verifier.VerifyAsync(now, cancellationToken);
            }

            await _inbox.DrainAsync(_alerts.Book, _detections, now, cancellationToken);
            return await _pipeline.DispatchAsync(now, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static IAccessControl AccessControl(LocalReactionOptions options, TimeProvider clock) => options.ResourceManager is { } endpoint
        ? new ResourceManagerAccessControl(new ResourceManagerClient(
            ResourceManagerOptions.AzurePublic with { Endpoint = endpoint, MaxRetries = 0 }, new NoCredential(), clock))
        : new MemoryAccessControl();

    /// <summary>Nothing on this machine asks for a token, and no token leaves it.</summary>
    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("alertfn run asks only servers on this machine, which take no token.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("alertfn run asks only servers on this machine, which take no token.");
    }
}
