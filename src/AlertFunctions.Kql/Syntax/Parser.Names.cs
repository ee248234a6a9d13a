namespace AlertFunctions.Kql.Syntax;

/// <summary>Names, declarations and the parameters of operators.</summary>
internal sealed partial class Parser
{
    /// <summary>A name that is being given or referred to where only a name may stand: <c>a</c>, <c>['a b']</c>.</summary>
    private Identifier ParseName(string what = "a name")
    {
        var start = Current.Start;
        if (At(TokenKind.Identifier))
        {
            var word = TextOf(Current).ToString();
            if (KqlFacts.ReservedWords.Contains(word))
            {
                ReportAndContinue(
                    "KQL014", Current.Span, $"'{word}' is a word of the language", $"As a name it is written ['{word}'].");
            }

            _index++;
            return new Identifier(SpanFrom(start), word);
        }

        if (TryParseBracketedName(out var name))
        {
            return name;
        }

        ReportExpected(what);
        return new Identifier(new TextSpan(LastEnd, 0), "");
    }

    /// <summary><c>['any text']</c>.</summary>
    private bool TryParseBracketedName(out Identifier name)
    {
        if (At(TokenKind.OpenBracket) && Peek().Kind == TokenKind.String && Peek(2).Kind == TokenKind.CloseBracket)
        {
            var start = Take().Start;
            var decoded = DecodeString(Take());
            _index++;
            name = new Identifier(SpanFrom(start), decoded);
            return true;
        }

        name = new Identifier(default, "");
        return false;
    }

    private int NameLength(int ahead = 0)
    {
        if (Peek(ahead).Kind == TokenKind.Identifier)
        {
            return 1;
        }

        return Peek(ahead).Kind == TokenKind.OpenBracket
            && Peek(ahead + 1).Kind == TokenKind.String
            && Peek(ahead + 2).Kind == TokenKind.CloseBracket ? 3 : 0;
    }

    private KqlType ParseType(out TextSpan span)
    {
        span = FoundSpan();
        if (At(TokenKind.Identifier) && TypedLiteral.TryGetType(TextOf(Current), out var type))
        {
            _index++;
            return type;
        }

        Report(
            "KQL017",
            span,
            $"Expected a type, found {Found()}",
            "The types are bool, datetime, decimal, dynamic, guid, int, long, real, string and timespan.");
        return KqlType.Dynamic;
    }

    /// <summary><c>name:type</c>.</summary>
    private ColumnDeclaration ParseColumnDeclaration()
    {
        var start = Current.Start;
        var name = ParseName("a column's name");
        Expect(TokenKind.Colon, $"':' and the type of '{name.Text}'");
        var type = ParseType(out var typeSpan);
        return new ColumnDeclaration(SpanFrom(start), name, type, typeSpan);
    }

    /// <summary><c>(a:long, *)</c>.</summary>
    private TableSchema ParseSchema()
    {
        var start = Current.Start;
        var columns = ImmutableArray.CreateBuilder<ColumnDeclaration>();
        var isOpen = false;
        if (OpenGroup(TokenKind.OpenParen, "'(' and the columns with their types"))
        {
            while (!AtGroupEnd())
            {
                if (At(TokenKind.Star) && columns.Count == 0 && !isOpen)
                {
                    _index++;
                    isOpen = true;
                }
                else
                {
                    columns.Add(ParseColumnDeclaration());
                }

                if (!TryTake(TokenKind.Comma))
                {
                    break;
                }
            }

            CloseGroup(TokenKind.CloseParen, "')'");
        }

        return new TableSchema(SpanFrom(start), columns.DrainToImmutable(), isOpen);
    }

    /// <summary><c>x:long = 5</c>, <c>T:(a:long, b:string)</c> or <c>T:(*)</c>.</summary>
    private FunctionParameter ParseFunctionParameter()
    {
        var start = Current.Start;
        var name = ParseName("a parameter's name");
        Expect(TokenKind.Colon, $"':' and the type of '{name.Text}'");
        if (At(TokenKind.OpenParen))
        {
            var schema = ParseSchema();
            if (schema is { IsOpen: true, Columns.Length: > 0 })
            {
                Report("KQL028", schema.Span, "A table parameter has either columns or '*'", "Write (*) to take any table.");
            }

            return new FunctionParameter(SpanFrom(start), name, null, schema, null);
        }

        var type = ParseType(out _);
        var fallback = TryTake(TokenKind.Equals) ? ParseUnary() : null;
        if (fallback is not (null or LiteralExpression or MissingExpression))
        {
            Report("KQL027", fallback.Span, $"The default of '{name.Text}' is no literal");
        }

        return new FunctionParameter(SpanFrom(start), name, type, null, fallback);
    }

    /// <summary>
    /// The parameters behind an operator's name. Only the names given are parameters, and all that begin with <c>hint.</c>:
    /// another name before a <c>=</c> is a column's.
    /// </summary>
    private ImmutableArray<OperatorParameter> ParseParameters(params ReadOnlySpan<string> names)
    {
        var parameters = ImmutableArray.CreateBuilder<OperatorParameter>();
        while (At(TokenKind.Identifier))
        {
            var length = 1;
            while (Peek(length).Kind == TokenKind.Dot && Peek(length + 1).Kind == TokenKind.Identifier)
            {
                length += 2;
            }

            if (Peek(length).Kind != TokenKind.Equals)
            {
                break;
            }

            var start = Current.Start;
            var name = text[start..Peek(length - 1).End];
            if (!name.StartsWith("hint.", StringComparison.Ordinal) && !names.Contains(name))
            {
                break;
            }

            _index += length;
            var identifier = new Identifier(SpanFrom(start), name);
            _index++;
            var value = ParseParameterValue();
            parameters.Add(new OperatorParameter(SpanFrom(start), identifier, value));
        }

        return parameters.DrainToImmutable();
    }

    /// <summary>A bare word or a literal.</summary>
    private Expression ParseParameterValue()
    {
        if (AtWord("true") || AtWord("false") || At(TokenKind.Minus) || At(TokenKind.Plus))
        {
            return ParseUnary();
        }

        if (NameLength() > 0)
        {
            // Words such as `with_itemindex=last` are values here, reserved or not.
            var name = At(TokenKind.Identifier) ? TakeWord() : ParseName();
            return new NameExpression(name.Span, name.Text);
        }

        return AtWord("dynamic") || IsLiteral(Current.Kind) ? ParsePrimary() : Missing("a value");
    }

    private Identifier TakeWord()
    {
        var token = Take();
        return new Identifier(token.Span, TextOf(token).ToString());
    }

    /// <summary><c>with (name = value, ...)</c>, or nothing.</summary>
    private ImmutableArray<OperatorParameter> ParseWithProperties()
    {
        if (!TryTakeWord("with"))
        {
            return [];
        }

        return ParseGroup("'(' and properties", ParseProperty);
    }

    private OperatorParameter ParseProperty()
    {
        var start = Current.Start;
        var name = ParseName("a property's name");
        Expect(TokenKind.Equals, "'='");
        var value = ParseParameterValue();
        return new OperatorParameter(SpanFrom(start), name, value);
    }

    /// <summary>Items separated by commas, at least one.</summary>
    private ImmutableArray<T> ParseList<T>(Func<T> parseItem)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(parseItem());
        }
        while (TryTake(TokenKind.Comma));
        return items.DrainToImmutable();
    }

    /// <summary>Items in parentheses, separated by commas; a comma behind the last is allowed nowhere but in datatable.</summary>
    private ImmutableArray<T> ParseGroup<T>(string expected, Func<T> parseItem)
    {
        if (!OpenGroup(TokenKind.OpenParen, expected))
        {
            return [];
        }

        var items = At(TokenKind.CloseParen) ? [] : ParseList(parseItem);
        CloseGroup(TokenKind.CloseParen, "',' or ')'");
        return items;
    }

    private bool OpenGroup(TokenKind kind, string expected)
    {
        if (!Expect(kind, expected))
        {
            return false;
        }

        _openBrackets++;
        return true;
    }

    private void CloseGroup(TokenKind kind, string expected, string? hint = null)
    {
        if (!At(kind))
        {
            ReportExpected(expected, hint);
            if (!TrySkipToClosing(kind))
            {
                Recover();

                // What follows is told by nobody until the pipe goes on.
                _isRecovering = !At(kind);
            }
        }

        _openBrackets--;
        TryTake(kind);
    }

    /// <summary>Skips a pipe where none belongs, to the bracket that ends it; a short way only, lest many such take long.</summary>
    private bool TrySkipToClosing(TokenKind kind)
    {
        var depth = 0;
        for (var ahead = 0; At(TokenKind.Bar) && ahead < 500; ahead++)
        {
            switch (Peek(ahead).Kind)
            {
                case TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace:
                    depth++;
                    break;
                case TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace when depth > 0:
                    depth--;
                    break;
                case var found when found == kind:
                    _index += ahead;
                    _isRecovering = false;
                    return true;
                case TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace:
                case TokenKind.Semicolon or TokenKind.End:
                    return false;
            }
        }

        return false;
    }

    private bool AtGroupEnd() =>
        Current.Kind is TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace or TokenKind.End;
}
