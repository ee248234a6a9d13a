using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Tests.Terminal;

public sealed class ScreenTests
{
    [Theory]
    [InlineData("plain text, umlauts äöü, \U0001F600", "plain text, umlauts äöü, \U0001F600")]
    [InlineData("a\tb\nc", "a\tb\nc")]
    [InlineData("\u001B[2Jgone", "\\u001b[2Jgone")]
    [InlineData("over\rwritten", "over\\u000dwritten")]
    [InlineData("\u009B31mred", "\\u009b31mred")]
    [InlineData("safe\u202Eexe.txt", "safe\\u202eexe.txt")]
    public void Printable_ControlCharacters_BecomeText(string text, string expected) =>
        Assert.Equal(expected, Screen.Printable(text));

    [Fact]
    public void WriteTable_MarkupInAValue_StaysText()
    {
        using var writer = new StringWriter();

        new Screen(writer, isTerminal: false).WriteTable(["name"], [["[red]x[/] \u001B[1m"]]);

        Assert.Contains("[red]x[/] \\u001b[1m", writer.ToString(), StringComparison.Ordinal);
    }
}
