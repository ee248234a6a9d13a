namespace AlertFunctions.Kql.Syntax;

/// <summary>
/// Expressions, from the loosest operator to the tightest: or, and, equality, relational, additive, multiplicative, string
/// operators, sign. Equality, relational and string operators do not chain: <c>a == b == c</c> is a fault.
/// </summary>
internal sealed partial class Parser
{
    /// <summary>Whether <c>:</c> is an operator here, as in the predicates of search and find.</summary>
    private bool _hasSearchTerms;

    /// <summary>Whether names may have wildcards here, as in the lists of tables of union, find and search.</summary>
    private bool _hasWildcards;

    private Expression ParseExpression()
    {
        var start = Current.Start;
        if (!TryEnter(start))
        {
            return new MissingExpression(FoundSpan());
        }

        var expression = Beside(parser => parser.ParseLogical(BinaryOperator.Or, "or"));
        _depth--;
        return expression;
    }

    /// <summary>A chain of <c>and</c> or <c>or</c>. Both are associative, and a balanced tree of a thousand terms is ten levels tall.</summary>
    private Expression ParseLogical(BinaryOperator logical, string word)
    {
        var start = Current.Start;
        var first = ParseLogicalOperand(logical);
        if (!AtWord(word))
        {
            return first;
        }

        var operands = new List<Expression> { first };
        var operators = new List<TextSpan>();
        while (AtWord(word))
        {
            operators.Add(Take().Span);
            operands.Add(Beside(parser => parser.ParseLogicalOperand(logical)));
        }

        Grow(start, int.Log2(operands.Count) + 1);
        return Balance(logical, operands, operators, 0, operands.Count);
    }

    private Expression ParseLogicalOperand(BinaryOperator logical) =>
        logical == BinaryOperator.Or ? ParseLogical(BinaryOperator.And, "and") : ParseBinary(KqlFacts.Precedence.Equality);

    private static Expression Balance(
        BinaryOperator logical, List<Expression> operands, List<TextSpan> operators, int from, int to)
    {
        if (to - from == 1)
        {
            return operands[from];
        }

        var middle = from + (to - from + 1) / 2;
        var left = Balance(logical, operands, operators, from, middle);
        var right = Balance(logical, operands, operators, middle, to);
        return new BinaryExpression(Join(left, right), logical, operators[middle - 1], left, right);
    }

    private static TextSpan Join(Expression left, Expression right) =>
        TextSpan.FromBounds(left.Span.Start, Math.Max(left.Span.Start, right.Span.End));

    private Expression ParseBinary(KqlFacts.Precedence precedence)
    {
        var start = Current.Start;
        var left = ParseUnary();
        for (var level = KqlFacts.Precedence.StringOperator; level >= precedence; level--)
        {
            left = ParseOperations(level, start, left);
        }

        return left;
    }

    private Expression ParseOperations(KqlFacts.Precedence level, int start, Expression left)
    {
        while (TryParseOperation(level, start, left) is { } operation)
        {
            left = operation;
            if (level is KqlFacts.Precedence.Additive or KqlFacts.Precedence.Multiplicative)
            {
                continue;
            }

            if (IsOperatorOf(level))
            {
                Report(
                    "KQL023",
                    Current.Span,
                    $"{Found()} cannot follow another comparison",
                    "Put one of both into parentheses, or join them with 'and'.");
            }

            break;
        }

        return left;
    }

    private bool IsOperatorOf(KqlFacts.Precedence precedence) =>
        FindOperator(precedence) is not null
        || (precedence == KqlFacts.Precedence.Equality && (FindListOperator().Length > 0 || FindBetween() > 0));

    private Expression? TryParseOperation(KqlFacts.Precedence precedence, int start, Expression left)
    {
        if (FindOperator(precedence) is var (binary, length) && length > 0)
        {
            var span = TakeOperator(length);
            var right = Beside(parser => parser.ParseBinary(precedence + 1));
            Grow(start);
            return new BinaryExpression(Join(left, right), binary, span, left, right);
        }

        if (precedence != KqlFacts.Precedence.Equality)
        {
            return null;
        }

        var list = FindListOperator();
        if (list.Length > 0)
        {
            return ParseListOperation(start, left, list.Operator, TakeOperator(list.Length));
        }

        var between = FindBetween();
        return between > 0 ? ParseBetween(start, left, between == 2, TakeOperator(between)) : null;
    }

    private TextSpan TakeOperator(int length)
    {
        var start = Current.Start;
        _index += length;
        return SpanFrom(start);
    }

    /// <summary>The operator of the precedence at the current token, and how many tokens it takes.</summary>
    private (BinaryOperator Operator, int Length)? FindOperator(KqlFacts.Precedence precedence) =>
        (precedence, Current.Kind) switch
        {
            (KqlFacts.Precedence.Equality, TokenKind.EqualsEquals) => (BinaryOperator.Equal, 1),
            (KqlFacts.Precedence.Equality, TokenKind.BangEquals or TokenKind.LessGreater) => (BinaryOperator.NotEqual, 1),
            (KqlFacts.Precedence.Equality, TokenKind.EqualsTilde) => (BinaryOperator.EqualIgnoreCase, 1),
            (KqlFacts.Precedence.Equality, TokenKind.BangTilde) => (BinaryOperator.NotEqualIgnoreCase, 1),
            (KqlFacts.Precedence.Relational, TokenKind.Less) => (BinaryOperator.Less, 1),
            (KqlFacts.Precedence.Relational, TokenKind.LessEquals) => (BinaryOperator.LessOrEqual, 1),
            (KqlFacts.Precedence.Relational, TokenKind.Greater) => (BinaryOperator.Greater, 1),
            (KqlFacts.Precedence.Relational, TokenKind.GreaterEquals) => (BinaryOperator.GreaterOrEqual, 1),
            (KqlFacts.Precedence.Additive, TokenKind.Plus) => (BinaryOperator.Add, 1),
            (KqlFacts.Precedence.Additive, TokenKind.Minus) => (BinaryOperator.Subtract, 1),
            (KqlFacts.Precedence.Multiplicative, TokenKind.Star) => (BinaryOperator.Multiply, 1),
            (KqlFacts.Precedence.Multiplicative, TokenKind.Slash) => (BinaryOperator.Divide, 1),
            (KqlFacts.Precedence.Multiplicative, TokenKind.Percent) => (BinaryOperator.Modulo, 1),
            (KqlFacts.Precedence.StringOperator, _) => FindStringOperator(),
            _ => null,
        };

    private (BinaryOperator Operator, int Length)? FindStringOperator()
    {
        if (At(TokenKind.Colon) && _hasSearchTerms)
        {
            return (BinaryOperator.SearchTerm, 1);
        }

        if (At(TokenKind.Identifier))
        {
            if (AtWord("matches") && IsWord(Peek(), "regex"))
            {
                return (BinaryOperator.MatchesRegex, 2);
            }

            return StringOperators.TryGetValue(TextOf(Current), out var plain) ? (plain, 1) : null;
        }

        return At(TokenKind.Bang) && Peek().Kind == TokenKind.Identifier && IsAdjacent(_index + 1)
            && NegatedOperators.TryGetValue(TextOf(Peek()), out var negated) ? (negated, 2) : null;
    }

    private static readonly System.Collections.Frozen.FrozenDictionary<string, BinaryOperator>.AlternateLookup<ReadOnlySpan<char>>
        StringOperators = KqlFacts.StringOperators.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly System.Collections.Frozen.FrozenDictionary<string, BinaryOperator>.AlternateLookup<ReadOnlySpan<char>>
        NegatedOperators = KqlFacts.NegatedOperators.GetAlternateLookup<ReadOnlySpan<char>>();

    private (ListOperator Operator, int Length) FindListOperator()
    {
        var isNegated = At(TokenKind.Bang) && IsAdjacent(_index + 1);
        var word = Peek(isNegated ? 1 : 0);
        if (word.Kind != TokenKind.Identifier)
        {
            return default;
        }

        var length = isNegated ? 2 : 1;
        switch (TextOf(word))
        {
            case "in":
                var ignoresCase = Peek(length).Kind == TokenKind.Tilde && IsAdjacent(_index + length);
                return (isNegated, ignoresCase) switch
                {
                    (false, false) => (ListOperator.In, length),
                    (true, false) => (ListOperator.NotIn, length),
                    (false, true) => (ListOperator.InIgnoreCase, length + 1),
                    (true, true) => (ListOperator.NotInIgnoreCase, length + 1),
                };
            case "has_any" when !isNegated:
                return (ListOperator.HasAny, length);
            case "has_all" when !isNegated:
                return (ListOperator.HasAll, length);
            default:
                return default;
        }
    }

    /// <summary>How many tokens <c>between</c> (1) or <c>!between</c> (2) takes here; 0 where it does not stand here.</summary>
    private int FindBetween()
    {
        if (AtWord("between"))
        {
            return 1;
        }

        return At(TokenKind.Bang) && IsAdjacent(_index + 1) && IsWord(Peek(), "between") ? 2 : 0;
    }

    private ListExpression ParseListOperation(int start, Expression left, ListOperator list, TextSpan span)
    {
        var items = ImmutableArray<Expression>.Empty;
        if (OpenGroup(TokenKind.OpenParen, "'(' and the values to compare with"))
        {
            items = At(TokenKind.CloseParen) ? [] : ParseList(ParsePipe);
            CloseGroup(TokenKind.CloseParen, "',' or ')'");
        }

        Grow(start);
        return new ListExpression(SpanFrom(left.Span.Start), list, span, left, items);
    }

    private BetweenExpression ParseBetween(int start, Expression left, bool isNegated, TextSpan span)
    {
        Expression low, high;
        if (OpenGroup(TokenKind.OpenParen, "'(' and a range, (low .. high)"))
        {
            low = ParseExpression();
            Expect(TokenKind.DotDot, "'..'", "A range is written (low .. high).");
            high = ParseExpression();
            CloseGroup(TokenKind.CloseParen, "')'");
        }
        else
        {
            low = high = new MissingExpression(FoundSpan());
        }

        Grow(start);
        return new BetweenExpression(SpanFrom(left.Span.Start), isNegated, span, left, low, high);
    }

    private Expression ParseUnary()
    {
        if (Current.Kind is not (TokenKind.Minus or TokenKind.Plus))
        {
            return ParsePostfix();
        }

        var sign = Take();
        if (sign.Kind == TokenKind.Minus && TryParseNegativeLiteral(sign) is { } literal)
        {
            return ParsePostfix(literal);
        }

        if (Current.Kind is TokenKind.Minus or TokenKind.Plus)
        {
            return Missing("an expression");
        }

        var operand = ParsePostfix();
        Grow(sign.Start);
        return new UnaryExpression(
            SpanFrom(sign.Start),
            sign.Kind == TokenKind.Minus ? UnaryOperator.Minus : UnaryOperator.Plus,
            sign.Span,
            operand);
    }

    private Expression ParsePostfix() => ParsePostfix(ParsePrimary());

    private Expression ParsePostfix(Expression expression)
    {
        var start = expression.Span.Start;
        while (true)
        {
            if (At(TokenKind.Dot))
            {
                _index++;
                expression = ParseMember(start, expression);
            }
            else if (At(TokenKind.OpenBracket))
            {
                _openBrackets++;
                _index++;
                var index = ParseExpression();
                CloseGroup(TokenKind.CloseBracket, "']'");
                expression = new IndexExpression(SpanFrom(start), expression, index);
            }
            else
            {
                return expression;
            }

            Grow(start);
        }
    }

    private Expression ParseMember(int start, Expression target)
    {
        if (TryParseBracketedName(out var bracketed))
        {
            return new MemberExpression(SpanFrom(start), target, new NameExpression(bracketed.Span, bracketed.Text));
        }

        if (At(TokenKind.OpenBracket))
        {
            // d.[0] is d[0].
            return target;
        }

        if (_hasWildcards && TryParseWildcard(out var wildcard))
        {
            return new MemberExpression(SpanFrom(start), target, wildcard);
        }

        var name = ParseName("a name behind '.'");
        Expression member = At(TokenKind.OpenParen) ? ParseCall(name) : new NameExpression(name.Span, name.Text);
        return new MemberExpression(SpanFrom(start), target, member);
    }

    /// <summary>Reads <c>Kube*</c>, <c>*_CL</c> or <c>*</c> where it stands here.</summary>
    private bool TryParseWildcard(out Expression wildcard)
    {
        var start = Current.Start;
        var length = 0;
        var hasStar = false;
        while (Peek(length).Kind is TokenKind.Identifier or TokenKind.Star or TokenKind.Long
            && (length == 0 || IsAdjacent(_index + length)))
        {
            hasStar |= Peek(length).Kind == TokenKind.Star;
            length++;
        }

        if (!hasStar)
        {
            wildcard = new MissingExpression(default);
            return false;
        }

        _index += length;
        var span = SpanFrom(start);
        wildcard = length == 1 ? new StarExpression(span) : new WildcardExpression(span, text.Substring(span.Start, span.Length));
        return true;
    }

    private CallExpression ParseCall(Identifier name)
    {
        // toscalar and materialize take a pipe without parentheses of its own.
        Func<Expression> parseValue = name.Text is "toscalar" or "materialize" ? ParsePipe : ParseExpression;
        _index++;
        _openBrackets++;
        var (searchTerms, wildcards) = (_hasSearchTerms, _hasWildcards);
        _hasWildcards = false;
        _hasSearchTerms = searchTerms && name.Text == "not";
        var arguments = At(TokenKind.CloseParen) ? [] : ParseList(() => ParseNamed(parseValue));
        (_hasSearchTerms, _hasWildcards) = (searchTerms, wildcards);
        CloseGroup(
            TokenKind.CloseParen, "',' or ')'", At(TokenKind.Bar) ? "A query among arguments needs parentheses of its own." : null);
        Grow(name.Span.Start);
        return new CallExpression(SpanFrom(name.Span.Start), name, arguments);
    }

    /// <summary><c>value</c>, <c>name = value</c> or <c>(a, b) = value</c>.</summary>
    private NamedExpression ParseNamed() => ParseNamed(ParseExpression);

    private NamedExpression ParseNamed(Func<Expression> parseValue)
    {
        var start = Current.Start;
        var names = ImmutableArray<Identifier>.Empty;
        var isTuple = false;
        var length = NameLength();
        if (length > 0 && Peek(length).Kind == TokenKind.Equals)
        {
            names = [ParseName()];
            _index++;
        }
        else if (At(TokenKind.OpenParen) && IsTupleOfNames())
        {
            names = ParseGroup("'('", () => ParseName());
            isTuple = true;
            _index++;
        }

        var value = parseValue();
        return new NamedExpression(SpanFrom(start), names, isTuple, value);
    }

    private bool IsTupleOfNames()
    {
        var ahead = 1;
        while (true)
        {
            var length = NameLength(ahead);
            if (length == 0)
            {
                return false;
            }

            ahead += length;
            if (Peek(ahead).Kind != TokenKind.Comma)
            {
                return Peek(ahead).Kind == TokenKind.CloseParen && Peek(ahead + 1).Kind == TokenKind.Equals;
            }

            ahead++;
        }
    }

    private MissingExpression Missing(string what)
    {
        var hint = At(TokenKind.Identifier) && !KqlFacts.IsExpressionName(TextOf(Current).ToString())
            ? $"As a name it is written ['{TextOf(Current)}']."
            : null;
        Report("KQL010", FoundSpan(), $"Expected {what}, found {Found()}", hint);
        return new MissingExpression(new TextSpan(LastEnd, 0));
    }
}
