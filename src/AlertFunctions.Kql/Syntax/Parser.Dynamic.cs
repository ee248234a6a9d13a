using System.Globalization;
using System.Text;
using AlertFunctions.Kql.Runtime;

namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// The content of <c>dynamic(...)</c>: JSON, with strings in single quotes and literals of KQL's own types.
/// Source: learn.microsoft.com/kusto/query/scalar-data-types/dynamic.
/// </summary>
internal sealed partial class Parser
{
    private LiteralExpression ParseDynamic()
    {
        var start = Take().Start;
        _openBrackets++;
        _index++;
        var json = new StringBuilder();
        ParseDynamicValue(json);
        CloseGroup(TokenKind.CloseParen, "')'");
        var value = json.ToString();
        return new LiteralExpression(SpanFrom(start), KqlType.Dynamic, value is "null" or "" ? null : value);
    }

    private void ParseDynamicValue(StringBuilder json)
    {
        switch (Current.Kind)
        {
            case TokenKind.OpenBracket:
                ParseDynamicList(json, TokenKind.CloseBracket, "']'", ParseDynamicValue);
                break;
            case TokenKind.OpenBrace:
                ParseDynamicList(json, TokenKind.CloseBrace, "'}'", ParseDynamicProperty);
                break;
            case TokenKind.String:
                json.Append(DynamicRuntime.Quote((string)ParseString().Value!));
                break;
            case TokenKind.Identifier when AtWord("null"):
                _index++;
                json.Append("null");
                break;
            case TokenKind.Identifier when TextOf(Current) is "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                json.Append(TextOf(Take())[0] is 't' or 'T' ? "true" : "false");
                break;
            case TokenKind.Minus when IsLiteral(Peek().Kind):
                _index++;
                AppendLiteral(json, ParseNumber(Take(), isNegative: true));
                break;
            default:
                if (IsLiteral(Current.Kind))
                {
                    AppendLiteral(json, ParseNumber(Take(), isNegative: false));
                }
                else
                {
                    Report(
                        "KQL024",
                        FoundSpan(),
                        $"Expected a JSON value, found {Found()}",
                        "dynamic(...) takes literals; bag_pack() and pack_array() make a dynamic of other values.");
                }

                break;
        }
    }

    private void ParseDynamicList(StringBuilder json, TokenKind close, string closing, Action<StringBuilder> parseItem)
    {
        var open = Take();
        if (!TryEnter(open.Start))
        {
            return;
        }

        _openBrackets++;
        json.Append(TextOf(open));
        if (!At(close))
        {
            parseItem(json);
            while (TryTake(TokenKind.Comma))
            {
                json.Append(',');
                parseItem(json);
            }
        }

        json.Append(close == TokenKind.CloseBracket ? ']' : '}');
        CloseGroup(close, $"',' or {closing}");
        _depth--;
    }

    private void ParseDynamicProperty(StringBuilder json)
    {
        if (!At(TokenKind.String))
        {
            ReportExpected("a property's name in quotes");
            return;
        }

        json.Append(DynamicRuntime.Quote((string)ParseString().Value!)).Append(':');
        Expect(TokenKind.Colon, "':'");
        ParseDynamicValue(json);
    }

    /// <summary>JSON has no datetimes, timespans and guids: they are held as text, as the service prints them.</summary>
    private static void AppendLiteral(StringBuilder json, LiteralExpression literal) => json.Append(literal.Value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double number => double.IsFinite(number)
            ? WithPoint(number.ToString("R", CultureInfo.InvariantCulture))
            : DynamicRuntime.Quote(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"),
        DateTime instant => DynamicRuntime.Quote(
            instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)),
        TimeSpan span => DynamicRuntime.Quote(span.ToString("c", CultureInfo.InvariantCulture)),
        Guid guid => DynamicRuntime.Quote(guid.ToString("D")),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new System.Diagnostics.UnreachableException($"No literal in dynamic has the value {literal.Value}."),
    });

    /// <summary>A real stays a real in JSON: 1.0, not 1.</summary>
    private static string WithPoint(string number) => number.AsSpan().ContainsAny('.', 'E') ? number : $"{number}.0";
}
