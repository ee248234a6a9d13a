using AlertFunctions.Alerting.Detections;
using AlertFunctions.Testing;
using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Detections.Tests;

/// <summary>The repository's own catalogue, read once.</summary>
internal static class Corpus
{
    private static readonly Lazy<DetectionCatalogue> Loaded = new(() => DetectionLoader.Load(Repository.Kql));

    public static DetectionCatalogue Catalogue => Loaded.Value;

    public static string? SchemaFolder { get; } =
        Path.Combine(Repository.Kql, "schemas") is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The ids on disk, so that a detection that does not load fails its tests and is not passed over.</summary>
    public static IEnumerable<string> Ids { get; } = FindIds();

    public static TheoryData<string> Detections => [.. Ids];

    public static string PathOf(string id, string extension) =>
        Path.Combine([Repository.Kql, "detections", .. id.Split('/')]) + extension;

    public static Detection Detection(string id)
    {
        var detection = Catalogue.Detections.FirstOrDefault(d => d.Id == id);
        Assert.True(detection is not null, $"{id} does not load:\n{string.Join('\n', Catalogue.Diagnostics)}");
        return detection;
    }

    public static Task<DetectionTestFile> TestsOfAsync(string id) =>
        DetectionTestReader.ReadAsync(Detection(id), TestContext.Current.CancellationToken);

    private static string[] FindIds()
    {
        var root = Path.Combine(Repository.Kql, "detections");
        return [.. Directory.EnumerateFiles(root, "*.yaml", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".tests.yaml", StringComparison.Ordinal))
            .Select(path => Path.ChangeExtension(Path.GetRelativePath(root, path), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
    }
}
