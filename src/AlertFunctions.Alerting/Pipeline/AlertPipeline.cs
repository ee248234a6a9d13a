using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>What the pipeline is made of besides its state.</summary>
public sealed record PipelineOptions
{
    public required Routes Routes { get; init; }

    /// <summary>Receiver's name → what carries notifications there.</summary>
    public required IReadOnlyDictionary<string, INotifier> Notifiers { get; init; }

    public ImmutableArray<Detection> Detections { get; init; } = [];

    public ImmutableArray<MonitoredWorkspace> Workspaces { get; init; } = [];

    public ImmutableArray<IAlertEnricher> Enrichers { get; init; } = [];

    /// <summary>How long a send may be tried again within one tick.</summary>
    public TimeSpan SendDeadline { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>What a dispatch did.</summary>
/// <param name="Sent">What receivers took, in the order of the groups' keys.</param>
/// <param name="Failed">What they did not take, and why; it is tried again.</param>
/// <param name="Suppressed">What was not sent, and why.</param>
public sealed record DispatchReport(
    IReadOnlyList<Notification> Sent,
    IReadOnlyList<(Notification Notification, NotifyResult Result)> Failed,
    IReadOnlyList<SuppressedAlert> Suppressed);

/// <summary>
/// Carries what is remembered to whom it concerns: <c>DispatchAsync</c> derives from the
/// remembered alerts what each receiver is to be told now, tells it, and records that. Nothing is handed from one to the other in
/// memory that a crash could lose.
/// </summary>
public sealed class AlertPipeline
{
    private static readonly TimeSpan StormWindow = TimeSpan.FromMinutes(1);

    private readonly PipelineOptions _options;
    private readonly Dictionary<string, Detection> _detections;
    private readonly Dictionary<string, MonitoredWorkspace> _workspaces;
    private readonly AlertBook _book;
    private readonly NotificationLog _log;
    private readonly SilenceStore _silences;
    private readonly TimeProvider _time;
    private readonly GroupIndex _index;
    private readonly Dictionary<string, string> _receivers;
    private int _generation = -1;

    public AlertPipeline(PipelineOptions options, AlertBook book, NotificationLog log, SilenceStore silences, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _detections = options.Detections.ToDictionary(d => d.Id, StringComparer.Ordinal);
        _workspaces = options.Workspaces.ToDictionary(w => w.Name, StringComparer.Ordinal);
        (_book, _log, _silences, _time) = (book, log, silences, time);
        _index = new GroupIndex(options.Routes, log);
        _receivers = Below(options.Routes.Root).ToDictionary(route => route.Id, route => route.Receiver, StringComparer.Ordinal);
    }

    /// <summary>Tells receivers what they are to be told at this time. One call at a time.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached; nothing is lost, and the next call goes on.</exception>
    public async Task<DispatchReport> DispatchAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _book.LoadAsync(cancellationToken);
        await _log.LoadAsync(_receivers.Values.Distinct(StringComparer.Ordinal), cancellationToken);
        // Nobody is told of what a crash could still make us forget having told.
        await _book.FlushAsync(cancellationToken);
        await _log.FlushAsync(cancellationToken);
        Refresh();

        var due = _index.Due(now);
        if (due.Count == 0)
        {
            return new DispatchReport([], [], []);
        }

        var silences = await _silences.ReadAsync(now, cancellationToken);
        var stages = new Stages(
            new MuteStage(_detections, silences, new InhibitingAlerts(_options.Routes.Inhibitions, _book.Entries.Select(e => e.Record))),
            new DedupStage(),
            new EnrichStage(_detections, _workspaces, _options.Enrichers),
            new NotifyStage(_options.Notifiers, _time, _options.SendDeadline),
            new RecordStage(_options.Routes, _book, _log));

        // Receivers go side by side, so that a slow one delays no other.
        var byReceiver = due.GroupBy(g => g.Route.Receiver, StringComparer.Ordinal).ToArray();
        var lately = ToldLately(now);
        var done = await Task.WhenAll(byReceiver.Select(r => TellAsync(r.Key, [.. r], lately.GetValueOrDefault(r.Key), stages, now, cancellationToken)));
        await _book.FlushAsync(cancellationToken);
        Refresh();
        foreach (var group in due)
        {
            _index.Settle(group);
        }

        return ReportOf([.. done.SelectMany(d => d)], now);
    }

    /// <summary>
    /// How many alerts each receiver was told of within the last minute, by this process or another: what is stored of each alert says so. Many small groups, one
    /// dispatch after the other, are a storm as well.
    /// </summary>
    private Dictionary<string, int> ToldLately(DateTimeOffset now)
    {
        var lately = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (route, delivery) in _book.Entries.SelectMany(entry => entry.Record.Deliveries))
        {
            if (delivery.Instead is null && delivery.At > now - StormWindow && _receivers.TryGetValue(route, out var receiver))
            {
                lately[receiver] = lately.GetValueOrDefault(receiver) + 1;
            }
        }

        return lately;
    }

    /// <summary>What a receiver is told of each group: mute → dedup → enrich → notify → record.</summary>
    private async Task<IReadOnlyList<AlertBatch>> TellAsync(
        string receiver, IReadOnlyList<GroupIndex.Group> groups, int lately, Stages stages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ready = new List<AlertBatch>();
        var done = new List<AlertBatch>();
        foreach (var group in groups)
        {
            var batch = await stages.Mute.ExecuteAsync(BatchOf(group, now), cancellationToken);
            batch = batch.Alerts.IsEmpty ? batch : await stages.Dedup.ExecuteAsync(batch, cancellationToken);
            if (batch.Alerts.IsEmpty)
            {
                done.Add(await stages.Record.ExecuteAsync(batch, cancellationToken));
            }
            else
            {
                ready.Add(await stages.Enrich.ExecuteAsync(batch, cancellationToken));
            }
        }

        var isStorm = ready.Count > 1 && ready.Sum(batch => batch.Alerts.Length) + lately > _options.Routes.StormLimit;
        done.AddRange(isStorm
            ? await TellAsDigestAsync(receiver, ready, stages, now, cancellationToken)
            : await TellEachAsync(ready, stages, cancellationToken));
        return done;
    }

    private static async Task<IReadOnlyList<AlertBatch>> TellEachAsync(
        List<AlertBatch> ready, Stages stages, CancellationToken cancellationToken)
    {
        var done = new List<AlertBatch>();
        foreach (var batch in ready)
        {
            done.Add(await stages.Record.ExecuteAsync(await stages.Notify.ExecuteAsync(batch, cancellationToken), cancellationToken));
        }

        return done;
    }

    private static async Task<IReadOnlyList<AlertBatch>> TellAsDigestAsync(
        string receiver, List<AlertBatch> ready, Stages stages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var digest = StormDigest.Of(receiver, ready, now);
        var told = await stages.Notify.ExecuteAsync(ready[0] with { Group = digest.Group, Reason = digest.Reason }, cancellationToken);
        var done = new List<AlertBatch>();
        foreach (var (index, batch) in ready.Index())
        {
            done.Add(await stages.Record.ExecuteAsync(
                batch with { Group = index == 0 ? digest.Group : null, Result = told.Result, Note = $"in a digest of {digest.Group.Alerts[0].Count} alerts" },
                cancellationToken));
        }

        return done;
    }

    private AlertBatch BatchOf(GroupIndex.Group group, DateTimeOffset now) => new()
    {
        Now = now,
        Route = group.Route,
        GroupKey = group.Key,
        GroupLabels = group.Labels,
        Notice = _log.Of(group.Route.Receiver, group.Key),
        Alerts =
        [
            .. group.Members.Select(m => m.Record)
                .Where(r => r.IsPendingOn(group.Route.Id) || r is { IsEvent: false, State: AlertState.Firing })
                .OrderBy(r => r.Fingerprint, StringComparer.Ordinal),
        ],
    };

    private void Refresh()
    {
        if (_generation != _book.Generation)
        {
            _index.Clear();
            _generation = _book.Generation;
        }

        foreach (var entry in _book.TakeChanged())
        {
            _index.Update(entry);
        }
    }

    private static IEnumerable<Route> Below(Route route) => route.Routes.SelectMany(Below).Prepend(route);

    private static DispatchReport ReportOf(IReadOnlyList<AlertBatch> batches, DateTimeOffset now)
    {
        var told = batches.Where(b => b is { Group: not null, Result: not null })
            .Select(b => (Notification: new Notification(b.Group!, b.Reason ?? NotifyReason.FirstNotification, now), Result: b.Result!))
            .ToArray();
        return new DispatchReport(
            [.. told.Where(t => t.Result is Sent).Select(t => t.Notification)],
            [.. told.Where(t => t.Result is not Sent)],
            [.. batches.SelectMany(b => b.Suppressed)]);
    }

    private sealed record Stages(IAlertStage Mute, IAlertStage Dedup, IAlertStage Enrich, IAlertStage Notify, IAlertStage Record);
}
