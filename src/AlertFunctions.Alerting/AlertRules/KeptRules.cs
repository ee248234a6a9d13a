using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// Which detections Azure Monitor runs as rules, and over which workspaces, as the last sync left it. What is marked for a rule and is none, because of a quota, a
/// refusal or a missing right, the app evaluates itself until it is one: a detection never falls between the two.
/// </summary>
public sealed class KeptRules(IStateStore store)
{
    private const string Partition = "alert-rules";
    private const string Row = "kept";
    private const string HandedOver = "From now on Azure Monitor watches this as an alert rule.";

    private HashSet<(string Workspace, string Detection)> _kept = [];

    /// <summary>Rules that are kept.</summary>
    public int Count => _kept.Count;

    /// <summary>Ids of the detections that are marked and are no rule over each workspace, and why.</summary>
    public IReadOnlyDictionary<string, string> NotKept { get; private set; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Reads what the last sync left; before the first there are none.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var known = await store.ReadAsync(Partition, Row, cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Content.Span, StateJson.Default.KeptRulesDocument)
            : null;
        _kept = [.. (known?.Workspaces ?? []).SelectMany(workspace => workspace.Value.Select(detection => Key(detection, workspace.Key)))];
        NotKept = known?.NotKept ?? [];
    }

    public bool Contains(Detection detection, MonitoredWorkspace? workspace)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return workspace is not null && _kept.Contains(Key(detection.Id, workspace.Id));
    }

    /// <summary>
    /// Remembers what a sync left. The app's own alerts of what a rule watches now are over, and what is marked and is no rule is an alert that says why.
    /// </summary>
    /// <param name="kept">The rules that are there; null where they could not be seen, so that those of the last sync count.</param>
    /// <param name="failures">Why others are not.</param>
    /// <param name="catalogue">What is marked.</param>
    /// <param name="workspaces">Over what.</param>
    /// <param name="now">The pipeline's clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StateUnavailableException">The store cannot be reached; the next sync does it.</exception>
    public async Task RecordAsync(
        IReadOnlyCollection<AlertRule>? kept,
        IReadOnlyCollection<AlertRuleRefusal> failures,
        DetectionCatalogue catalogue,
        ImmutableArray<MonitoredWorkspace> workspaces,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        await LoadAsync(cancellationToken);
        if (kept is not null)
        {
            _kept = [.. kept.Select(rule => Key(rule.Detection, rule.Workspace))];
        }

        var marked = catalogue.Detections.Where(detection => detection.Delivery == DeliveryKind.AlertRule).ToArray();
        var open = marked.Where(detection => workspaces.Any(workspace => !Contains(detection, workspace))).ToDictionary(d => d, d => ReasonsOf(d, failures));
        NotKept = open.ToDictionary(d => d.Key.Id, d => d.Value, StringComparer.Ordinal);
        await WriteAsync(cancellationToken);
        await EndAsync(marked, workspaces, now, cancellationToken);
        await AlertRecorder.RecordAllAsync(
            store,
            OwnDetections.RuleNotKept,
            [.. open.Select(d => OwnDetections.NotKept(d.Key, d.Value, now))],
            now,
            cancellationToken);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var document = new KeptRulesDocument(
            _kept.GroupBy(key => key.Workspace, key => key.Detection).ToDictionary(w => w.Key, w => w.ToArray(), StringComparer.Ordinal), new(NotKept));
        await store.WriteAsync(
            Partition, [new Put(Row, JsonSerializer.SerializeToUtf8Bytes(document, StateJson.Default.KeptRulesDocument), StateChange.Any)], cancellationToken);
    }

    private async Task EndAsync(Detection[] marked, ImmutableArray<MonitoredWorkspace> workspaces, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var watched = marked.SelectMany(d => workspaces.Where(w => Contains(d, w)).Select(w => (d.Id, w.Name))).ToHashSet();
        if (watched.Count == 0)
        {
            return;
        }

        using var book = new AlertBook(store, [.. watched.Select(w => w.Id).Distinct()]);
        await book.LoadAsync(cancellationToken);
        foreach (var record in book.Entries.Select(entry => entry.Record).ToArray())
        {
            if (watched.Contains((record.Detection, record.Labels.GetValueOrDefault(LabelNames.Workspace, ""))))
            {
                book.Update(record.Fingerprint, known => AlertLife.Ended(known, now, HandedOver));
            }
        }

        await book.FlushAsync(cancellationToken);
    }

    /// <summary>What was said of the detection or of one of its rules; all that was said where nothing was.</summary>
    private static string ReasonsOf(Detection detection, IReadOnlyCollection<AlertRuleRefusal> failures)
    {
        var own = failures.Where(failure => failure.Subject == detection.Id || AlertRuleWriter.IsNameOf(failure.Subject, detection)).ToArray();
        return string.Join('\n', (own.Length > 0 ? own : [.. failures]).Select(failure => failure.Reason).Distinct());
    }

    // Resource ids do not depend on case.
    private static (string Workspace, string Detection) Key(string detection, string workspace) => (workspace.ToLowerInvariant(), detection);
}

/// <summary>What a sync left.</summary>
/// <param name="Workspaces">Resource id of a workspace, in lower case → ids of the detections that are rules over it.</param>
/// <param name="NotKept">Id of a detection → why it is no rule.</param>
internal sealed record KeptRulesDocument(Dictionary<string, string[]> Workspaces, Dictionary<string, string> NotKept);
