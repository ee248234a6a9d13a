using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>Once a minute: looks for evidence of the scans that are due, and raises and resolves the alerts about them.</summary>
internal sealed class VerifyImageScans(AppServices services) : IFunction
{
    public string Name => nameof(VerifyImageScans);

    public TriggerBinding Trigger { get; } = new TimerBinding("15 * * * * *");

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(await services.Reactions.VerifyAsync(services.Time.GetUtcNow(), cancellationToken));
        return FunctionResult.Done;
    }
}
