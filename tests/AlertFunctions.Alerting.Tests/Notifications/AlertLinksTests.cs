using System.Buffers.Text;
using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class AlertLinksTests
{
    private static readonly AlertLink Link = new(LinkAction.Silence, "00112233445566778899aabbccddeeff", Some.Now);
    private static readonly AlertLinks Links = new(new Uri("https://alerts.example.org/"), new string('k', 32));

    private static string Token => Links.UrlOf(Link).AbsolutePath.Split('/')[^1];

    [Fact]
    public void Link_WithinItsDay_IsWhatWasIssued()
    {
        Assert.StartsWith("https://alerts.example.org/api/alert-links/", Links.UrlOf(Link).AbsoluteUri, StringComparison.Ordinal);
        Assert.True(Links.TryRead(Token, Some.Now.AddHours(24).AddTicks(-1), out var read));
        Assert.Equal(Link, read);
    }

    [Fact]
    public void Link_AfterADay_IsNone() => Assert.False(Links.TryRead(Token, Some.Now.AddHours(24), out _));

    [Fact]
    public void Link_OfAnotherKey_IsNone() =>
        Assert.False(new AlertLinks(new Uri("https://alerts.example.org/"), new string('l', 32)).TryRead(Token, Some.Now, out _));

    [Fact]
    public void Link_WithAnyBitChanged_IsNone()
    {
        var bytes = Base64Url.DecodeFromChars(Token);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Links.TryRead(Base64Url.EncodeToString(bytes), Some.Now, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("====")]
    [InlineData("../../etc")]
    [InlineData("€€€€")]
    public void Link_ThatIsNoToken_IsNone(string token)
    {
        Assert.False(Links.TryRead(token, Some.Now, out _));
        Assert.False(Links.TryRead(Token + token + "A", Some.Now, out _));
        Assert.False(Links.TryRead(string.Concat(Enumerable.Repeat(token + "A", 10_000)), Some.Now, out _));
    }

    [Fact]
    public void Key_TooShort_IsRefused() => Assert.Throws<ArgumentException>(() => new AlertLinks(new Uri("https://x/"), new string('k', 31)));
}
