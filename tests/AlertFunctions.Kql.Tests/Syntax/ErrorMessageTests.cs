using AlertFunctions.Kql.Syntax;
using AlertFunctions.Testing;

namespace AlertFunctions.Kql.Tests.Syntax;

/// <summary>What people read when a query is wrong, as text: <c>Golden/Errors/{case}/query.kql</c> gives <c>expected.txt</c>.</summary>
public sealed class ErrorMessageTests
{
    private static readonly string Folder =
        Path.Combine(Repository.Root, "tests", "AlertFunctions.Kql.Tests", "Golden", "Errors");

    public static TheoryData<string> Cases { get; } =
        [.. Directory.GetDirectories(Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Format_FaultyQuery_ShowsPlaceAndHint(string name)
    {
        var expectedFile = Path.Combine(Folder, name, "expected.txt");
        var tree = KqlParser.Parse(File.ReadAllText(Path.Combine(Folder, name, "query.kql")));
        var actual = DiagnosticFormatter.Format("query.kql", tree.Text, tree.Diagnostics);

        // The new text is read by a person before it is committed.
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(expectedFile, actual);
        }

        Assert.Equal(File.ReadAllText(expectedFile), actual);
    }
}
