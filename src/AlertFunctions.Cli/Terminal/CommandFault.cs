namespace AlertFunctions.Cli.Terminal;

/// <summary>Ends a command for a reason that its caller can mend: the message says what is wrong and what to do.</summary>
internal sealed class CommandFault(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
