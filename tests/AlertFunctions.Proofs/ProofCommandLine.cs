using System.CommandLine;
using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Crash;
using AlertFunctions.Proofs.Fault;
using AlertFunctions.Proofs.Late;
using AlertFunctions.Proofs.Throughput;

namespace AlertFunctions.Proofs;

/// <summary>The proofs as commands.</summary>
internal static class ProofCommandLine
{
    public static RootCommand Create(CommandHost host) => new("Proofs of the life of an alert. Exit codes: 0 proven, 1 disproven, 2 not understood.")
    {
        CrashCommand.Create(host),
        LateCommand.Create(host),
        FaultCommand.Create(host),
        ThroughputCommand.Create(host),
    };

    /// <summary>The option that every proof has.</summary>
    public static Option<bool> Short() => new("--short") { Description = "A smaller run of under a minute, as the tests do it." };
}
