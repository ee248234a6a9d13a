using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class RunbookTests
{
    private const string Text = """
        ## First
        Look at `kubectl top pod` and
        the **limit**.

        1. Raise it.
        2. Or find the leak.

        ```
        kubectl get pods \
          --field-selector=status.phase=Failed
        ```
        """;

    [Fact]
    public void Blocks_MarkdownThatCardsDoNotKnow_BecomesBlocks()
    {
        var blocks = Runbook.Blocks(Text, 1000, out var left);

        Assert.Equal(0, left);
        Assert.Equal(
            [
                new(RunbookBlockKind.Heading, "First"),
                new(RunbookBlockKind.Text, "Look at **kubectl top pod** and the **limit**."),
                new(RunbookBlockKind.Text, "1. Raise it.\n2. Or find the leak."),
                new(RunbookBlockKind.Code, "kubectl get pods \\\\\n\n\u00A0\u00A0\\--field-selector=status.phase=Failed"),
            ],
            blocks);
    }

    [Fact]
    public void Blocks_TooLong_KeepsWholeLinesAndCountsTheRest()
    {
        var blocks = Runbook.Blocks("one\ntwo\nthree", 8, out var left);

        Assert.Equal([new(RunbookBlockKind.Text, "one two")], blocks);
        Assert.Equal(6, left);
    }

    [Fact]
    public void Blocks_AnUnmatchedBacktick_IsShown() =>
        Assert.Equal([new(RunbookBlockKind.Text, "a \\` b")], Runbook.Blocks("a ` b", 100, out _));
}
