using System.Text;
using AlertFunctions.Kql.Runtime.Json;
using AlertFunctions.Kql.Runtime.Time;

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
                json.Append(JsonText.Write((string)ParseString().Value!));
                break;
            case TokenKind.Identifier when AtWord("null"):
                _index++;
                json.Append("null");
                break;
            case TokenKind.Identifier when TextOf(Current) is "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                json.Append(TextOf(Take())[0] is 't' or 'T' ? "true" : "false");
                break;
            case TokenKind.Identifier when AtWord("dynamic") && Peek().Kind == TokenKind.OpenParen:
                ParseNestedDynamic(json);
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

    /// <summary>A <c>dynamic(...)</c> within another is the value that it holds.</summary>
    private void ParseNestedDynamic(StringBuilder json)
    {
        if (TryEnter(Current.Start))
        {
            var value = ParseDynamic().Value;
            json.Append((string?)value ?? "null");
            _depth--;
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

        json.Append(JsonText.Write((string)ParseString().Value!)).Append(':');
        Expect(TokenKind.Colon, "':'");
        ParseDynamicValue(json);
    }

    /// <summary>JSON has no datetimes, timespans and guids: they are held as text, as the service prints them.</summary>
    private static void AppendLiteral(StringBuilder json, LiteralExpression literal) => JsonText.Append(
        json,
        literal.Value switch
        {
            int number => (long)number,
            decimal number => (double)number,
            DateTime instant => DateTimeText.Format(instant.Ticks),
            TimeSpan span => TimeSpanText.Format(span.Ticks),
            Guid guid => guid.ToString("D"),
            var value => value,
        });
}
