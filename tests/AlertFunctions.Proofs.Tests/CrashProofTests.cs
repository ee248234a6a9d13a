using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Crash;
using AlertFunctions.Testing;

namespace AlertFunctions.Proofs.Tests;

public sealed class CrashProofTests(Azurite azurite, ITestOutputHelper output)
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

    [Fact]
    public async Task Tables_ProcessKilledAnywhere_LosesNothingAndRepeatsOnlyWhatWasInFlight()
    {
        await NodeModules.RequireAsync();
        var report = await CrashCommand.AzuriteAsync(
            azurite, CrashCommand.Short with { Sample = 6 }, new Progress<Step>(), TestContext.Current.CancellationToken);

        output.WriteLine($"{report}");
        Assert.Empty(report.Wrong);
        Assert.Equal(6, report.Points);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Queue_ProcessKilledAnywhere_LosesNothingAndRepeatsOnlyWhatWasInFlight(bool isAzure)
    {
        if (isAzure)
        {
            await NodeModules.RequireAsync();
        }

        var report = isAzure
            ? await CrashCommand.AzuriteQueueAsync(azurite, 4, new Progress<Step>(), TestContext.Current.CancellationToken)
            : await CrashCommand.SqliteQueueAsync(4, new Progress<Step>(), TestContext.Current.CancellationToken);

        output.WriteLine($"{report}");
        Assert.Empty(report.Wrong);
        Assert.Equal(4, report.Points);
    }
}
