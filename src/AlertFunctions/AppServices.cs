using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.Work;
using AlertFunctions.Composition;
using AlertFunctions.Settings;
using AlertFunctions.Telemetry;

namespace AlertFunctions;

/// <summary>What the functions share. Nothing of it is made before a function asks: the start of the process is on the way of every cold call.</summary>
internal sealed partial class AppServices : IDisposable
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
            return AlertingService.Create(settings, _catalogue.Value, time);
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

    public void Dispose()
    {
        if (_alerting.IsValueCreated)
        {
            _alerting.Value.Dispose();
        }
    }

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

    /// <summary>Sends the telemetry that was gathered; the process may be killed at any time after a call.</summary>
    public Action FlushTelemetry { get; init; } = () => { };

    /// <summary>Counts and logs what a tick queued.</summary>
    public void Report(PlanReport plan)
    {
        AppMetrics.Count(plan);
        if (Log is not null)
        {
            Planned(Log, plan.Queued.Length, plan.Waiting, plan.Delayed.Length, plan.GivenUp);
        }
    }

    /// <summary>Counts what an evaluation came to, and logs what failed.</summary>
    public void Report(EvaluationReport? evaluation)
    {
        if (evaluation is null)
        {
            return;
        }

        AppMetrics.Count(evaluation);
        foreach (var failure in Log is null ? [] : evaluation.Run.Failures)
        {
            NotEvaluated(Log!, failure.Detection, failure.Workspace, failure.Detail);
        }
    }

    /// <summary>Counts what a delivery came to, and logs each notification that was not taken.</summary>
    public void Report(DispatchReport? dispatch)
    {
        if (dispatch is null)
        {
            return;
        }

        AppMetrics.Count(dispatch);
        if (Log is null)
        {
            return;
        }

        Delivered(Log, dispatch.Sent.Count, dispatch.Failed.Count, dispatch.Suppressed.Count);
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

    [LoggerMessage(10, LogLevel.Information, "{Queued} detections queued, {Waiting} queued before, {Delayed} delayed for want of room; {GivenUp} messages lie given up")]
    private static partial void Planned(ILogger log, int queued, int waiting, int delayed, int givenUp);

    [LoggerMessage(13, LogLevel.Information, "{Change}: {Rule} for {Detection}")]
    private static partial void RuleChanged(ILogger log, string change, string rule, string detection);

    [LoggerMessage(11, LogLevel.Warning, "{Detection} could not be evaluated over {Workspace}: {Detail}")]
    private static partial void NotEvaluated(ILogger log, string detection, string? workspace, string detail);

    [LoggerMessage(14, LogLevel.Information, "{Sent} notifications sent, {Failed} not taken, {Suppressed} alerts kept back")]
    private static partial void Delivered(ILogger log, int sent, int failed, int suppressed);

    [LoggerMessage(12, LogLevel.Warning, "A notification to {Receiver} was not taken: {Detail}")]
    private static partial void NotSent(ILogger log, string receiver, string detail);
}
