using AlertFunctions.Cli;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs;
using AlertFunctions.Proofs.Crash;

if (args is [CrashArguments.Command, ..])
{
    await CrashProcess.RunAsync(CrashArguments.Parse(args));
    return ExitCode.Clean;
}

if (args is [QueueProcess.Command, ..])
{
    await QueueProcess.RunAsync(args);
    return ExitCode.Clean;
}

var host = CommandHost.ForProcess();
return await CommandLine.RunAsync(ProofCommandLine.Create(host), args, host, CancellationToken.None);
