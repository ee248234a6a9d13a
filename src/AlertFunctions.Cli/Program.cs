using AlertFunctions.Cli;
using AlertFunctions.Cli.Terminal;

return await CommandLine.RunAsync(args, CommandHost.ForProcess(), CancellationToken.None);
