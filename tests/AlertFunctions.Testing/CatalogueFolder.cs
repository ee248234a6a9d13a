namespace AlertFunctions.Testing;

/// <summary>A catalogue in a folder of its own, which is gone with the test.</summary>
public sealed class CatalogueFolder : IDisposable
{
    public CatalogueFolder() => Path = Directory.CreateTempSubdirectory("alertfn-catalogue-").FullName;

    public string Path { get; }

    /// <summary>A detection that has nothing wrong with it, but for what a test replaces.</summary>
    public static string Detection(string id, string? query = "Heartbeat | where TimeGenerated > ago(1h)") =>
        $"""
        id: {id}
        name: A computer is here
        description: Something was seen.
        severity: Medium
        queryFrequency: 5m
        queryPeriod: 1h
        {(query is null ? "" : $"query: {query}")}
        alertFunctions:
          signal: event
          identity: [Computer]
          runbook: Look at it.

        """;

    /// <summary>Writes a file; the path is relative to the catalogue, with slashes.</summary>
    public CatalogueFolder With(string path, string content)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return this;
    }

    /// <summary>Writes a detection and an empty file of tests for it.</summary>
    public CatalogueFolder WithDetection(string id, string yaml) =>
        With($"detections/{id}.yaml", yaml).With($"detections/{id}.tests.yaml", "tests: []\n");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
