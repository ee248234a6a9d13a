using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.Evaluation;

/// <summary>Makes alerts of a result's rows.</summary>
internal static class AlertFactory
{
    /// <summary>The column whose values say when a row's thing happened.</summary>
    private const string TimeColumn = "TimeGenerated";

    private const int MaximumEvidenceRows = 10;

    // Sentinel's own limits: learn.microsoft.com/azure/sentinel/customize-alert-details.
    private const int MaximumTitle = 256;
    private const int MaximumDescription = 5000;

    /// <summary>The identity columns that the result lacks.</summary>
    public static IEnumerable<string> MissingColumns(Detection detection, QueryTable table) =>
        detection.Identity.Where(name => IndexOf(table, name) < 0);

    /// <summary>One alert for each identity among the rows, ordered by start, then fingerprint.</summary>
    public static IReadOnlyList<Alert> Make(EvaluationRequest request, QueryTable table)
    {
        if (!IsTriggered(request.Detection, table.Rows.Count))
        {
            return [];
        }

        var identity = IdentityColumns(request.Detection, table);
        var time = IndexOf(table, TimeColumn);
        // A rule that fires on too few rows has none to take an identity from: the detection itself is the identity.
        IReadOnlyList<IReadOnlyList<object?>> rows = table.Rows.Count > 0 ? table.Rows : [[]];
        return [.. rows
            .GroupBy(row => Fingerprint.Of(request.Detection.Id, identity.Select(i => KeyValuePair.Create(table.Columns[i].Name, Text(row, i)))))
            .Select(group => Make(request, table, identity, time, group.Key, [.. group]))
            .OrderBy(alert => alert.StartsAt)
            .ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal)];
    }

    private static bool IsTriggered(Detection detection, int rows) => detection.TriggerOperator switch
    {
        TriggerOperator.GreaterThan => rows > detection.TriggerThreshold,
        TriggerOperator.LessThan => rows < detection.TriggerThreshold,
        TriggerOperator.Equal => rows == detection.TriggerThreshold,
        TriggerOperator.NotEqual => rows != detection.TriggerThreshold,
        _ => throw new System.Diagnostics.UnreachableException($"Trigger operator {detection.TriggerOperator}."),
    };

    // A rule without identity columns (a Sentinel rule without entities) is identified by all that its rows say but when.
    private static int[] IdentityColumns(Detection detection, QueryTable table) => detection.Identity.IsEmpty
        ? [.. Enumerable.Range(0, table.Columns.Count).Where(i => table.Columns[i].Name != TimeColumn)]
        : [.. detection.Identity.Select(name => IndexOf(table, name))];

    private static Alert Make(
        EvaluationRequest request, QueryTable table, int[] identity, int time, string fingerprint, IReadOnlyList<object?>[] rows)
    {
        var detection = request.Detection;
        var severity = rows.Max(row => SeverityOf(detection, table, row));
        var times = rows.Select(row => TimeOf(row, time)).OfType<DateTimeOffset>().ToArray();
        var startsAt = times.Length > 0 ? times.Min() : request.Now;
        // The newest of the worst rows speaks for all of them.
        var speaker = rows
            .Where(row => SeverityOf(detection, table, row) == severity)
            .MaxBy(row => TimeOf(row, time) ?? DateTimeOffset.MinValue)!;
        return new Alert
        {
            Detection = detection.Id,
            Fingerprint = fingerprint,
            Severity = severity,
            Labels = LabelsOf(request, table, identity, severity, speaker),
            Title = Fill(detection.TitleFormat ?? detection.Name, table, speaker, MaximumTitle),
            Description = Fill(detection.DescriptionFormat ?? detection.Description, table, speaker, MaximumDescription),
            Runbook = detection.Runbook,
            StartsAt = startsAt,
            LastSeenAt = times.Length > 0 ? times.Max() : request.Now,
            Count = table.Rows.Count == 0 ? 0 : rows.Length,
            Rows = table with { Rows = table.Rows.Count == 0 ? [] : rows[..Math.Min(rows.Length, MaximumEvidenceRows)] },
            Query = new QueryLink(
                detection.Query.Text,
                new TimeRange(Earlier(startsAt, request.Now - detection.QueryPeriod), request.Now),
                request.Workspace?.ResourceId),
        };
    }

    private static Dictionary<string, string> LabelsOf(
        EvaluationRequest request, QueryTable table, int[] identity, Severity severity, IReadOnlyList<object?> row)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in identity.Concat(request.Detection.Labels.Select(name => IndexOf(table, name)).Where(i => i >= 0)))
        {
            labels[table.Columns[column].Name] = Text(row, column);
        }

        labels[LabelNames.Detection] = request.Detection.Id;
        labels[LabelNames.Severity] = severity.ToString();
        if (request.Workspace is { } workspace)
        {
            labels[LabelNames.Workspace] = workspace.Name;
        }

        return labels;
    }

    private static string Fill(string format, QueryTable table, IReadOnlyList<object?> row, int maximum) => AlertText.Fill(
        format,
        name => IndexOf(table, name) is var column && column >= 0 ? Text(row, column) : null,
        maximum);

    private static Severity SeverityOf(Detection detection, QueryTable table, IReadOnlyList<object?> row) =>
        detection.SeverityColumn is { } name
        && IndexOf(table, name) is var column and >= 0
        && Enum.TryParse<Severity>(Text(row, column), ignoreCase: true, out var severity)
        && Enum.IsDefined(severity)
            ? severity
            : detection.Severity;

    private static DateTimeOffset? TimeOf(IReadOnlyList<object?> row, int time) =>
        time >= 0 && time < row.Count ? row[time] as DateTimeOffset? : null;

    private static string Text(IReadOnlyList<object?> row, int column) => column < row.Count ? CellText.Of(row[column]) : "";

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static int IndexOf(QueryTable table, string name)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (string.Equals(table.Columns[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
