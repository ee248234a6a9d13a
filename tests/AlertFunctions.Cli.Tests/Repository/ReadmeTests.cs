using System.Text.RegularExpressions;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Tests.Repository;

/// <summary>What the README says to type exists, and what it points to is there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Path = System.IO.Path.Combine(Testing.Repository.Root, "README.md");

    public static TheoryData<string> AlertfnCommands => [.. ShellLines()
        .Select(line => AlertfnLine().Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups["arguments"].Value.Trim())];

    [Theory]
    [MemberData(nameof(AlertfnCommands))]
    public void Command_OfAlertfn_IsUnderstood(string arguments)
    {
        using var writer = new StringWriter();
        var screen = new Screen(writer, isTerminal: false);

        var parsed = CommandLine.Create(new CommandHost(screen, screen, TimeProvider.System))
            .Parse(System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(arguments.Replace('\'', '"')).ToArray());

        Assert.Empty(parsed.Errors);
    }

    [Fact]
    public void Command_OfTheGate_StandsOnALineOfItsOwn() => Assert.Contains("dotnet test", ShellLines());

    [Fact]
    public void Length_StaysReadable() => Assert.InRange(File.ReadAllLines(Path).Length, 20, 150);

    [Fact]
    public void Links_ToFiles_AreThere()
    {
        var missing = Link().Matches(File.ReadAllText(Path))
            .Select(match => match.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !System.IO.Path.Exists(System.IO.Path.Combine(Testing.Repository.Root, target)));

        Assert.Empty(missing);
    }

    private static IEnumerable<string> ShellLines()
    {
        var inShell = false;
        foreach (var line in File.ReadLines(Path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inShell = line is "```sh" or "```bash";
            }
            else if (inShell && line.Length > 0)
            {
                yield return line.Split(" # ")[0].TrimEnd();
            }
        }
    }

    [GeneratedRegex(@"^(alertfn|dotnet run --project src/AlertFunctions\.Cli --)\s+(?<arguments>.*)$")]
    private static partial Regex AlertfnLine();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
