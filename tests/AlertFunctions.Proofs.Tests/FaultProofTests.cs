using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Fault;
using AlertFunctions.Testing;

[assembly: AssemblyFixture(typeof(Azurite))]

namespace AlertFunctions.Proofs.Tests;

public sealed class FaultProofTests(Azurite azurite, ITestOutputHelper output)
{
    [Fact]
    public async Task EverythingFailingAtRandom_IsToldInTheEndAndOnlyWhatWasInFlightAgain()
    {
        await NodeModules.RequireAsync();
        var report = await FaultCommand.ProveAsync(azurite, FaultCommand.Short, new Progress<Step>(), TestContext.Current.CancellationToken);

        output.WriteLine($"{string.Join('\n', report.Services)}\n{string.Join('\n', report.Deliveries)}\nlate at the other: {report.LateAtTheOther}");
        Assert.True(report.Holds, $"{string.Join('\n', report.Deliveries)}, late at the other {report.LateAtTheOther}");
        Assert.All(report.Services, line => Assert.True(line.Faults > 5, $"The {line.Service} hardly failed."));
    }
}
