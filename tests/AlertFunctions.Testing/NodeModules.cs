using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace AlertFunctions.Testing;

/// <summary>
/// The npm packages of tests/node/package.json (Azurite, Microsoft's KQL parser, the official query client), installed once per clone by the first
/// test that needs them. Tests are skipped only where Node itself is absent.
/// </summary>
public static class NodeModules
{
    private static readonly Lazy<Task<string>> Installed = new(() => Task.Run(Install));

    /// <summary>Whether there is a Node to run them with.</summary>
    public static bool IsNodeInstalled => OnPath("node") && OnPath("npm");

    private static string Folder => Path.Combine(Repository.Root, "tests", "node");

    /// <summary>Skips the running test where Node is absent; otherwise gives the node_modules folder.</summary>
    /// <exception cref="InvalidOperationException">npm failed; the message holds what it printed.</exception>
    public static Task<string> RequireAsync()
    {
        Assert.SkipUnless(IsNodeInstalled, "Node is not installed: this test runs a server or client from npm.");
        return Installed.Value;
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    private static string Install()
    {
        var modules = Path.Combine(Folder, "node_modules");
        var stamp = Path.Combine(modules, ".installed-from");
        var wanted = File.ReadAllText(Path.Combine(Folder, "package-lock.json"));

        // Test assemblies run as processes of their own: one installs, the others wait for it.
        using var turn = new Mutex(initiallyOwned: false, $"alertfn-npm-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..16]}");
        try
        {
            turn.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // The process that was installing died; this one installs anew.
        }

        try
        {
            return InstallOnce(modules, stamp, wanted);
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    private static string InstallOnce(string modules, string stamp, string wanted)
    {
        if (File.Exists(stamp) && File.ReadAllText(stamp) == wanted)
        {
            return modules;
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--omit=optional", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = npm.StandardError.ReadToEndAsync();
        var output = npm.StandardOutput.ReadToEnd();
        npm.WaitForExit();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci failed in tests/node:\n{output}\n{error.Result}");
        }

        File.WriteAllText(stamp, wanted);
        return modules;
    }
}
