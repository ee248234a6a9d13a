using AlertFunctions.Testing;
using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Detections.Tests;

/// <summary>What kql/README.md shows is true.</summary>
public sealed class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Kql, "README.md"));

    [Fact]
    public async Task Readme_ExampleOfTests_Passes()
    {
        var start = Text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var example = Text[start..Text.IndexOf("```", start, StringComparison.Ordinal)];
        var detection = Corpus.Detection("aks/cluster-role-bound");
        var file = DetectionTestReader.Read(detection, "README.md", example);

        Assert.Empty(file.Diagnostics);
        var result = await new DetectionTestRunner(Corpus.Catalogue, Corpus.SchemaFolder)
            .RunAsync(detection, Assert.Single(file.Tests), TestContext.Current.CancellationToken);
        Assert.True(result.Passed, result.ToString());
    }

    [Fact]
    public void Readme_LinkedFiles_Exist()
    {
        var links = System.Text.RegularExpressions.Regex.Matches(Text, @"\]\((?!https)([^)]+)\)").Select(m => m.Groups[1].Value).ToArray();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Repository.Kql, link)), link));
    }
}
