using System.Xml.Linq;

namespace AlertFunctions.Cli.Tests.Repository;

/// <summary>Who may use whom, as the design lays it down: an arrow that is not in the table does not get in unseen.</summary>
public sealed class ProjectReferencesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["AlertFunctions"] = ["AlertFunctions.Alerting", "AlertFunctions.AzureServices"],
        ["AlertFunctions.Alerting"] = [],
        ["AlertFunctions.AzureServices"] = ["AlertFunctions.Alerting"],
        ["AlertFunctions.Kql"] = [],
        ["AlertFunctions.Workspace"] = ["AlertFunctions.Kql", "AlertFunctions.Alerting"],
        ["AlertFunctions.Cli"] =
        [
            "AlertFunctions.Kql", "AlertFunctions.Alerting", "AlertFunctions.Workspace", "AlertFunctions.AzureServices", "AlertFunctions",
        ],
    };

    // The deployed app ships no database engine, and the compiler nothing at all.
    private static readonly Dictionary<string, string[]> ForbiddenPackages = new()
    {
        ["AlertFunctions"] = ["DuckDB", "Sqlite", "Spectre", "System.CommandLine"],
        ["AlertFunctions.Alerting"] = ["DuckDB", "Sqlite", "Azure."],
        ["AlertFunctions.AzureServices"] = ["DuckDB", "Sqlite"],
        ["AlertFunctions.Kql"] = [""],
    };

    public static TheoryData<string> Projects => [.. SourceProjects()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_FollowTheDesign(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} has no place in the design.");
        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

        Assert.Empty(references.Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Packages_LeaveOutWhatTheDesignForbids(string project)
    {
        var packages = Items(project, "PackageReference");

        Assert.DoesNotContain(packages, package =>
            ForbiddenPackages.GetValueOrDefault(project, []).Any(part => package.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Solution_Projects_AreAllThoseOnDisk()
    {
        var solution = File.ReadAllText(Path.Combine(Testing.Repository.Root, "AlertFunctions.sln"));

        var missing = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Testing.Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetFileName(path))
            .Where(file => !solution.Contains($"\\{file}\"", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private static IEnumerable<string> SourceProjects() => Directory
        .EnumerateDirectories(Path.Combine(Testing.Repository.Root, "src"))
        .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
        .Select(folder => Path.GetFileName(folder))
        .Order(StringComparer.Ordinal);

    private static List<string> Items(string project, string kind) =>
        [.. XDocument.Load(Path.Combine(Testing.Repository.Root, "src", project, project + ".csproj"))
            .Descendants(kind)
            .Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'))];
}
