using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Detections.Tests;

/// <summary>Every test of every detection's <c>.tests.yaml</c>, each as a test of its own.</summary>
public sealed class DetectionCaseTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var detection in Corpus.Catalogue.Detections.Where(d => d.TestsPath is not null))
            {
                var file = DetectionTestReader.Read(detection, detection.TestsPath!, File.ReadAllText(detection.TestsPath!));
                foreach (var test in file.Tests)
                {
                    cases.Add(detection.Id, test.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Detection_Records_GiveTheExpectedAlerts(string id, string name)
    {
        var detection = Corpus.Detection(id);
        var test = (await Corpus.TestsOfAsync(id)).Tests.Single(t => t.Name == name);
        var runner = new DetectionTestRunner(Corpus.Catalogue, Corpus.SchemaFolder);

        var result = await runner.RunAsync(detection, test, TestContext.Current.CancellationToken);

        Assert.True(result.Passed, result.ToString());
    }
}
