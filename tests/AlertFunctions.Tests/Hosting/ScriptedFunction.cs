using AlertFunctions.Hosting;

namespace AlertFunctions.Tests.Hosting;

/// <summary>A function that does what the test says.</summary>
internal sealed class ScriptedFunction(TriggerBinding trigger, Func<Invocation, CancellationToken, Task<FunctionResult>> run) : IFunction
{
    public string Name => "Scripted";

    public TriggerBinding Trigger { get; } = trigger;

    public Task<FunctionResult> RunAsync(Invocation invocation, CancellationToken cancellationToken) => run(invocation, cancellationToken);
}
