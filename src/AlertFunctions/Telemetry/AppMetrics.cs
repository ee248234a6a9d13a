using System.Diagnostics;
using System.Diagnostics.Metrics;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Alerting.Work;
using AlertFunctions.AzureServices.EventGrid;

namespace AlertFunctions.Telemetry;

/// <summary>The app's own instruments. No value of a card, a row or an address is in them.</summary>
internal static class AppMetrics
{
    /// <summary>The name under which the app's instruments and activities are collected.</summary>
    public const string Source = "AlertFunctions";

    private static readonly Meter Meter = new(Source);
    private static readonly Counter<long> Queued = Meter.CreateCounter<long>("alertfunctions.queued", "{detection}", "Due detections that were queued.");
    private static readonly Counter<long> Evaluations = Meter.CreateCounter<long>("alertfunctions.evaluations", "{query}", "Queries of detections that ran.");
    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>("alertfunctions.alerts", "{alert}", "Alerts that evaluations gave, those known already included.");
    private static readonly Counter<long> Matched = Meter.CreateCounter<long>("alertfunctions.matched", "{detection}", "Evaluations that gave an alert.");
    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("alertfunctions.lag", "s", "How long after it was due a detection was evaluated.");
    private static readonly Counter<long> NotApplicable = Meter.CreateCounter<long>("alertfunctions.not_applicable", "{detection}", "Evaluations whose tables are not there.");
    private static readonly Counter<long> AlertsSent = Meter.CreateCounter<long>("alertfunctions.alerts_sent", "{alert}", "Alerts in notifications that receivers took.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("alertfunctions.failures", "{detection}", "Detections that could not be evaluated.");
    private static readonly Counter<long> Gaps = Meter.CreateCounter<long>("alertfunctions.gaps", "{gap}", "Stretches of time that were evaluated late.");
    private static readonly Counter<long> Delayed = Meter.CreateCounter<long>("alertfunctions.delayed", "{detection}", "Due detections that the limits had no room for before the next tick.");
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("alertfunctions.sent", "{notification}", "Notifications that receivers took.");
    private static readonly Counter<long> Unsent = Meter.CreateCounter<long>("alertfunctions.unsent", "{notification}", "Notifications that receivers did not take; they are tried again.");
    private static readonly Counter<long> Suppressed = Meter.CreateCounter<long>("alertfunctions.suppressed", "{alert}", "Alerts that were not sent, by reason.");

    private static readonly Counter<long> Events = Meter.CreateCounter<long>("alertfunctions.events", "{event}", "Events that were handled, by function.");
    private static readonly Counter<long> DroppedEvents = Meter.CreateCounter<long>("alertfunctions.events.dropped", "{event}", "Events that could not be read and were dropped, by function.");
    private static readonly Counter<long> ScansChecked = Meter.CreateCounter<long>("alertfunctions.scans.checked", "{image}", "Pushed images whose scan was looked for.");
    private static readonly Counter<long> ScansOverdue = Meter.CreateCounter<long>("alertfunctions.scans.overdue", "{image}", "Pushed images whose deadline passed without a scan.");
    private static readonly Counter<long> ScansUnanswered = Meter.CreateCounter<long>("alertfunctions.scans.unanswered", "{question}", "Questions for evidence that a source could not answer.");

    public static ActivitySource Activities { get; } = new(Source);

    /// <summary>Beats while the app can do its work. The rule of infra/modules/monitoring.bicep fires when it stops.</summary>
    public static Counter<long> Heartbeat { get; } = Meter.CreateCounter<long>("alertfunctions.heartbeat", "{beat}", "Once a minute while the app is configured.");

    public static void Count(PlanReport plan)
    {
        Queued.Add(plan.Queued.Length);
        Delayed.Add(plan.Delayed.Length);
    }

    public static void Count(EvaluationReport evaluation)
    {
        var run = evaluation.Run;
        KeyValuePair<string, object?>[] tags = [new("detection", evaluation.Due.Detection.Id), new("workspace", evaluation.Due.Workspace?.Name)];
        Evaluations.Add(run.Evaluations, tags);
        Lag.Record(evaluation.Lag.TotalSeconds, tags);
        Add(Matched, run.Alerts > 0 ? 1 : 0);
        Add(Alerts, run.Alerts);
        Add(Gaps, run.Gaps.Count);
        Add(Failures, run.Failures.Count);
        Add(NotApplicable, run.NotApplicable.Count);

        void Add(Counter<long> counter, int count)
        {
            if (count > 0)
            {
                counter.Add(count, tags);
            }
        }
    }

    public static void Count(DispatchReport dispatch)
    {
        foreach (var notification in dispatch.Sent)
        {
            var receiver = new KeyValuePair<string, object?>("receiver", notification.Group.Receiver);
            Sent.Add(1, receiver);
            foreach (var alerts in notification.Group.Alerts.GroupBy(alert => alert.Detection, StringComparer.Ordinal))
            {
                AlertsSent.Add(alerts.Count(), receiver, new KeyValuePair<string, object?>("detection", alerts.Key));
            }
        }

        foreach (var (notification, _) in dispatch.Failed)
        {
            Unsent.Add(1, new KeyValuePair<string, object?>("receiver", notification.Group.Receiver));
        }

        foreach (var alert in dispatch.Suppressed)
        {
            Suppressed.Add(1, new KeyValuePair<string, object?>("reason", alert.Reason.ToString()));
        }
    }

    public static void Count(string function, EventReceipt receipt)
    {
        var tag = new KeyValuePair<string, object?>("function", function);
        Events.Add(receipt.Handled, tag);
        DroppedEvents.Add(receipt.Dropped.Length, tag);
    }

    public static void Count(ScanReport report)
    {
        ScansChecked.Add(report.Checked);
        ScansOverdue.Add(report.Overdue);
        ScansUnanswered.Add(report.Unanswered);
    }
}
