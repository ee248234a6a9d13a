using System.CommandLine;
using System.CommandLine.Invocation;
using AlertFunctions.Alerting.State;
using AlertFunctions.Cli.Commands;
using AlertFunctions.Cli.Commands.Rules;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli;

/// <summary>The commands of <c>alertfn</c>, and the one place where what goes wrong becomes a message and an exit code.</summary>
internal static class CommandLine
{
    public static RootCommand Create(CommandHost host) => new("Detections over Azure container platforms: run, test and check them on this machine.")
    {
        SharedOptions.Kql,
        RunCommand.Create(host),
        AlertsCommand.Create(host),
        SilenceCommand.Create(host),
        RoutesCommand.Create(host),
        TestCommand.Create(host),
        CheckCommand.Create(host),
        QueryCommand.Create(host),
        WorkspaceCommand.Create(host),
        ImportCommand.Create(host),
        PackageCommand.Create(host),
        RulesCommand.Create(host),
    };

    public static Task<int> RunAsync(string[] args, CommandHost host, CancellationToken cancellationToken) =>
        RunAsync(Create(host), args, host, cancellationToken);

    /// <summary>Runs one of a program's commands; what goes wrong becomes a message and an exit code.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, CommandHost host, CancellationToken cancellationToken)
    {
        var result = root.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors)
            {
                host.Error.WriteLine($"error: {error.Message}");
            }

            host.Error.WriteLine($"See {Name(result)} --help.");
            return ExitCode.Usage;
        }

        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            return await result.InvokeAsync(configuration, cancellationToken);
        }
        catch (CommandFault fault)
        {
            host.Error.WriteLine($"error: {fault.Message}");
            return fault.ExitCode;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            host.Error.WriteLine($"error: {fault.Message}");
            return ExitCode.Failed;
        }
        catch (StateUnavailableException fault)
        {
            host.Error.WriteLine($"error: {fault.Message} Another alertfn may be using it; `alertfn run --fresh` begins anew.");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            host.Error.WriteLine("Cancelled.");
            return ExitCode.Cancelled;
        }
    }

    private static string Name(ParseResult result)
    {
        var names = new List<string>();
        for (var command = result.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, command.Command is RootCommand ? "alertfn" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
