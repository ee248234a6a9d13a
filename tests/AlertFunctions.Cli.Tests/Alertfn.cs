using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Tests;

/// <summary>What a run of alertfn left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs alertfn through its entry point, within the test's process.</summary>
internal static class Alertfn
{
    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CommandHost(new Screen(output, isTerminal: false), new Screen(error, isTerminal: false), TimeProvider.System);
        var exitCode = await CommandLine.RunAsync(args, host, TestContext.Current.CancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
