namespace AlertFunctions.Testing;

/// <summary>The places of the repository that tests read, found from the folder of the test assembly upwards.</summary>
public static class Repository
{
    /// <summary>The folder that holds AlertFunctions.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The catalogue: detections, functions, schemas and routes.</summary>
    public static string Kql => Path.Combine(Root, "kql");

    /// <summary>
    /// A path below the folder of shared references that lies beside the repository on developers' machines and in CI.
    /// A user's clone does not have it: a test that needs it calls Assert.SkipUnless on the file's existence.
    /// </summary>
    public static string Shared(params string[] parts) => Path.Combine([Root, "..", "shared", .. parts]);

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AlertFunctions.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds AlertFunctions.sln.");
    }
}
