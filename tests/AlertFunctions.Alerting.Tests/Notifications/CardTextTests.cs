using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class CardTextTests
{
    [Theory]
    [InlineData("api-7d9f-x2x", "api-7d9f-x2x")]
    [InlineData("my_pod_name", "my\\_pod\\_name")]
    [InlineData("**bold** ~~gone~~ `code`", "\\*\\*bold\\*\\* \\~\\~gone\\~\\~ \\`code\\`")]
    [InlineData("[click](https://evil.example)", "\\[click\\]\\(https\\://evil.example\\)")]
    [InlineData("see http://evil.example", "see http\\://evil.example")]
    [InlineData("WWW.evil.example", "WWW\\.evil.example")]
    [InlineData("<at>Everyone</at>", "\\<at\\>Everyone\\</at\\>")]
    [InlineData("&lt;at&gt;", "\\&lt;at\\&gt;")]
    [InlineData("{{DATE(2026-01-01T00:00:00Z)}}", "\\{\\{DATE\\(2026-01-01T00:00:00Z\\)\\}\\}")]
    [InlineData("# heading", "\\# heading")]
    [InlineData("- item", "\\- item")]
    [InlineData("+ item", "\\+ item")]
    [InlineData("12. item", "12\\. item")]
    [InlineData("1.5 GiB", "1\\.5 GiB")]
    [InlineData("v1.5", "v1.5")]
    [InlineData("C:\\temp", "C:\\\\temp")]
    public void Escape_ShowsTheTextAsItIs(string text, string expected) => Assert.Equal(expected, CardText.Escape(text));

    [Theory]
    [InlineData("a\r\nb\tc", "a b c")]
    [InlineData("  a \n\n b ", "a b")]
    [InlineData("bell\u0007", "bell\uFFFD")]
    [InlineData("admin\u202Etxt.exe", "admin\uFFFDtxt.exe")]
    [InlineData("zero\u200Bwidth", "zero\uFFFDwidth")]
    [InlineData("naïve 日本 🚀", "naïve 日本 🚀")]
    public void Clean_LeavesOnlyWhatCanBeSeen(string text, string expected) => Assert.Equal(expected, CardText.Clean(text));

    [Fact]
    public void Clean_ABrokenSurrogate_IsReplaced() => Assert.Equal("x\uFFFDy", CardText.Clean("x\uD83Dy"));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 4, "abcd… (2 more characters)")]
    [InlineData("ab🚀cd", 3, "ab… (4 more characters)")]
    public void Clean_TooLong_IsCutWithACount(string text, int max, string expected) => Assert.Equal(expected, CardText.Clean(text, max));

    [Fact]
    public void Clean_FarTooLong_CountsWhatItDidNotRead() =>
        Assert.Equal("aaaa… (1,199,996 more characters)", CardText.Clean(new string('a', 1_200_000), 4));
}
