using System.Text.RegularExpressions;

namespace AlertFunctions.Cli.Tests.Repository;

public sealed partial class RepositoryTests
{
    // What the house has at its root, and the build files that work only there.
    private static readonly string[] Root =
    [
        "src", "tests", "kql", "infra", "AlertFunctions.sln", "host.json", "README.md",
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", ".funcignore", "BannedSymbols.txt", "Directory.Build.props",
        "Directory.Packages.props", "global.json",
    ];

    // What tools and people leave there and git does not take.
    private static readonly string[] Ignored = [".git", ".vs", ".idea", "out", "publish", "node_modules", "TestResults", "bin", "obj"];

    private static readonly string[] TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".json", ".jsonl", ".yaml", ".yml", ".kql", ".md", ".bicep", ".sh", ".txt", ".html", ".js", ".css", ".config", ""];

    [Fact]
    public void Root_Entries_AreOnlyThoseOfTheHouse()
    {
        var entries = Directory.EnumerateFileSystemEntries(Testing.Repository.Root).Select(path => Path.GetFileName(path)!);

        Assert.Empty(entries.Except(Root).Except(Ignored));
    }

    [Fact]
    public void Files_Text_NamesNoPackageRegistryAndNoPlaceOfOneMachine()
    {
        var found = TextFiles()
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (Path: path, Line: index + 1, Text: line)))
            .Where(line => RegistryOrMachinePath().IsMatch(line.Text))
            .Select(line => $"{Path.GetRelativePath(Testing.Repository.Root, line.Path)}:{line.Line}: {line.Text.Trim()}");

        Assert.Empty(found);
    }

    private static IEnumerable<string> TextFiles()
    {
        var skipped = new HashSet<string>(Ignored, StringComparer.Ordinal);
        var folders = new Stack<string>([Testing.Repository.Root]);
        while (folders.TryPop(out var folder))
        {
            foreach (var inner in Directory.EnumerateDirectories(folder).Where(path => !skipped.Contains(Path.GetFileName(path))))
            {
                folders.Push(inner);
            }

            // Minified libraries are others' text, kept byte for byte.
            foreach (var file in Directory.EnumerateFiles(folder)
                .Where(path => TextExtensions.Contains(Path.GetExtension(path)) && !path.EndsWith(".min.js", StringComparison.Ordinal)))
            {
                yield return file;
            }
        }
    }

    // The dots are written as [.] so that this line is not found itself.
    [GeneratedRegex(@"nuget[.]org|npmjs[.](org|com)|yarnpkg[.]com|pypi[.]org|crates[.]io|pkgs[.]dev[.]azure|(^|[\s""'(=])/(work|root|home)/")]
    private static partial Regex RegistryOrMachinePath();
}
