using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>
/// Every ten minutes: makes the alert rules of Azure Monitor what the catalogue says, where the app manages rules. What cannot be done fails the call, with
/// every reason, and is tried again by the next.
/// </summary>
internal sealed class SyncAlertRules(AppServices services) : IFunction
{
    public string Name => nameof(SyncAlertRules);

    public TriggerBinding Trigger { get; } = new TimerBinding("0 */10 * * * *");

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        await services.SyncAlertRulesAsync(cancellationToken);
        return FunctionResult.Done;
    }
}
