using AlertFunctions.Kql.Tests.MicrosoftBinder;

namespace AlertFunctions.Kql.Tests.Functions;

/// <summary>Regular expressions as learn.microsoft.com/kusto/query/regex has them: classes of Unicode, and what the engine lacks refused.</summary>
public sealed class RegexTests(WorkspaceQuery workspace) : IClassFixture<WorkspaceQuery>
{
    [Theory]
    [InlineData(@"extract(@'(\w+)', 1, 'Köln 12')", "Köln")]
    [InlineData(@"extract(@'\d+', 0, 'n٣4')", "٣4")]
    [InlineData(@"extract(@'[\s\d]+', 0, 'ab\u20033c')", "\u20033")]
    [InlineData(@"extract(@'[^\w]+', 0, 'ä-b')", "-")]
    [InlineData(@"extract(@'[\W_]+', 0, 'ä_-b')", "_-")]
    [InlineData(@"extract(@'[\S]+', 0, '\u2003ä b')", "ä")]
    [InlineData(@"'é=1' matches regex @'^\w=\d$'", "true")]
    [InlineData(@"replace_regex('hé 1', @'\w', 'x')", "xx x")]
    [InlineData(@"trim(@'\W+', '--é--')", "é")]
    [InlineData(@"countof('aéb', @'\w', 'regex')", "3")]
    [InlineData(@"countof('a.b', '.', 'normal')", "1")]
    [InlineData(@"indexof_regex('-é', @'\w')", "1")]
    [InlineData(@"extract_all(@'(\w)(\d)', 'é1b2')", """[["é","1"],["b","2"]]""")]
    [InlineData(@"extract(@'\u0041\u{42}\x43', 0, 'ABC')", "ABC")]
    [InlineData("extract('[[:alpha:]]+', 0, 'ab1')", "ab")]
    [InlineData("extract('[]a]+', 0, 'b]a')", "]a")]
    [InlineData("extract('[^]a]+', 0, ']ab')", "b")]
    [InlineData(@"extract(@'[\]]\[', 0, '][')", "][")]
    [InlineData("extract('(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)', 11, 'abcdefghijk')", "k")]
    public async Task Function_OfARegularExpression_KnowsUnicode(string expression, string expected) =>
        Assert.Equal(expected, await workspace.TextAsync($"print {expression}", TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(@"print s='é=1' | parse kind=regex s with @'\w=' n:long | project n", "1")]
    [InlineData(@"print s='é=1' | parse-kv s as (['é']:long) with (regex=@'(\w)=(\d)') | project-away s", "1")]
    public async Task Operator_WithARegularExpression_KnowsUnicode(string query, string expected) =>
        Assert.Equal(expected, await workspace.TextAsync(query, TestContext.Current.CancellationToken));

    [Theory]
    [InlineData(@"'a' matches regex @'\<a'", "Regular expressions with \\<, \\> and \\b{...} are not supported")]
    [InlineData(@"extract(@'\b{start}a', 0, 'a')", "Regular expressions with \\<, \\> and \\b{...} are not supported")]
    [InlineData("extract('[a-z&&[^b]]', 0, 'a')", "Regular expressions with && between classes are not supported")]
    [InlineData("extract('[a[bc]]', 0, 'a')", "Regular expressions with a class within a class are not supported")]
    [InlineData("trim('(?x) a', 'a')", "Regular expressions with the flags x, R and u are not supported")]
    [InlineData("extract('(', 0, 'a')", "This is no regular expression: InsufficientClosingParentheses")]
    public void Compile_RegularExpressionThatTheEngineLacks_IsRefusedAtItsPlace(string expression, string message)
    {
        var compiled = KqlCompiler.Compile($"print {expression}", QueryTables.Catalog, new CompileOptions { Now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) });

        var fault = Assert.Single(compiled.Diagnostics);
        Assert.Equal(message, fault.Message);
    }
}
