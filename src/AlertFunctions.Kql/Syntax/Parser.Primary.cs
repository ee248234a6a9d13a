using System.Globalization;
using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Syntax;

/// <summary>What expressions begin with: literals, names, calls and parentheses.</summary>
internal sealed partial class Parser
{
    private static bool IsLiteral(TokenKind kind) =>
        kind is TokenKind.String or TokenKind.Long or TokenKind.Real or TokenKind.TimeSpan or TokenKind.TypedLiteral;

    private Expression ParsePrimary()
    {
        _height = Math.Max(_height, 1);
        switch (Current.Kind)
        {
            case TokenKind.Identifier:
                return ParseWordExpression();
            case TokenKind.OpenParen:
                return ParseParenthesized();
            case TokenKind.OpenBracket when TryParseBracketedName(out var name):
                return At(TokenKind.OpenParen) ? ParseCall(name) : new NameExpression(name.Span, name.Text);
            case TokenKind.String:
                return ParseString();
            case TokenKind.Star:
                return new StarExpression(Take().Span);
            case TokenKind.TypedLiteral when IsCurrentTime(TextOf(Current)):
                var span = Take().Span;
                return new CallExpression(span, new Identifier(span, "now"), []);
            default:
                return IsLiteral(Current.Kind) ? ParseNumber(Take(), isNegative: false) : Missing("an expression");
        }
    }

    /// <summary><c>datetime()</c> is now(). Source: learn.microsoft.com/kusto/query/scalar-data-types/datetime.</summary>
    private static bool IsCurrentTime(ReadOnlySpan<char> literal) =>
        literal.StartsWith("date", StringComparison.Ordinal) && literal[literal.IndexOf('(')..].Trim("() \t\r\n").IsEmpty;

    private Expression ParseParenthesized()
    {
        var start = Current.Start;
        _openBrackets++;
        _index++;
        var wildcards = _hasWildcards;
        _hasWildcards = false;
        var inner = ParsePipe();
        _hasWildcards = wildcards;
        CloseGroup(TokenKind.CloseParen, "')'");
        Grow(start);
        return inner;
    }

    private Expression ParseWordExpression()
    {
        var word = TextOf(Current).ToString();
        var isCall = Peek().Kind == TokenKind.OpenParen;
        switch (word)
        {
            case "true" or "false" or "True" or "False" or "TRUE" or "FALSE":
                var isTrue = word[0] is 't' or 'T';
                return new LiteralExpression(Take().Span, KqlType.Bool, isTrue);
            case "dynamic" when isCall:
                return ParseDynamic();
            case "typeof" when isCall:
                return ParseTypeOf();
            case "datatable" when isCall:
                return ParseDataTable();
            case "externaldata" when isCall:
                return ParseExternalData();
            case "entity_group" when Peek().Kind == TokenKind.OpenBracket:
            case "contextual_datatable" when isCall:
                Report(
                    "KQL022", Current.Span, $"'{word}' is not supported", null, DiagnosticKind.NotSupported);
                return new MissingExpression(Current.Span);
        }

        var isCallable = isCall && word is "toscalar" or "materialize";
        if (!isCallable && !KqlFacts.IsExpressionName(word))
        {
            return Missing("an expression");
        }

        var name = TakeWord();
        return isCall ? ParseCall(name) : new NameExpression(name.Span, name.Text);
    }

    private LiteralExpression ParseString()
    {
        // Literals beside each other are one text.
        var start = Current.Start;
        var value = DecodeString(Take());
        if (At(TokenKind.String))
        {
            var joined = new System.Text.StringBuilder(value);
            while (At(TokenKind.String))
            {
                joined.Append(DecodeString(Take()));
            }

            value = joined.ToString();
        }

        return new LiteralExpression(SpanFrom(start), KqlType.String, value);
    }

    private string DecodeString(Token token)
    {
        if (!StringLiteral.TryDecode(TextOf(token), out var value, out var fault))
        {
            var place = new TextSpan(token.Start + fault.Start, fault.Length);
            ReportAndContinue(
                "KQL005",
                place,
                $"'{text.Substring(place.Start, place.Length)}' is no escape",
                @"Write \\ for a backslash, or put @ before the string.");
        }

        return value;
    }

    /// <summary>A literal behind a minus, so that the least long can be written; null where none stands there.</summary>
    private LiteralExpression? TryParseNegativeLiteral(Token sign) =>
        Current.Kind is TokenKind.Long or TokenKind.Real or TokenKind.TimeSpan
            ? ParseNumber(Take(), isNegative: true) with { Span = SpanFrom(sign.Start) }
            : null;

    private LiteralExpression ParseNumber(Token token, bool isNegative)
    {
        _height = Math.Max(_height, 1);
        if (token.Kind == TokenKind.TypedLiteral)
        {
            return ParseTypedLiteral(token);
        }

        var digits = TextOf(token);
        var signed = isNegative ? $"-{digits}" : digits;
        object? value;
        var type = KqlType.Long;
        switch (token.Kind)
        {
            case TokenKind.TimeSpan:
                type = KqlType.TimeSpan;
                value = TimeSpanText.Parse(signed) is { } ticks ? new TimeSpan(ticks) : null;
                break;
            case TokenKind.Real:
                type = KqlType.Real;
                value = double.Parse(signed, NumberStyles.Float, CultureInfo.InvariantCulture);
                break;
            default:
                value = TypedLiteral.TryParseLong(signed, out var number) ? number : null;
                if (isNegative && digits is ['0', 'x' or 'X', ..])
                {
                    value = TypedLiteral.TryParseLong(digits, out number) ? unchecked(-number) : null;
                }

                break;
        }

        if (value is null)
        {
            ReportAndContinue(
                "KQL007",
                token.Span,
                $"'{Shorten(digits)}' is too large for a {(type == KqlType.Long ? "long" : "timespan")}",
                type == KqlType.Long ? "Write decimal(...) or a real, with a decimal point." : null);
        }

        return new LiteralExpression(token.Span, type, value);
    }

    private LiteralExpression ParseTypedLiteral(Token token)
    {
        var all = TextOf(token);
        var paren = all.IndexOf('(');
        var typeName = all[..paren];
        TypedLiteral.TryGetType(typeName, out var type);
        var content = all[(paren + 1)..].TrimEnd(')').Trim();
        if (content.Length > 1 && StringLiteral.IsStart(content.ToString(), 0))
        {
            StringLiteral.TryDecode(content, out var quoted, out _);
            content = quoted;
        }

        if (!TypedLiteral.TryParse(type, content, out var value))
        {
            ReportAndContinue(
                "KQL006",
                token.Span,
                $"'{DiagnosticFormatter.Printable(Shorten(content))}' is no {typeName} literal",
                type == KqlType.DateTime && content is "now" ? "now() is the current time." : $"{typeName}(...) takes a literal; to{ConversionOf(type)}(...) converts a value.");
        }

        return new LiteralExpression(token.Span, type, value);
    }

    private static string ConversionOf(KqlType type) => type switch
    {
        KqlType.Real => "real",
        KqlType.Bool => "bool",
        KqlType.Int => "int",
        KqlType.Long => "long",
        KqlType.Decimal => "decimal",
        KqlType.DateTime => "datetime",
        KqlType.TimeSpan => "timespan",
        KqlType.Guid => "guid",
        _ => "string",
    };

    private static string Shorten(ReadOnlySpan<char> shown) => shown.Length > 40 ? $"{shown[..40]}..." : shown.ToString();

    /// <summary><c>typeof(long)</c>, <c>typeof(*, a:long)</c>.</summary>
    private TypeOfExpression ParseTypeOf()
    {
        var start = Take().Start;
        if (Peek().Kind == TokenKind.Identifier && Peek(2).Kind == TokenKind.CloseParen)
        {
            _openBrackets++;
            _index++;
            var type = ParseType(out _);
            CloseGroup(TokenKind.CloseParen, "')'");
            return new TypeOfExpression(SpanFrom(start), type, null);
        }

        var schema = ParseSchema();
        return new TypeOfExpression(SpanFrom(start), null, schema);
    }

    /// <summary><c>datatable(a:long) [1, 2]</c>; a comma behind the last value is allowed.</summary>
    private DataTableExpression ParseDataTable()
    {
        var start = Take().Start;
        var schema = ParseSchema();
        var values = ImmutableArray.CreateBuilder<Expression>();
        if (OpenGroup(TokenKind.OpenBracket, "'[' and the values, row by row"))
        {
            while (!AtGroupEnd())
            {
                values.Add(ParseExpression());
                if (!TryTake(TokenKind.Comma))
                {
                    break;
                }
            }

            CloseGroup(TokenKind.CloseBracket, "',' or ']'");
        }

        return new DataTableExpression(SpanFrom(start), schema, values.DrainToImmutable());
    }

    private ExternalDataExpression ParseExternalData()
    {
        var start = Take().Start;
        var schema = ParseSchema();
        var uris = ImmutableArray<Expression>.Empty;
        if (OpenGroup(TokenKind.OpenBracket, "'[' and where the data lies"))
        {
            uris = ParseList(ParseExpression);
            CloseGroup(TokenKind.CloseBracket, "',' or ']'");
        }

        var properties = ParseWithProperties();
        return new ExternalDataExpression(SpanFrom(start), schema, uris, properties);
    }
}
