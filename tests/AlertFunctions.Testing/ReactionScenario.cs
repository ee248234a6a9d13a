using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Testing;

/// <summary>From what reactions leave in the inbox to what a receiver is told, over the repository's own detections, on a clock that the test moves.</summary>
public sealed class ReactionScenario : IDisposable
{
    private static readonly Lazy<DetectionCatalogue> Own = new(() => DetectionLoader.Load(Repository.Kql));

    private readonly AlertPipeline _pipeline;
    private readonly AlertRecorder _recorder;
    private readonly NotificationLog _log;

    public ReactionScenario(IStateStore? store = null, DateTimeOffset? start = null)
    {
        Store = store ?? new MemoryStateStore();
        Time = new FakeTimeProvider(start ?? Some.Noon);
        Inbox = new AlertInbox(Store);
        Detections = Catalogue.Detections.Concat(ReactionDetections.All).ToDictionary(d => d.Id, StringComparer.Ordinal);
        Book = new AlertBook(Store);
        _log = new NotificationLog(Store);
        _recorder = new AlertRecorder(Book, TimeSpan.FromDays(7));
        _pipeline = new AlertPipeline(
            new PipelineOptions
            {
                Routes = new Routes { Root = new Route { Id = "root", Receiver = "team", GroupBy = ["detection"], GroupWait = TimeSpan.Zero, GroupInterval = TimeSpan.Zero } },
                Notifiers = new Dictionary<string, INotifier>(StringComparer.Ordinal) { ["team"] = Team },
                Detections = [.. Detections.Values],
                SendDeadline = TimeSpan.Zero,
            },
            Book,
            _log,
            new SilenceStore(Store),
            TimeProvider.System);
    }

    public static DetectionCatalogue Catalogue => Own.Value;

    public IStateStore Store { get; }

    public FakeTimeProvider Time { get; }

    public AlertInbox Inbox { get; }

    public AlertBook Book { get; }

    public IReadOnlyDictionary<string, Detection> Detections { get; }

    public CollectingNotifier Team { get; } = new();

    /// <summary>Every alert that the receiver was told of so far, in the order of the notifications.</summary>
    public IReadOnlyList<Alert> Told => [.. Team.Taken.SelectMany(n => n.Group.Alerts)];

    /// <summary>Takes in what reactions left, and tells the receiver.</summary>
    public async Task DeliverAsync()
    {
        await Inbox.DrainAsync(Book, Detections, Time.GetUtcNow(), CancellationToken.None);
        await _pipeline.DispatchAsync(Time.GetUtcNow(), CancellationToken.None);
    }

    /// <summary>The scheduled detection finds these alerts, as it does over the log, and the receiver is told.</summary>
    public async Task FindAsync(string detection, IReadOnlyList<Alert> alerts)
    {
        await Book.LoadAsync(CancellationToken.None);
        var (found, now) = (Detections[detection], Time.GetUtcNow());
        var request = new EvaluationRequest(found, now, DetectionEvaluator.IntervalOf(found, now - found.QueryFrequency, now));
        _recorder.Record(request, alerts, now, isComplete: true);
        await DeliverAsync();
    }

    public void Dispose()
    {
        Book.Dispose();
        _log.Dispose();
    }
}
