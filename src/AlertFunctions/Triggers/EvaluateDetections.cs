using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// Once a minute: queues the detections that are due over every workspace. Which are due their stored marks say, not the tick: a tick that was missed, late or
/// doubled changes nothing.
/// </summary>
internal sealed class EvaluateDetections(AppServices services) : IFunction
{
    public string Name => nameof(EvaluateDetections);

    public TriggerBinding Trigger { get; } = new TimerBinding("30 * * * * *");

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(await services.Alerting.Planner.PlanAsync(services.Time.GetUtcNow(), cancellationToken));
        return FunctionResult.Done;
    }
}
