using System.Globalization;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Tests.Syntax;

/// <summary>How expressions group, written as prefix forms. The grouping is that of npm @kusto/language-service-next 12.4.1.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData("a has b + c", "(Add (Has a b) c)")]
    [InlineData("a + b has c", "(Add a (Has b c))")]
    [InlineData("a * b contains c * d", "(Multiply (Multiply a (Contains b c)) d)")]
    [InlineData("a == b < c", "(Equal a (Less b c))")]
    [InlineData("a < b == c", "(Equal (Less a b) c)")]
    [InlineData("-a has b", "(Has (Minus a) b)")]
    [InlineData("-a.b[0]", "(Minus (Index (Member a b) 0))")]
    [InlineData("a - b - c", "(Subtract (Subtract a b) c)")]
    [InlineData("a+b-c*d%e", "(Subtract (Add a b) (Modulo (Multiply c d) e))")]
    [InlineData("a == b and c or d and e", "(Or (And (Equal a b) c) (And d e))")]
    [InlineData("a and b and c", "(And (And a b) c)")]
    [InlineData("a and (b or c)", "(And a (Or b c))")]
    [InlineData("not(a) == b", "(Equal (not a) b)")]
    [InlineData("a - -1", "(Subtract a -1)")]
    [InlineData("1 -1", "(Subtract 1 1)")]
    [InlineData("a * -b", "(Multiply a (Minus b))")]
    [InlineData("a !between (1 .. 5) and b", "(And (NotBetween a 1 5) b)")]
    [InlineData("a between (b-1..5)", "(Between a (Subtract b 1) 5)")]
    [InlineData("a !in~ ('x', 'y')", "(NotInIgnoreCase a x y)")]
    [InlineData("a has_any (dynamic(['x']))", "(HasAny a [\"x\"])")]
    [InlineData("a !startswith_cs b", "(NotStartsWithCs a b)")]
    [InlineData("a matches regex b", "(MatchesRegex a b)")]
    [InlineData("a > datetime() - 1h", "(Greater a (Subtract (now ) 01:00:00))")]
    [InlineData("a <> b", "(NotEqual a b)")]
    [InlineData("a !~ b", "(NotEqualIgnoreCase a b)")]
    [InlineData("a.['b c'].d['e']", "(Index (Member (Member a b c) d) e)")]
    [InlineData("['a b'] == 1", "(Equal a b 1)")]
    [InlineData("f(x, y = 1, *)", "(f x y=1 *)")]
    [InlineData("workspace('w').T", "(Member (workspace w) T)")]
    [InlineData("kind == count", "(Equal kind count)")]
    [InlineData("1stTable", "1stTable")]
    [InlineData("'a' \"b\"", "ab")]
    public void Parse_Expression_GroupsAsDocumented(string text, string expected) =>
        Assert.Equal(expected, Print(ParseExpression(text)));

    public static TheoryData<string, KqlType, object?> Literals { get; } = new()
    {
        { "1", KqlType.Long, 1L },
        { "-9223372036854775808", KqlType.Long, long.MinValue },
        { "0x1F", KqlType.Long, 31L },
        { "1e3", KqlType.Real, 1000.0 },
        { "1.", KqlType.Real, 1.0 },
        { "int(5)", KqlType.Int, 5 },
        { "long(null)", KqlType.Long, null },
        { "real(nan)", KqlType.Real, double.NaN },
        { "real(-inf)", KqlType.Real, double.NegativeInfinity },
        { "decimal(1.50)", KqlType.Decimal, 1.50m },
        { "bool(0)", KqlType.Bool, false },
        { "True", KqlType.Bool, true },
        { "1.5h", KqlType.TimeSpan, new TimeSpan(1, 30, 0) },
        { "10microsecond", KqlType.TimeSpan, new TimeSpan(100) },
        { "1tick", KqlType.TimeSpan, new TimeSpan(1) },
        { "time(2)", KqlType.TimeSpan, TimeSpan.FromDays(2) },
        { "time(15 seconds)", KqlType.TimeSpan, TimeSpan.FromSeconds(15) },
        { "timespan(0.12:34:56.7)", KqlType.TimeSpan, new TimeSpan(0, 12, 34, 56, 700) },
        { "datetime(2015-12-31 23:59:59.9)", KqlType.DateTime, new DateTime(2015, 12, 31, 23, 59, 59, 900, DateTimeKind.Utc) },
        { "datetime(2014)", KqlType.DateTime, new DateTime(2014, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
        { "datetime(\"2014-05-25T08:20:03.123456Z\")", KqlType.DateTime, new DateTime(2014, 5, 25, 8, 20, 3, 123, 456, DateTimeKind.Utc) },
        { "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", KqlType.Guid, Guid.Parse("74be27de-1e4e-49d9-b579-fe0b331d3642") },
        { "'a\\n\\u0041\\''", KqlType.String, "a\nA'" },
        { "@'a\\b''c'", KqlType.String, "a\\b'c" },
        { "h'hidden'", KqlType.String, "hidden" },
        { "h@\"a\\b\"", KqlType.String, "a\\b" },
        { "```a\n'b'```", KqlType.String, "a\n'b'" },
        { "dynamic(null)", KqlType.Dynamic, null },
        { "dynamic({'a': [1, -2, 1.5], \"b\": true, \"c\": null})", KqlType.Dynamic, "{\"a\":[1,-2,1.5],\"b\":true,\"c\":null}" },
        { "dynamic([datetime(2020-01-02), 1h])", KqlType.Dynamic, "[\"2020-01-02T00:00:00.0000000Z\",\"01:00:00\"]" },
        { "dynamic('x')", KqlType.Dynamic, "\"x\"" },
        { "dynamic({'a': dynamic([1, dynamic(null)]), 'b': dynamic({})})", KqlType.Dynamic, "{\"a\":[1,null],\"b\":{}}" },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void Parse_Literal_HasTypeAndValue(string text, KqlType type, object? value)
    {
        var literal = Assert.IsType<LiteralExpression>(ParseExpression(text));

        Assert.Equal(type, literal.Type);
        Assert.Equal(value, literal.Value);
        Assert.Equal(text.Length, literal.Span.Length);
    }

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("long(x)")]
    [InlineData("datetime(2020-13-01)")]
    [InlineData("guid(1)")]
    [InlineData("int(3000000000)")]
    [InlineData("dynamic({a: 1})")]
    [InlineData("'a\\q'")]
    [InlineData("- -1")]
    [InlineData("a == b == c")]
    [InlineData("a && b")]
    public void Parse_NoLiteralOrExpression_IsAFault(string text) =>
        Assert.NotEmpty(KqlParser.Parse($"print x = {text}").Diagnostics);

    private static Expression ParseExpression(string text)
    {
        var tree = KqlParser.Parse($"print {text}");
        Assert.Empty(tree.Diagnostics);
        var pipe = Assert.IsType<PipeExpression>(Assert.IsType<ExpressionStatement>(tree.Root.Statements[0]).Expression);
        return Assert.IsType<PrintOperator>(pipe.Operators[0]).Columns[0].Value;
    }

    private static string Print(Expression expression) => expression switch
    {
        LiteralExpression literal => string.Create(CultureInfo.InvariantCulture, $"{literal.Value}"),
        NameExpression name => name.Name,
        StarExpression => "*",
        UnaryExpression unary => $"({unary.Operator} {Print(unary.Operand)})",
        BinaryExpression binary => $"({binary.Operator} {Print(binary.Left)} {Print(binary.Right)})",
        ListExpression list => $"({list.Operator} {Print(list.Left)} {string.Join(' ', list.Items.Select(Print))})",
        BetweenExpression between =>
            $"({(between.IsNegated ? "Not" : "")}Between {Print(between.Value)} {Print(between.Low)} {Print(between.High)})",
        MemberExpression member => $"(Member {Print(member.Target)} {Print(member.Member)})",
        IndexExpression index => $"(Index {Print(index.Target)} {Print(index.Index)})",
        CallExpression call => $"({call.Name.Text} {string.Join(' ', call.Arguments.Select(Print))})",
        _ => throw new InvalidOperationException($"{expression}"),
    };

    private static string Print(NamedExpression named) =>
        named.Name is null ? Print(named.Value) : $"{named.Name.Text}={Print(named.Value)}";
}
