using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.Telemetry;

namespace AlertFunctions;

internal sealed partial class AppServices
{
    private const int MostFaultsLogged = 20;

    /// <summary>Counts what a delivery of Event Grid came to, and logs each event that was dropped.</summary>
    public void Report(string function, EventReceipt receipt)
    {
        AppMetrics.Count(function, receipt);
        if (Log is null)
        {
            return;
        }

        foreach (var fault in receipt.Dropped.Take(MostFaultsLogged))
        {
            EventDropped(Log, function, Line(fault.Id), Line(fault.Detail));
        }
    }

    /// <summary>Counts what a look for scans came to, and logs it where there was something to do.</summary>
    public void Report(ScanReport? report)
    {
        if (report is null)
        {
            return;
        }

        AppMetrics.Count(report);
        if (Log is not null && (report.Checked > 0 || report.Candidates > 0))
        {
            ScansVerified(Log, report.Checked, report.Scanned, report.Overdue, report.Unanswered, report.Candidates);
        }
    }

    /// <summary>Outside text must not look like a line of the log.</summary>
    private static string Line(string text) => text.ReplaceLineEndings(" ");

    [LoggerMessage(20, LogLevel.Warning, "{Function} dropped the event {Id}, which would be the same if it came again: {Detail}")]
    private static partial void EventDropped(ILogger log, string function, string id, string detail);

    [LoggerMessage(21, LogLevel.Information, "Scans of {Checked} images looked for: {Scanned} scanned, {Overdue} overdue, {Unanswered} questions unanswered; {Candidates} images known from the log only")]
    private static partial void ScansVerified(ILogger log, int @checked, int scanned, int overdue, int unanswered, int candidates);
}
