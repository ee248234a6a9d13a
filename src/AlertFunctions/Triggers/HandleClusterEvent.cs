using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>Azure says something of a cluster: the end of its version's support, a new version, the rolling of a node pool, maintenance.</summary>
internal sealed class HandleClusterEvent(AppServices services) : IFunction
{
    private readonly EventGridBinding _binding = new();

    public string Name => nameof(HandleClusterEvent);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(Name, await services.Reactions.HandleAsync(Name, invocation.Events(_binding), cancellationToken));
        return FunctionResult.Done;
    }
}
