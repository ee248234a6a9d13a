using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Testing;

/// <summary>A pipeline on a virtual clock: what evaluations found at a time goes in, what receivers were told comes out.</summary>
public sealed class PipelineScenario : IDisposable
{
    private readonly IStateStore _store;
    private readonly PipelineOptions _options;
    private AlertBook _book;
    private NotificationLog _log;
    private AlertPipeline _pipeline;
    private AlertRecorder _recorder;

    public PipelineScenario(Routes? routes = null, IStateStore? store = null, params Detection[] detections)
    {
        _store = store ?? new MemoryStateStore();
        _options = new PipelineOptions
        {
            Routes = routes ?? new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["detection"] } },
            Notifiers = new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = Team, ["other"] = Other },
            Detections = [.. detections],
            SendDeadline = TimeSpan.Zero,
        };
        Silences = new SilenceStore(_store);
        (_book, _log, _pipeline, _recorder) = Start();
    }

    public CollectingNotifier Team { get; } = new();

    public CollectingNotifier Other { get; } = new();

    public SilenceStore Silences { get; }

    public AlertBook Book => _book;

    /// <summary>A time of the scenario's day, as <c>HH:mm</c> or <c>HH:mm:ss</c>.</summary>
    public static DateTimeOffset At(string time) =>
        Some.Noon.Date + TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture) is var at
            ? new DateTimeOffset(at, TimeSpan.Zero)
            : default;

    /// <summary>Forgets all that is in memory, as a crash does.</summary>
    public void Restart()
    {
        _book.Dispose();
        _log.Dispose();
        (_book, _log, _pipeline, _recorder) = Start();
    }

    /// <summary>A run of the detection finds these alerts, and dispatches.</summary>
    public async Task<DispatchReport> FindsAsync(string time, Detection detection, params Alert[] alerts)
    {
        ArgumentNullException.ThrowIfNull(detection);
        await _book.LoadAsync(CancellationToken.None);
        var now = At(time);
        var request = new EvaluationRequest(detection, now, DetectionEvaluator.IntervalOf(detection, now - detection.QueryFrequency, now));
        _recorder.Record(request, alerts, now, isComplete: true);
        return await DispatchAsync(time);
    }

    public Task<DispatchReport> DispatchAsync(string time) => _pipeline.DispatchAsync(At(time), CancellationToken.None);

    public void Dispose()
    {
        _book.Dispose();
        _log.Dispose();
    }

    private (AlertBook, NotificationLog, AlertPipeline, AlertRecorder) Start()
    {
        var book = new AlertBook(_store);
        var log = new NotificationLog(_store);
        return (book, log, new AlertPipeline(_options, book, log, Silences, TimeProvider.System), new AlertRecorder(book, TimeSpan.FromDays(7)));
    }
}
