using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>What the product watches of itself: a detection that cannot be evaluated is an alert like any other.</summary>
public static class OwnDetections
{
    public static Detection EvaluationFailed { get; } = new()
    {
        Id = "alertfunctions/detection-evaluation-failed",
        Name = "A detection cannot be evaluated",
        Version = "1.0.0",
        Description = "A detection does not run, so what it watches for would not be seen.",
        Severity = Severity.Medium,
        QueryFrequency = TimeSpan.FromMinutes(1),
        QueryPeriod = TimeSpan.FromMinutes(1),
        Query = new DetectionQuery("", new SourcePosition("", 1, 1), 0),
        Signal = SignalKind.Condition,
        Identity = ["Detection", "Workspace"],
        Settle = TimeSpan.Zero,
        Lateness = TimeSpan.Zero,
        ResolveAfter = TimeSpan.Zero,
        Runbook = """
            1. Run the detection's query by hand in the workspace: the message above is the service's.
            2. A fault of the query: `alertfn check` finds it before it is deployed.
            3. A fault of access: the app's identity needs the role Log Analytics Data Reader on the workspace.
            4. A table on the Basic plan, and the detection is alertfunctions/table-silent: name the table in the app setting AlertFunctions__BasicTables.

            Nothing is lost meanwhile: what happened since the last run that succeeded is evaluated when it runs again, and this alert resolves.
            """,
        Source = new DetectionSource("", ImmutableDictionary<string, SourcePosition>.Empty),
    };

    /// <summary>
    /// Finds tables that detections read and that fell silent: ten times as long as they usually pause, judged by the last week, and six hours at
    /// least. A table that has records in fewer than twelve hours of a week is never silent by this. Null where detections read no known table.
    /// </summary>
    /// <param name="catalogue">Whose detections.</param>
    /// <param name="basicTables">Tables that are left out: on the Basic plan they take no part in a union of many, and each look at their week would be billed.</param>
    public static Detection? SilentTables(DetectionCatalogue catalogue, IEnumerable<string>? basicTables = null)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var composer = new QueryComposer(catalogue);
        var tables = new SortedSet<string>(catalogue.Detections.SelectMany(d => composer.TablesOf(d.Query.Text)), StringComparer.Ordinal);
        tables.ExceptWith(basicTables ?? []);
        if (tables.Count == 0)
        {
            return null;
        }

        var parts = tables.Select(table => $"""
            ({KqlLiteral.Name(table)}
                | where TimeGenerated > ago(7d)
                | summarize Last = max(TimeGenerated), Hours = dcount(bin(TimeGenerated, 1h))
                | extend Table = {KqlLiteral.String(table)})
            """);
        var query = $"""
            union isfuzzy=true
                {string.Join(",\n    ", parts)}
            | where Hours >= 12
            | extend SilentFor = now() - Last
            | extend Pause = (7d - SilentFor) / Hours
            | where SilentFor > 6h and SilentFor > 10 * Pause
            | project TimeGenerated = Last, Table, Last, SilentFor, HoursWithRecords = Hours
            """;
        return EvaluationFailed with
        {
            Id = "alertfunctions/table-silent",
            Name = "A table fell silent",
            Description = "No record came into a table that detections read, for much longer than it usually pauses: what they watch for would not be seen.",
            QueryFrequency = TimeSpan.FromHours(3),
            QueryPeriod = TimeSpan.FromDays(7),
            Query = new DetectionQuery(query, new SourcePosition("", 1, 1), 0),
            Identity = ["Table"],
            TitleFormat = "{{Table}} has been silent since {{Last}}",
            Runbook = """
                1. `{{Table}} | summarize max(TimeGenerated)` by hand: did records come meanwhile?
                2. The diagnostic setting or the agent that fills the table may have been changed or removed.
                3. A source that was switched off on purpose: silence this alert until the table's last week is over.
                """,
        };
    }

    public static Detection WorkGivenUp { get; } = EvaluationFailed with
    {
        Id = "alertfunctions/work-given-up",
        Name = "Work was given up",
        Description = "A message of the app's own queues was received too often without success and lies in the poison queue.",
        Severity = Severity.High,
        Identity = ["Queue", "Work"],
        Runbook = """
            1. The app's log says why it failed: search it for the function EvaluateDetection or DeliverNotifications.
            2. An evaluation is queued anew by itself, and covers what was missed. Deliveries follow with the next minute.
            3. Read the message with `az storage message peek`, then remove it with `az storage message clear`: this alert resolves.
            """,
    };

    public static Detection RuleNotKept { get; } = EvaluationFailed with
    {
        Id = "alertfunctions/alert-rule-not-kept",
        Name = "A detection is not kept as an alert rule",
        Description = "A detection marked 'deliver: alertRule' is no rule of Azure Monitor over each workspace. The app evaluates it itself, and tells its own receivers, until it is.",
        Severity = Severity.Low,
        Identity = ["Detection"],
        Runbook = """
            1. `alertfn rules plan` says the same of all rules, and what would be done.
            2. A quota: remove rules that nobody needs, or take the mark away.
            3. A fault of access: the app's identity needs the role Monitoring Contributor on the rules' resource group.

            The rules are tried again every ten minutes; this alert resolves when there are all.
            """,
    };

    /// <summary>All of them, for whoever needs to know detections by their ids.</summary>
    public static ImmutableArray<Detection> All { get; } = [EvaluationFailed, WorkGivenUp, RuleNotKept];

    /// <summary>The alert for work that was given up.</summary>
    /// <param name="queue">The queue it was in, without <c>-poison</c>.</param>
    /// <param name="work">What it was, in words.</param>
    /// <param name="count">How many such messages there are.</param>
    /// <param name="now">The pipeline's clock.</param>
    public static Alert GivenUp(string queue, string work, int count, DateTimeOffset now) =>
        Make(WorkGivenUp, [new("Queue", queue), new("Work", work)], $"Given up: {work}", WorkGivenUp.Description, now) with { Count = count };

    /// <summary>The alert for a detection that is marked for an alert rule and is none.</summary>
    /// <param name="detection">The detection.</param>
    /// <param name="reasons">What the service or the app has against it.</param>
    /// <param name="now">The pipeline's clock.</param>
    public static Alert NotKept(Detection detection, string reasons, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(detection);
        return Make(RuleNotKept, [new("Detection", detection.Id)], $"{detection.Id} is not kept as an alert rule", $"{RuleNotKept.Description} {reasons}", now);
    }

    /// <summary>The alert for a detection that fails in a workspace.</summary>
    public static Alert Failing(Detection detection, MonitoredWorkspace? workspace, string detail, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(detection);
        var name = workspace?.Name ?? "";
        return new Alert
        {
            Detection = EvaluationFailed.Id,
            Fingerprint = FingerprintOf(detection, workspace),
            Severity = detection.Severity > EvaluationFailed.Severity ? detection.Severity : EvaluationFailed.Severity,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Detection"] = detection.Id,
                ["Workspace"] = name,
                [LabelNames.Detection] = EvaluationFailed.Id,
                [LabelNames.Severity] = (detection.Severity > EvaluationFailed.Severity ? detection.Severity : EvaluationFailed.Severity).ToString(),
            },
            Title = $"{detection.Id} cannot be evaluated",
            Description = $"{EvaluationFailed.Description} {detail}",
            Runbook = EvaluationFailed.Runbook,
            StartsAt = now,
            LastSeenAt = now,
            Count = 1,
            Rows = new QueryTable([], []),
            Query = new QueryLink(detection.Query.Text, new TimeRange(now - detection.QueryPeriod, now), workspace?.ResourceId),
        };
    }

    public static string FingerprintOf(Detection detection, MonitoredWorkspace? workspace) => Fingerprint.Of(
        EvaluationFailed.Id, [new("Detection", detection.Id), new("Workspace", workspace?.Name ?? "")]);

    private static Alert Make(Detection own, KeyValuePair<string, string>[] identity, string title, string description, DateTimeOffset now) => new()
    {
        Detection = own.Id,
        Fingerprint = Fingerprint.Of(own.Id, identity),
        Severity = own.Severity,
        Labels = new Dictionary<string, string>(identity, StringComparer.Ordinal)
        {
            [LabelNames.Detection] = own.Id,
            [LabelNames.Severity] = own.Severity.ToString(),
        },
        Title = title,
        Description = description,
        Runbook = own.Runbook,
        StartsAt = now,
        LastSeenAt = now,
        Count = 1,
        Rows = new QueryTable([], []),
        Query = new QueryLink("", new TimeRange(now, now), null),
    };
}
