using System.Text;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Notifications;
using CsCheck;

namespace AlertFunctions.Alerting.Tests.Notifications;

/// <summary>Whatever the log records hold: the card is one, fits, and shows their text as text.</summary>
public sealed class AdaptiveCardPropertyTests
{
    private const string MustBeEscaped = "`*_~[](){}<>#|&";

    private static readonly string[] Traps =
    [
        "**", "[x](https://evil.example)", "<at>all</at>", "{{DATE(2026-01-01T00:00:00Z, SHORT)}}", "{{TIME(2026-01-01T00:00:00Z)}}", "- ", "1. ", "# ",
        "> ", "```", "\n", "\r\n", "\u202E", "\u0000", "\uD83D", "\u200B", "&lt;", "\\", "\"", "日本", "🚀", "${x}", "@{body()}", "_", "~~", "</script>",
    ];

    private static readonly Gen<string> Piece = Gen.OneOf(Gen.Int[0, Traps.Length - 1].Select(i => Traps[i]), Gen.String[0, 20]);

    private static readonly Gen<string> Hostile = Gen.OneOf(
        Piece.Array[0, 12].Select(string.Concat),
        Gen.Select(Piece, Gen.Int[1, 40_000]).Select((piece, times) => new StringBuilder().Insert(0, piece, Math.Min(times, 20_000 / (piece.Length + 1))).ToString()));

    private static readonly Gen<object?> Cell = Gen.OneOf(
        Hostile.Select(text => (object?)text),
        Gen.Const((object?)null),
        Gen.Double.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)value),
        Gen.Bool.Select(value => (object?)value),
        Hostile.Select(text => (object?)JsonSerializer.SerializeToElement(new[] { text })));

    private static readonly Gen<QueryTable> Rows = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12]).SelectMany((columns, rows) =>
        Gen.Select(Hostile.Array[columns], Cell.Array[columns].Array[rows]).Select((names, cells) => new QueryTable(
            [.. names.Select(name => new QueryColumn(name, "string"))],
            cells)));

    private static readonly Gen<Alert> Alerts = Gen.Select(
        Gen.Select(Hostile, Hostile, Hostile.Array[0, 30], Rows),
        Gen.Select(Gen.Enum<Severity>(), Gen.Enum<AlertState>(), Gen.Long[0, long.MaxValue], Gen.Bool, Hostile),
        (texts, rest) => Some.Alert(
            title: texts.Item1,
            description: texts.Item2,
            runbook: "Look at it.",
            severity: rest.Item1,
            labels: texts.Item3.Select((value, i) => (value, i)).ToDictionary(pair => $"{pair.i} {pair.value}", pair => pair.value),
            rows: texts.Item4,
            count: rest.Item3,
            query: rest.Item5,
            workspace: rest.Item4 ? Some.Workspace : null) with
        { State = rest.Item2 });

    private static readonly Gen<Notification> Notifications = Gen.Select(Alerts.Array[1, 20], Gen.Enum<NotifyReason>())
        .Select((alerts, reason) => Some.Notification(reason, alerts));

    [Fact]
    public void Render_HostileText_IsAValidCardThatFitsAndEscapesIt() => Notifications.Sample(
        notification =>
        {
            var card = AdaptiveCard.Render(notification, CardOptions.Default);

            Assert.InRange(card.Length, 1, 20 * 1024);
            using var json = JsonDocument.Parse(card);
            CardSchema.AssertValid(json.RootElement);
            foreach (var text in CardSchema.MarkdownTexts(json.RootElement))
            {
                AssertEscaped(text);
            }
        },
        iter: 150);

    [Fact]
    public void Render_TheLastStep_FitsWhateverTheValuesAre()
    {
        // A supplementary character is the worst of all: twelve bytes of JSON for one character of text.
        var worst = string.Concat(Enumerable.Repeat("\U000E0100", 5_000));
        var backticks = new string('`', 10_000);
        foreach (var text in new[] { worst, backticks })
        {
            var alert = Some.Alert(
                title: text,
                description: text,
                runbook: text,
                labels: Enumerable.Range(0, 40).ToDictionary(i => i + text, _ => text),
                rows: Some.Table("A:string B:string", [text, text], [text + "x", text + "y"]),
                query: text,
                workspace: null);

            var card = AdaptiveCard.Render(
                Some.Notification([.. Enumerable.Range(0, 50).Select(i => alert with { Detection = i + text })]),
                CardOptions.Default with { MaxBytes = 14_000 });

            Assert.InRange(card.Length, 1, 14_000);
        }
    }

    private static void AssertEscaped(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                Assert.True(i + 1 < text.Length && char.IsAscii(text[i + 1]) && (char.IsPunctuation(text[i + 1]) || char.IsSymbol(text[i + 1])), $"A backslash that escapes nothing: {text}");
                i++;
                continue;
            }

            Assert.False(MustBeEscaped.Contains(text[i], StringComparison.Ordinal), $"Not escaped at {i}: {text}");
            Assert.False(char.IsControl(text[i]) && text[i] != '\n', $"A control character: {text}");
            Assert.False(text[i] is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200B', $"An invisible character: {text}");
        }

        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        Assert.False(text.StartsWith("- ", StringComparison.Ordinal) || text.StartsWith("1. ", StringComparison.Ordinal), text);
    }
}
