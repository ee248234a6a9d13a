using AlertFunctions.Alerting.Notifications;

namespace AlertFunctions.Alerting.Tests.Notifications;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("a😀bc", 3, "a…")]
    [InlineData("a😀bc", 4, "a😀…")]
    [InlineData("", 3, "")]
    public void Of_Text_FitsAndCutsNoCharacterInTwo(string text, int length, string expected) => Assert.Equal(expected, Excerpt.Of(text, length));
}
