using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using AlertFunctions.Settings;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Infrastructure;

/// <summary>The deployment compiles without a warning, and names what the app names.</summary>
public sealed class BicepTests
{
    public static TheoryData<string> Files => [.. Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "infra"), "*.bicep", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Repository.Root, path))
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task File_Compiles_WithoutAWarning(string file)
    {
        var (exitCode, _, messages) = await CompileAsync(file);

        // What bicep cannot check it warns of, and ends with 0.
        Assert.Equal((0, ""), (exitCode, messages.Trim()));
    }

    [Fact]
    public async Task Settings_OfTheDeployment_AreThoseThatTheAppKnows()
    {
        var (_, template, _) = await CompileAsync(Path.Combine("infra", "main.bicep"));

        var known = SettingsReader.KnownNames;

        Assert.All(
            Names(template).Select(name => name.Split("__")[1]),
            name => Assert.Contains(name, known));
    }

    private static IEnumerable<string> Names(string template) => template.Split('\'', '"')
        .Where(text => text.StartsWith("AlertFunctions__", StringComparison.Ordinal));

    private static async Task<(int ExitCode, string Template, string Messages)> CompileAsync(string file)
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "The bicep binary of the package is for linux-x64.");
        var bicep = typeof(BicepTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Bicep").Value!;
        var start = new ProcessStartInfo(bicep, ["build", Path.Combine(Repository.Root, file), "--stdout"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var process = Process.Start(start)!;
        var messages = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var template = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, template, await messages);
    }
}
