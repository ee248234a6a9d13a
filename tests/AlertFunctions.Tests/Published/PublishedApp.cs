using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AlertFunctions.Testing;

namespace AlertFunctions.Tests.Published;

/// <summary>
/// The app as it is deployed: published with native AOT, once for the sources as they are, by the first test that needs it. Skips the test where no linker is
/// found, since the SDK alone cannot link.
/// </summary>
internal static class PublishedApp
{
    private static readonly Lazy<Task<string>> Folder = new(() => Task.Run(PublishAsync));

    private static string Output => Path.Combine(Repository.Root, "out", "app");

    /// <summary>The folder that would be zipped: the executable, host.json, the functions' folders and the catalogue.</summary>
    /// <exception cref="InvalidOperationException">dotnet publish failed; the message holds what it printed.</exception>
    public static Task<string> RequireAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The app is published for linux-x64; native AOT links on the system it is for.");
        Assert.SkipUnless(OnPath("clang") || OnPath("gcc"), "Neither clang nor gcc is installed: native AOT cannot link.");
        return Folder.Value;
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> PublishAsync()
    {
        var stamp = Path.Combine(Repository.Root, "out", "app.stamp");
        var sources = Hash();
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == sources)
        {
            return Output;
        }

        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        var start = new ProcessStartInfo(
            "dotnet", ["publish", Path.Combine(Repository.Root, "src", "AlertFunctions"), "-c", "Release", "-o", Output, "--nologo", "-v", "q", "-p:RunAnalyzers=false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Variables of the running test host would steer the build.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || key.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var publish = Process.Start(start)!;
        var error = publish.StandardError.ReadToEndAsync();
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet publish failed:\n{output}\n{await error}");
        }

        await File.WriteAllTextAsync(stamp, sources);
        return Output;
    }

    private static string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] roots = [.. new[] { "AlertFunctions", "AlertFunctions.Alerting", "AlertFunctions.AzureServices" }.Select(project => Path.Combine(Repository.Root, "src", project)), Repository.Kql];
        string[] files = ["host.json", "Directory.Build.props", "Directory.Packages.props", "global.json"];
        foreach (var path in roots.SelectMany(Sources).Concat(files.Select(file => Path.Combine(Repository.Root, file))).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
