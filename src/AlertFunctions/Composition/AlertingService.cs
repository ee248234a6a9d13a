using System.Collections.Immutable;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.State;
using AlertFunctions.Settings;
using AlertFunctions.Telemetry;
using Azure.Core;

namespace AlertFunctions.Composition;

/// <summary>
/// The life of alerts over Azure's services: runs the detections that are due, and tells the receivers. What it holds in memory the state store has too;
/// the process may end at any time.
/// </summary>
internal sealed class AlertingService : IDisposable
{
    private readonly AlertBook _book;
    private readonly NotificationLog _log;
    private readonly DispatchLease _lease;
    private readonly DetectionRunner _runner;
    private readonly AlertPipeline _pipeline;
    private readonly Dictionary<string, INotifier> _notifiers;
    private readonly AlertInbox _inbox;
    private readonly Dictionary<string, Detection> _detections;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public AlertingService(AppSettings settings, DetectionCatalogue catalogue, TimeProvider time)
    {
        var credential = AzureClients.Credential(settings);
        var store = AzureClients.StateStore(settings.Storage!, credential);
        var engine = AzureClients.LogAnalytics(settings, credential, time);
        var workspaces = Workspaces(settings);
        Detection[] own = OwnDetections.SilentTables(catalogue) is { } silentTables ? [silentTables] : [];
        _inbox = new AlertInbox(store);
        _detections = catalogue.Detections.Concat(ReactionDetections.All).Concat(own).ToDictionary(d => d.Id, StringComparer.Ordinal);
        _lease = new DispatchLease(store, Guid.NewGuid().ToString("N"), time);
        _book = new AlertBook(store);
        _log = new NotificationLog(store);
        _runner = new DetectionRunner(
            new DetectionEvaluator(engine, catalogue),
            // Its candidates join the images whose scan is waited for; VerifyImageScans runs it.
            [
                .. (settings.ManageAlertRules ? AlertRulePlanner.Evaluated(catalogue) : catalogue.Detections)
                    .Where(d => d.Id != ReactionDetections.ImagePushedWithoutScan),
                .. own,
            ],
            _book,
            new MarkBook(store),
            new QueryBudget(),
            new RunnerOptions { Workspaces = workspaces });
        _notifiers = Notifiers(settings, credential, time);
        _pipeline = new AlertPipeline(
            new PipelineOptions
            {
                Routes = settings.Routes!,
                Notifiers = _notifiers,
                Detections = [.. _detections.Values],
                Lease = _lease,
                Workspaces = workspaces,
            },
            _book,
            _log,
            new SilenceStore(store),
            time);
    }

    /// <summary>The workspaces that the settings name, called by the last part of their ids.</summary>
    public static ImmutableArray<MonitoredWorkspace> Workspaces(AppSettings settings) =>
        [.. settings.Workspaces.Select(id => new MonitoredWorkspace(id[(id.LastIndexOf('/') + 1)..], id, id))];

    /// <summary>Runs what is due at this time and tells what is to be told. Calls wait for each other.</summary>
    /// <exception cref="StateUnavailableException">The state cannot be reached; nothing is lost, and the next call goes on.</exception>
    public async Task<(RunReport Run, DispatchReport Dispatch)> TickAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var activity = AppMetrics.Activities.StartActivity("evaluate and dispatch");
            var run = await _runner.RunAsync(now, cancellationToken);
            await _inbox.DrainAsync(_book, _detections, now, cancellationToken);
            var dispatch = await _pipeline.DispatchAsync(now, cancellationToken);
            AppMetrics.Count(run, dispatch);
            return (run, dispatch);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _book.Dispose();
        _log.Dispose();
        _lease.Dispose();
        _turn.Dispose();
        foreach (var notifier in _notifiers.Values.OfType<IDisposable>())
        {
            notifier.Dispose();
        }
    }

    private static Dictionary<string, INotifier> Notifiers(AppSettings settings, TokenCredential credential, TimeProvider time)
    {
        var cards = new CardOptions
        {
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
