using System.Diagnostics;
using AlertFunctions.Kql;
using AlertFunctions.Workspace;

namespace AlertFunctions.Benchmarks;

/// <summary>How long the compiler takes for the detections of the catalogue, once it is warm.</summary>
internal static class CatalogueCompilation
{
    private const int Rounds = 30;

    /// <summary>The median time of each detection's query, in milliseconds, in ascending order.</summary>
    public static IReadOnlyList<(string Detection, double Milliseconds)> Measure(string catalogue)
    {
        var functions = Directory.EnumerateFiles(Path.Combine(catalogue, "functions"), "*.kql")
            .Select(path => new FunctionSymbol(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)));
        using var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions
        {
            SchemaFolder = Path.Combine(catalogue, "schemas"),
            Functions = [.. functions],
        });
        var queries = Directory.EnumerateFiles(Path.Combine(catalogue, "detections"), "*.kql", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileName(Path.GetDirectoryName(path)) + "/" + Path.GetFileNameWithoutExtension(path), File.ReadAllText);
        var times = queries.Keys.ToDictionary(detection => detection, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (detection, query) in queries)
            {
                var watch = Stopwatch.StartNew();
                var compiled = workspace.Compile(query, new CompileOptions { Now = PodInventory.Start });
                times[detection].Add(watch.Elapsed.TotalMilliseconds);
                if (!compiled.Succeeded)
                {
                    throw new InvalidOperationException($"{detection}: {compiled.Diagnostics[0].Message}");
                }
            }
        }

        return [.. times.Select(pair => (pair.Key, Median.Of(pair.Value))).OrderBy(pair => pair.Item2)];
    }
}
