using System.Diagnostics;

namespace AlertFunctions.Benchmarks.App;

/// <summary>Programs of the repository as they are deployed: native code, from the sources as they are.</summary>
internal static class PublishedProgram
{
    /// <summary>The repository that the benchmark runs in.</summary>
    /// <exception cref="InvalidOperationException">It runs in none.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>Publishes a project and gives the folder of the program.</summary>
    /// <exception cref="InvalidOperationException">It cannot be published; the reason was printed.</exception>
    public static string Publish(string project, string output)
    {
        var folder = Path.Combine(Root, output);
        using var publish = Process.Start("dotnet", ["publish", Path.Combine(Root, project), "-c", "Release", "-o", folder, "--nologo", "-v", "q"]);
        publish.WaitForExit();
        return publish.ExitCode == 0 ? folder : throw new InvalidOperationException($"{project} cannot be published.");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AlertFunctions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("This benchmark runs in a clone of the repository.");
        }

        return folder;
    }
}
