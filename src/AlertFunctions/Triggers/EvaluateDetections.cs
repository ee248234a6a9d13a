using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// Once a minute: runs the detections that are due over every workspace and tells receivers what they are to be told. Which are due their stored marks say,
/// not the tick: a tick that was missed, late or doubled changes nothing.
/// </summary>
internal sealed class EvaluateDetections(AppServices services) : IFunction
{
    public string Name => nameof(EvaluateDetections);

    public TriggerBinding Trigger { get; } = new TimerBinding("30 * * * * *");

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var (run, dispatch) = await services.Alerting.TickAsync(services.Time.GetUtcNow(), cancellationToken);
        services.Report(run, dispatch);
        return FunctionResult.Done;
    }
}
