using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Proofs;

/// <summary>One process of the app: everything in it is lost when it goes, and only the store and the receivers stay.</summary>
internal sealed class SimulatedApp : IDisposable
{
    private readonly AlertBook _book;
    private readonly NotificationLog _log;
    private readonly DetectionRunner _runner;
    private readonly AlertPipeline _pipeline;

    public SimulatedApp(IQueryEngine engine, IStateStore store, IReadOnlyDictionary<string, INotifier> notifiers, Routes? routes = null)
    {
        _book = new AlertBook(store);
        _log = new NotificationLog(store);
        _runner = new DetectionRunner(
            new DetectionEvaluator(engine, SimulatedLog.Catalogue), [SimulatedLog.Detection], _book, new MarkBook(store), new QueryBudget(),
            new RunnerOptions { Start = Some.Noon, SeesOnlyThePast = true });
        _pipeline = new AlertPipeline(
            new PipelineOptions
            {
                Routes = routes ?? new Routes { Root = new Route { Id = "root", Receiver = "team" }, StormLimit = 10_000 },
                Notifiers = notifiers,
                Detections = [SimulatedLog.Detection],
                SendDeadline = TimeSpan.Zero,
            },
            _book, _log, new SilenceStore(store), TimeProvider.System);
    }

    public async Task<RunReport> TickAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var report = await _runner.RunAsync(now, cancellationToken);
        await _pipeline.DispatchAsync(now, cancellationToken);
        return report;
    }

    public IReadOnlyCollection<AlertEntry> Alerts => _book.Entries;

    public void Dispose()
    {
        _book.Dispose();
        _log.Dispose();
    }
}
