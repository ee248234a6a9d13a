using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Composition;
using AlertFunctions.Settings;

namespace AlertFunctions;

/// <summary>What the functions share. Nothing of it is made before a function asks: the start of the process is on the way of every cold call.</summary>
internal sealed partial class AppServices
{
    private readonly Lazy<DetectionCatalogue> _catalogue;
    private readonly Lazy<AlertingService> _alerting;
    private readonly Lazy<ReactionService> _reactions;

    public AppServices(AppSettings settings, TimeProvider time)
    {
        Settings = settings;
        Time = time;
        _catalogue = new Lazy<DetectionCatalogue>(() => DetectionLoader.Load(settings.Catalogue));
        _alerting = new Lazy<AlertingService>(() =>
        {
            settings.ThrowIfFaulty();
            return new AlertingService(settings, _catalogue.Value, time);
        });
        _reactions = new Lazy<ReactionService>(() =>
        {
            settings.ThrowIfFaulty();
            return new ReactionService(settings, _catalogue.Value, time);
        });
    }

    public AppSettings Settings { get; }

    public TimeProvider Time { get; }

    public ILogger? Log { get; init; }

    /// <summary>The catalogue that came with the package, read once.</summary>
    public DetectionCatalogue Catalogue => _catalogue.Value;

    /// <summary>The life of alerts, made once.</summary>
    /// <exception cref="InvalidOperationException">The app is not configured; the message says all that is missing.</exception>
    public AlertingService Alerting => _alerting.Value;

    /// <summary>Makes Azure Monitor's rules what the catalogue says; does nothing where the app does not manage rules.</summary>
    /// <exception cref="InvalidOperationException">The app is not configured, or something could not be done; the message holds every reason.</exception>
    public async Task SyncAlertRulesAsync(CancellationToken cancellationToken)
    {
        Settings.ThrowIfFaulty();
        if (!Settings.ManageAlertRules)
        {
            return;
        }

        foreach (var step in await AlertRuleService.SyncAsync(Settings, Catalogue, Time, cancellationToken))
        {
            if (Log is not null)
            {
                RuleChanged(Log, step.GetType().Name, step.Name, step.Detection);
            }
        }
    }

    /// <summary>What reacts to events, made once.</summary>
    /// <exception cref="InvalidOperationException">The app is not configured; the message says all that is missing.</exception>
    public ReactionService Reactions => _reactions.Value;

    /// <summary>Sends what the meters have gathered; the process may be killed at any time after a call.</summary>
    public Action FlushMetrics { get; init; } = () => { };

    /// <summary>Logs what a tick came to: a line for it, and one for each thing that failed.</summary>
    public void Report(RunReport run, DispatchReport dispatch)
    {
        if (Log is null)
        {
            return;
        }

        Ticked(Log, run.Evaluations, run.Alerts, run.Gaps.Count, run.Delayed.Count, dispatch.Sent.Count, dispatch.Suppressed.Count);
        foreach (var failure in run.Failures)
        {
            NotEvaluated(Log, failure.Detection, failure.Workspace, failure.Detail);
        }

        foreach (var (notification, result) in dispatch.Failed)
        {
            NotSent(Log, notification.Group.Receiver, result switch
            {
                Retry retry => retry.Detail,
                Failed failed => failed.Detail,
                _ => result.GetType().Name,
            });
        }
    }

    [LoggerMessage(10, LogLevel.Information, "{Evaluations} evaluations gave {Alerts} alerts; {Gaps} gaps filled, {Delayed} delayed; {Sent} notifications sent, {Suppressed} suppressed")]
    private static partial void Ticked(ILogger log, int evaluations, int alerts, int gaps, int delayed, int sent, int suppressed);

    [LoggerMessage(13, LogLevel.Information, "{Change}: {Rule} for {Detection}")]
    private static partial void RuleChanged(ILogger log, string change, string rule, string detection);

    [LoggerMessage(11, LogLevel.Warning, "{Detection} could not be evaluated over {Workspace}: {Detail}")]
    private static partial void NotEvaluated(ILogger log, string detection, string? workspace, string detail);

    [LoggerMessage(12, LogLevel.Warning, "A notification to {Receiver} was not taken: {Detail}")]
    private static partial void NotSent(ILogger log, string receiver, string detail);
}
