using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Alerting.Work;
using AlertFunctions.Settings;
using Azure.Core;

namespace AlertFunctions.Composition;

/// <summary>What the life of alerts needs of the world.</summary>
internal sealed record AlertingPorts(
    IQueryEngine Engine, IStateStore Store, WorkQueues Queues, IReadOnlyDictionary<string, INotifier> Notifiers, TimeProvider Time)
{
    public QueryLimits Limits { get; init; } = new();

    /// <summary>What Azure Monitor runs instead; null where the app manages no rules.</summary>
    public KeptRules? KeptRules { get; init; }
}

/// <summary>
/// The life of alerts in three steps that each may run in another process: what is due is queued, each detection is evaluated, receivers are told. Between
/// them lies only what is stored; the process may end at any time.
/// </summary>
internal sealed class AlertingService : IDisposable
{
    /// <summary>How long the limits must last: until the next tick of the timer.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(1);

    private readonly AlertBook _book;
    private readonly NotificationLog _log;
    private readonly Lease _lease;
    private readonly IReadOnlyDictionary<string, INotifier> _notifiers;

    /// <param name="ports">The world. The notifiers are disposed with the service.</param>
    /// <param name="catalogue">What detections call and know by name.</param>
    /// <param name="detections">Those that are evaluated here, unless Azure Monitor runs them.</param>
    /// <param name="workspaces">Over what.</param>
    /// <param name="routes">Who is told.</param>
    public AlertingService(
        AlertingPorts ports, DetectionCatalogue catalogue, ImmutableArray<Detection> detections, ImmutableArray<MonitoredWorkspace> workspaces, Routes routes)
    {
        var store = ports.Store;
        _notifiers = ports.Notifiers;
        _book = new AlertBook(store);
        _log = new NotificationLog(store);
        _lease = new Lease(store, "deliveries", ports.Time);
        var evaluator = new DetectionEvaluator(new LimitedQueryEngine(ports.Engine, new QuerySlots(store, ports.Limits, ports.Time)), catalogue);
        var runner = new DetectionRunner(
            evaluator, detections, _book, new MarkBook(store), QueryBudget.Unlimited(), new RunnerOptions { Workspaces = workspaces, KeptRules = ports.KeptRules });
        Planner = new WorkPlanner(runner, store, ports.Queues, (int)(Tick / ports.Limits.Per * ports.Limits.Requests));
        Detections = new DetectionWorker(evaluator, detections, workspaces, store, ports.Queues, ports.Time);
        Detection[] known = [.. catalogue.Detections.Union(detections), .. ReactionDetections.All, .. OwnDetections.All];
        var pipeline = new AlertPipeline(
            new PipelineOptions
            {
                Routes = routes,
                Notifiers = ports.Notifiers,
                Detections = [.. known],
                Workspaces = workspaces,
            },
            _book,
            _log,
            new SilenceStore(store),
            ports.Time);
        Deliveries = new DeliveryWorker(pipeline, _book, _log, new AlertInbox(store), known, _lease, ports.Queues.Deliveries, ports.Time);
    }

    public WorkPlanner Planner { get; }

    public DetectionWorker Detections { get; }

    public DeliveryWorker Deliveries { get; }

    /// <summary>The workspaces that the settings name, called by the last part of their ids.</summary>
    public static ImmutableArray<MonitoredWorkspace> Workspaces(AppSettings settings) =>
        [.. settings.Workspaces.Select(id => new MonitoredWorkspace(ResourceId.Name(id), id, id))];

    /// <summary>Over Azure's services, as the settings name them.</summary>
    public static AlertingService Create(AppSettings settings, DetectionCatalogue catalogue, TimeProvider time)
    {
        var credential = AzureClients.Credential(settings);
        var storage = settings.Storage!;
        Detection[] own = OwnDetections.SilentTables(catalogue, settings.BasicTables) is { } silentTables ? [silentTables] : [];
        var store = AzureClients.StateStore(storage, credential);
        var ports = new AlertingPorts(
            AzureClients.LogAnalytics(settings, credential, time),
            store,
            new WorkQueues(
                AzureClients.WorkQueue(storage, credential, AzureClients.EvaluationsQueue),
                AzureClients.WorkQueue(storage, credential, AzureClients.DeliveriesQueue)),
            Notifiers(settings, credential, time),
            time)
        {
            KeptRules = settings.ManageAlertRules ? new KeptRules(store) : null,
        };
        return new AlertingService(
            ports,
            catalogue,
            [
                // Its candidates join the images whose scan is waited for; VerifyImageScans runs it.
                .. catalogue.Detections.Where(d => d.Id != ReactionDetections.ImagePushedWithoutScan),
                .. own,
            ],
            Workspaces(settings),
            settings.Routes!);
    }

    public void Dispose()
    {
        _book.Dispose();
        _log.Dispose();
        _lease.Dispose();
        foreach (var notifier in _notifiers.Values.OfType<IDisposable>())
        {
            notifier.Dispose();
        }
    }

    private static Dictionary<string, INotifier> Notifiers(AppSettings settings, TokenCredential credential, TimeProvider time)
    {
        var cards = new CardOptions
        {
            Links = settings.Links,
            PortalHost = settings.Cloud switch
            {
                AzureCloud.Government => "portal.azure.us",
                AzureCloud.China => "portal.azure.cn",
                _ => CardOptions.Default.PortalHost,
            },
        };
        return Composition.Notifiers.Create(settings, cards, credential, time);
    }
}
