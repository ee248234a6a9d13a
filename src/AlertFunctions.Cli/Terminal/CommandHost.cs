namespace AlertFunctions.Cli.Terminal;

/// <summary>What a command may use of the process that it runs in: where its results and its messages go, and the time.</summary>
internal sealed class CommandHost(Screen output, Screen error, TimeProvider clock)
{
    /// <summary>Results, and nothing else: what a pipe receives.</summary>
    public Screen Output { get; } = output;

    /// <summary>Progress, notes and faults.</summary>
    public Screen Error { get; } = error;

    public TimeProvider Clock { get; } = clock;

    public static CommandHost ForProcess() => new(
        new Screen(Console.Out, isTerminal: !Console.IsOutputRedirected),
        new Screen(Console.Error, isTerminal: !Console.IsErrorRedirected),
        TimeProvider.System);
}
