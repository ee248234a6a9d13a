using AlertFunctions.Hosting;
using AlertFunctions.Telemetry;

namespace AlertFunctions.Triggers;

/// <summary>Says once a minute that the app is there and can do its work. An app that cannot falls silent, and the rule outside it fires.</summary>
internal sealed class Heartbeat(AppServices services) : IFunction
{
    public string Name => nameof(Heartbeat);

    public TriggerBinding Trigger { get; } = new TimerBinding("0 * * * * *");

    public Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Settings.ThrowIfFaulty();
        AppMetrics.Heartbeat.Add(1);
        services.FlushTelemetry();
        return Task.FromResult(FunctionResult.Done);
    }
}
