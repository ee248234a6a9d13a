using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>A role assignment of the subscription was written or deleted: raises the alert where its role is privileged.</summary>
internal sealed class HandleResourceEvent(AppServices services) : IFunction
{
    private readonly EventGridBinding _binding = new();

    public string Name => nameof(HandleResourceEvent);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(Name, await services.Reactions.HandleAsync(Name, invocation.Events(_binding), cancellationToken));
        return FunctionResult.Done;
    }
}
