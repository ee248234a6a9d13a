namespace AlertFunctions.Kql.Syntax;

/// <summary>Statements and the bodies of functions.</summary>
internal sealed partial class Parser
{
    public QueryScript ParseScript()
    {
        var statements = ParseStatements();
        return new QueryScript(new TextSpan(0, text.Length), statements);
    }

    public QueryScript ParseFunctionText()
    {
        var lambda = ParseLambda();
        if (!At(TokenKind.End))
        {
            ReportExpected("the end of the function");
        }

        return new QueryScript(new TextSpan(0, text.Length), [new ExpressionStatement(lambda.Span, lambda)]);
    }

    /// <summary>Statements up to the end of the query or of the braces around them.</summary>
    private ImmutableArray<Statement> ParseStatements()
    {
        var statements = ImmutableArray.CreateBuilder<Statement>();
        while (!At(TokenKind.End) && !(At(TokenKind.CloseBrace) && _openBrackets > 0))
        {
            if (At(TokenKind.Semicolon))
            {
                ReportAndContinue("KQL010", Current.Span, "Expected a statement, found ';'");
                _index++;
                continue;
            }

            var before = _index;
            statements.Add(ParseStatement());
            Recover();
            if (TryTake(TokenKind.Semicolon))
            {
                continue;
            }

            if (At(TokenKind.End) || (At(TokenKind.CloseBrace) && _openBrackets > 0))
            {
                break;
            }

            ReportExpected("';'");
            if (_index == before || At(TokenKind.Bar))
            {
                _index++;
            }

            Recover();
            while (At(TokenKind.Bar))
            {
                _index++;
                _isRecovering = true;
                Recover();
            }

            if (!TryTake(TokenKind.Semicolon) && _openBrackets > 0)
            {
                // Another bracket than the body's ends here: its owner goes on.
                break;
            }
        }

        return statements.DrainToImmutable();
    }

    private Statement ParseStatement()
    {
        var start = Current.Start;
        var next = Peek().Kind;
        if (At(TokenKind.Identifier))
        {
            switch (TextOf(Current))
            {
                case "let" when next is TokenKind.Identifier or TokenKind.OpenBracket:
                    return ParseLet();
                case "set" when next == TokenKind.Identifier:
                    return ParseSet();
                case "declare" when next == TokenKind.Identifier:
                    return ParseDeclare();
                case "alias" when next == TokenKind.Identifier:
                    return ParseAlias();
                case "restrict" when next == TokenKind.Identifier:
                    return ParseRestrict();
            }
        }

        var expression = ParsePipe();
        return new ExpressionStatement(SpanFrom(start), expression);
    }

    private LetStatement ParseLet()
    {
        var start = Take().Start;
        var name = ParseName();
        Expect(TokenKind.Equals, "'='");
        var value = IsLambda() ? ParseLambda() : ParsePipe();
        return new LetStatement(SpanFrom(start), name, value);
    }

    /// <summary>Whether <c>(a:type ...)</c>, <c>() {</c> or <c>view (...) {</c> stands here.</summary>
    private bool IsLambda()
    {
        if (At(TokenKind.OpenBrace))
        {
            return true;
        }

        if (AtWord("view") && Peek().Kind == TokenKind.OpenParen)
        {
            return true;
        }

        if (!At(TokenKind.OpenParen))
        {
            return false;
        }

        if (Peek().Kind == TokenKind.CloseParen)
        {
            return true;
        }

        var length = NameLength(1);
        return length > 0 && Peek(1 + length).Kind == TokenKind.Colon;
    }

    private LambdaExpression ParseLambda()
    {
        var start = Current.Start;
        var isView = AtWord("view");
        if (isView)
        {
            _index++;
        }

        var parameters = At(TokenKind.OpenParen) ? ParseGroup("'('", ParseFunctionParameter) : [];
        var body = ParseFunctionBody();
        return new LambdaExpression(SpanFrom(start), isView, parameters, body);
    }

    private FunctionBody ParseFunctionBody()
    {
        var start = Current.Start;
        var statements = ImmutableArray<Statement>.Empty;
        Expression? result = null;
        if (TryEnter(start))
        {
            if (OpenGroup(TokenKind.OpenBrace, "'{' and the function's body"))
            {
                statements = ParseStatements();
                CloseGroup(TokenKind.CloseBrace, "'}'");
                if (statements.LastOrDefault() is ExpressionStatement last)
                {
                    result = last.Expression;
                    statements = statements.RemoveAt(statements.Length - 1);
                }
                else
                {
                    Report("KQL025", SpanFrom(start), "The function's body has no result", "It ends with an expression.");
                    _isRecovering = false;
                }
            }

            _depth--;
        }

        return new FunctionBody(SpanFrom(start), statements, result);
    }

    private SetStatement ParseSet()
    {
        var start = Take().Start;
        var name = ParseName();
        var value = TryTake(TokenKind.Equals) ? ParseParameterValue() : null;
        return new SetStatement(SpanFrom(start), name, value);
    }

    private Statement ParseDeclare()
    {
        var start = Take().Start;
        if (TryTakeWord("query_parameters"))
        {
            var parameters = ParseGroup("'(' and the parameters", ParseFunctionParameter);
            if (parameters.IsEmpty)
            {
                Report("KQL011", SpanFrom(start), "Expected a parameter's name and type");
            }

            return new QueryParametersStatement(SpanFrom(start), parameters);
        }

        if (TryTakeWord("pattern"))
        {
            var name = ParseName();
            SkipPatternBody();
            return new PatternStatement(SpanFrom(start), name);
        }

        ReportExpected("'query_parameters' or 'pattern'");
        return new ExpressionStatement(SpanFrom(start), new MissingExpression(SpanFrom(start)));
    }

    private void SkipPatternBody()
    {
        var depth = 0;
        while (!At(TokenKind.End) && (depth > 0 || !At(TokenKind.Semicolon)))
        {
            depth += Current.Kind switch
            {
                TokenKind.OpenBrace => 1,
                TokenKind.CloseBrace => -1,
                _ => 0,
            };
            _index++;
        }
    }

    private AliasStatement ParseAlias()
    {
        var start = Take().Start;
        ExpectWord("database");
        var name = ParseName();
        Expect(TokenKind.Equals, "'='");
        var target = ParseExpression();
        return new AliasStatement(SpanFrom(start), name, target);
    }

    private RestrictStatement ParseRestrict()
    {
        var start = Take().Start;
        ExpectWord("access");
        ExpectWord("to");
        var entities = ParseGroup("'(' and what may be read", ParseTable);
        return new RestrictStatement(SpanFrom(start), entities);
    }
}
