namespace AlertFunctions.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("no command", "")]
    [InlineData("a command that does not exist", "frobnicate")]
    [InlineData("an option that does not exist", "check --colour")]
    [InlineData("an argument that is missing", "import kube-audit")]
    [InlineData("a format that does not exist", "import kube-audit x.json --output xml")]
    [InlineData("a file that does not exist", "import kube-audit no-such-file.json")]
    public async Task Run_UsageFault_ExitsTwoWithAMessageAndNoStackTrace(string why, string arguments)
    {
        var result = await Alertfn.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.True(result.ExitCode == 2, $"{why}: {result}");
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Run_Cancelled_ExitsAsAShellExpects()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.json", "{}");
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new Cli.Terminal.CommandHost(new(output, false), new(error, false), TimeProvider.System);

        var exitCode = await CommandLine.RunAsync(
            ["import", "kube-audit", file, "--out", folder.File("out")],
            host,
            new CancellationToken(canceled: true));

        Assert.Equal((130, "Cancelled."), (exitCode, error.ToString().Trim()));
    }
}
