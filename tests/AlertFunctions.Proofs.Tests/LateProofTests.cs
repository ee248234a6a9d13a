using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Late;

namespace AlertFunctions.Proofs.Tests;

public sealed class LateProofTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Events_LateByUpToAnHour_AlertExactlyOnce()
    {
        var report = await LateProof.RunAsync(LateCommand.Short, new Progress<Step>(), TestContext.Current.CancellationToken);

        output.WriteLine(string.Join('\n', report.Columns));
        Assert.True(report.Holds, $"{report.Columns[0]}");
        Assert.All(report.Columns.Skip(1), column => Assert.True(column.Missed > 0, "The records are not late enough to prove anything."));
    }
}
