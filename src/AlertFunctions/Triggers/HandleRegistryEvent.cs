using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>A push or a deletion in a watched registry: keeps the set of images whose scan is waited for.</summary>
internal sealed class HandleRegistryEvent(AppServices services) : IFunction
{
    private readonly EventGridBinding _binding = new();

    public string Name => nameof(HandleRegistryEvent);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(Name, await services.Reactions.HandleAsync(Name, invocation.Events(_binding), cancellationToken));
        return FunctionResult.Done;
    }
}
