using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Proofs.Day;

/// <summary>
/// One process of the app on the day's clock, composed as the Functions app composes itself. Everything in it is lost when it goes; only what
/// the store has and the receivers were told stays.
/// </summary>
internal sealed class SimulatedApp : IDisposable
{
    private readonly AlertBook _book;
    private readonly NotificationLog _log;
    private readonly DetectionRunner _runner;
    private readonly AlertPipeline _pipeline;

    public SimulatedApp(
        DayOptions day, IQueryEngine engine, IStateStore store, IReadOnlyDictionary<string, INotifier> notifiers, Routes routes, TimeProvider time)
    {
        var detections = DayDetections.All(day);
        _book = new AlertBook(store);
        _log = new NotificationLog(store);
        _runner = new DetectionRunner(
            new DetectionEvaluator(engine, new DetectionCatalogue(detections, [], ["KubeEvents", "KubeNodeInventory"], [])),
            detections, _book, new MarkBook(store), new QueryBudget(), new RunnerOptions { Start = SimulatedDay.Start });
        _pipeline = new AlertPipeline(
            new PipelineOptions { Routes = routes, Notifiers = notifiers, Detections = detections, SendDeadline = TimeSpan.Zero },
            _book, _log, new SilenceStore(store), time);
    }

    /// <exception cref="StateUnavailableException">The store cannot be reached; the next tick goes on.</exception>
    public async Task TickAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _runner.RunAsync(now, cancellationToken);
        await _pipeline.DispatchAsync(now, cancellationToken);
    }

    public void Dispose()
    {
        _book.Dispose();
        _log.Dispose();
    }
}
