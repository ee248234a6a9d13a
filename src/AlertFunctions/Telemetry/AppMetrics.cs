using System.Diagnostics;
using System.Diagnostics.Metrics;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.EventGrid;

namespace AlertFunctions.Telemetry;

/// <summary>The app's own instruments. No value of a card, a row or an address is in them.</summary>
internal static class AppMetrics
{
    /// <summary>The name under which the app's instruments and activities are collected.</summary>
    public const string Source = "AlertFunctions";

    private static readonly Meter Meter = new(Source);
    private static readonly Counter<long> Evaluations = Meter.CreateCounter<long>("alertfunctions.evaluations", "{query}", "Queries of detections that ran.");
    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>("alertfunctions.alerts", "{alert}", "Alerts that evaluations gave, those known already included.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("alertfunctions.failures", "{detection}", "Detections that could not be evaluated.");
    private static readonly Counter<long> Gaps = Meter.CreateCounter<long>("alertfunctions.gaps", "{gap}", "Stretches of time that were evaluated late.");
    private static readonly Counter<long> Delayed = Meter.CreateCounter<long>("alertfunctions.delayed", "{detection}", "Due detections that the budget of queries had no room for.");
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

    public static void Count(RunReport run, DispatchReport dispatch)
    {
        Evaluations.Add(run.Evaluations);
        Alerts.Add(run.Alerts);
        Gaps.Add(run.Gaps.Count);
        Delayed.Add(run.Delayed.Count);
        foreach (var failure in run.Failures)
        {
            Failures.Add(1, new KeyValuePair<string, object?>("detection", failure.Detection));
        }

        foreach (var notification in dispatch.Sent)
        {
            Sent.Add(1, new KeyValuePair<string, object?>("receiver", notification.Group.Receiver));
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
