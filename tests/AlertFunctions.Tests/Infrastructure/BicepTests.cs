using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using AlertFunctions.Settings;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Infrastructure;

/// <summary>The deployment compiles without a warning, and names what the app names.</summary>
public sealed class BicepTests
{
    private static readonly Lazy<Task<(int ExitCode, string Template, string Messages)>> Compiled = new(CompileAsync);

    private static string Infra => Path.Combine(Repository.Root, "infra");

    [Fact]
    public async Task Deployment_Compiles_WithoutAWarning()
    {
        SkipElsewhere();

        var (exitCode, _, messages) = await Compiled.Value;

        // What bicep cannot check it warns of, and ends with 0. Its messages cover the modules too.
        Assert.Equal((0, ""), (exitCode, messages.Trim()));
    }

    [Fact]
    public void Modules_OnFile_AreAllPartOfTheDeployment()
    {
        var main = File.ReadAllText(Path.Combine(Infra, "main.bicep"));

        var modules = Directory.EnumerateFiles(Path.Combine(Infra, "modules")).Select(path => $"'modules/{Path.GetFileName(path)}'");

        Assert.All(modules, module => Assert.Contains(module, main, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_OfTheDeployment_AreThoseThatTheAppKnowsAndTheReadmeDescribes()
    {
        SkipElsewhere();
        var readme = await File.ReadAllTextAsync(Path.Combine(Infra, "README.md"), TestContext.Current.CancellationToken);

        var names = Names((await Compiled.Value).Template).Select(name => name.Split("__")[1]).Distinct().ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, SettingsReader.KnownNames));
        Assert.All(SettingsReader.KnownNames, name => Assert.Contains($"`AlertFunctions__{name}", readme, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(string template) => template.Split('\'', '"')
        .Where(text => text.StartsWith("AlertFunctions__", StringComparison.Ordinal));

    private static void SkipElsewhere() => Assert.SkipUnless(
        OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "The bicep binary of the package is for linux-x64.");

    private static async Task<(int ExitCode, string Template, string Messages)> CompileAsync()
    {
        var bicep = typeof(BicepTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value!;
        var start = new ProcessStartInfo(bicep, ["build", Path.Combine(Infra, "main.bicep"), "--stdout"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var process = Process.Start(start)!;
        var messages = process.StandardError.ReadToEndAsync();
        var template = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, template, await messages);
    }
}
