using AlertFunctions.Composition;
using AlertFunctions.Hosting;

namespace AlertFunctions.Triggers;

/// <summary>Evaluates one detection over one workspace. The host calls it for several messages at a time; queries keep to the identity's limits among them.</summary>
internal sealed class EvaluateDetection(AppServices services) : IFunction
{
    private readonly QueueBinding _binding = new(AzureClients.EvaluationsQueue);

    public string Name => nameof(EvaluateDetection);

    public TriggerBinding Trigger => _binding;

    public async Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        services.Report(await services.Alerting.Detections.EvaluateAsync(invocation.MessageText(_binding), cancellationToken));
        return FunctionResult.Done;
    }
}
