using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Crash;

namespace AlertFunctions.Proofs.Tests;

public sealed class CrashProofTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Sqlite_ProcessKilledAnywhere_LosesNothingAndRepeatsOnlyWhatWasInFlight()
    {
        var report = await CrashCommand.SqliteAsync(CrashCommand.Short, new Progress<Step>(), TestContext.Current.CancellationToken);

        output.WriteLine($"{report}");
        Assert.Empty(report.Wrong);
        Assert.Equal(CrashCommand.Short.Sample, report.Points);
        Assert.True(report.Repeated > 0, "No kill fell between a delivery and its record, so the test cannot fail.");
    }
}
