using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Pipeline;

/// <summary>Makes of what is remembered what is sent: the alerts with their runbook and link, worst first, and what enrichers add.</summary>
public sealed class EnrichStage(
    IReadOnlyDictionary<string, Detection> detections,
    IReadOnlyDictionary<string, MonitoredWorkspace> workspaces,
    ImmutableArray<IAlertEnricher> enrichers) : IAlertStage
{
    public async Task<AlertBatch> ExecuteAsync(AlertBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var alerts = new List<Alert>(batch.Alerts.Length);
        foreach (var record in batch.Alerts.OrderByDescending(a => a.Severity).ThenBy(a => a.StartsAt).ThenBy(a => a.Fingerprint, StringComparer.Ordinal))
        {
            var alert = ToAlert(record);
            foreach (var enricher in enrichers)
            {
                alert = await enricher.EnrichAsync(alert, cancellationToken);
            }

            alerts.Add(alert);
        }

        return batch with { Group = new AlertGroup(batch.GroupKey, batch.Route.Receiver, batch.GroupLabels, alerts) };
    }

    private Alert ToAlert(AlertRecord record)
    {
        var detection = detections.GetValueOrDefault(record.Detection);
        var workspace = record.Labels.TryGetValue(LabelNames.Workspace, out var name) ? workspaces.GetValueOrDefault(name) : null;
        return new Alert
        {
            Detection = record.Detection,
            Fingerprint = record.Fingerprint,
            Severity = record.Severity,
            State = record.State,
            Labels = record.Labels,
            Title = record.Title,
            Description = record.Description ?? "",
            Runbook = detection?.Runbook ?? "",
            StartsAt = record.StartsAt,
            LastSeenAt = record.LastSeenAt,
            Count = record.Count,
            Rows = record.Rows ?? new QueryTable([], []),
            Query = new QueryLink(detection?.Query.Text ?? "", record.Range, workspace?.ResourceId),
        };
    }
}
