using AlertFunctions.Cli.Terminal;
using AlertFunctions.Proofs.Throughput;

namespace AlertFunctions.Proofs.Tests;

public sealed class ThroughputProofTests(ITestOutputHelper output)
{
    // Enough alerts for packs that are full; how fast it goes is measured, not tested.
    private const int Alerts = 5_000;
    private const int BytesOfState = 300;

    [Fact]
    public async Task Passes_TellOnceAndKeepLittle()
    {
        var report = await ThroughputCommand.SqliteAsync(Alerts, new Progress<Step>(), TestContext.Current.CancellationToken);

        output.WriteLine(string.Join('\n', report.Passes));
        Assert.Empty(report.Wrong);
        Assert.All(report.Passes, pass => Assert.InRange(pass.StateBytes / pass.Alerts, 1, BytesOfState));
    }
}
