using AlertFunctions.Composition;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>Tells receivers what there is to tell: after something was found, and once a minute for what waits, is repeated or is tried again.</summary>
internal sealed class DeliverNotifications(AppServices services) : IFunction
{
    private readonly QueueBinding _binding = new(AzureClients.DeliveriesQueue);

    public string Name => nameof(DeliverNotifications);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(await services.Alerting.Deliveries.DeliverAsync(invocation.MessageText(_binding), cancellationToken));
        return FunctionResult.Done;
    }
}
