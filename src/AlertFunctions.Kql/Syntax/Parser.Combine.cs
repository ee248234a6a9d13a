namespace AlertFunctions.Kql.Syntax;

/// <summary>Operators that combine tables or give each part of one its own operators.</summary>
internal sealed partial class Parser
{
    private JoinOperator ParseJoin(TextSpan keyword)
    {
        var parameters = ParseParameters("kind", "withsource", "with_source", "isfuzzy");
        var right = ParseTableOperand();
        if (AtWord("where"))
        {
            ReportExpected("'on' and the columns to join by");
        }

        ImmutableArray<Expression> on = TryTakeWord("on") ? ParseList(ParseExpression) : [];
        return new JoinOperator(keyword, keyword, right, on) { Parameters = parameters };
    }

    private LookupOperator ParseLookup(TextSpan keyword)
    {
        var parameters = ParseParameters("kind");
        var right = ParseTableOperand();
        ImmutableArray<Expression> on = TryTakeWord("on") ? ParseList(ParseExpression) : [];
        return new LookupOperator(keyword, keyword, right, on) { Parameters = parameters };
    }

    /// <summary>The right side of a join: a name, a call or a pipe in parentheses.</summary>
    private Expression ParseTableOperand()
    {
        if (At(TokenKind.Identifier) && Peek().Kind == TokenKind.Equals)
        {
            Report("KQL026", Current.Span, $"There is no parameter {Found()} here");
        }

        return ParseDepthChecked(ParsePostfix);
    }

    private Expression ParseDepthChecked(Func<Expression> parse)
    {
        if (!TryEnter(Current.Start))
        {
            return new MissingExpression(FoundSpan());
        }

        var expression = Beside(_ => parse());
        _depth--;
        return expression;
    }

    private UnionOperator ParseUnion(TextSpan keyword)
    {
        var parameters = ParseParameters("kind", "withsource", "with_source", "isfuzzy");
        if (At(TokenKind.Identifier) && Peek().Kind == TokenKind.Equals)
        {
            Report("KQL026", Current.Span, $"union has no parameter {Found()}");
        }

        return new UnionOperator(keyword, keyword, ParseList(ParseTable)) { Parameters = parameters };
    }

    /// <summary>A table in a list: a name with or without wildcards, a path, a call or a pipe in parentheses.</summary>
    private Expression ParseTable()
    {
        if (TryParseWildcard(out var wildcard))
        {
            return wildcard;
        }

        var outer = _hasWildcards;
        _hasWildcards = true;
        var table = ParseDepthChecked(ParsePostfix);
        _hasWildcards = outer;
        return table;
    }

    private ForkOperator ParseFork(TextSpan keyword)
    {
        var branches = ImmutableArray.CreateBuilder<ForkBranch>();
        do
        {
            var start = Current.Start;
            Identifier? name = null;
            if (NameLength() > 0)
            {
                name = ParseName();
                Expect(TokenKind.Equals, "'='");
            }

            var pipe = ParseSubpipe();
            branches.Add(new ForkBranch(SpanFrom(start), name, pipe));
        }
        while (!_isRecovering && (At(TokenKind.OpenParen) || NameLength() > 0));
        return new ForkOperator(keyword, keyword, branches.DrainToImmutable());
    }

    private FacetOperator ParseFacet(TextSpan keyword)
    {
        ExpectWord("by");
        var by = ParseList(ParseColumnPattern);
        Subpipe? with = null;
        if (TryTakeWord("with"))
        {
            if (At(TokenKind.OpenParen))
            {
                with = ParseSubpipe();
            }
            else
            {
                var single = ParseOperator();
                with = new Subpipe(single.Span, [single]);
            }
        }

        return new FacetOperator(keyword, keyword, by, with);
    }

    private PartitionOperator ParsePartition(TextSpan keyword)
    {
        var parameters = ParseParameters();
        ExpectWord("by");
        var name = ParseName("a column's name");
        Expression by = new NameExpression(name.Span, name.Text);
        while (At(TokenKind.Dot) && NameLength(1) > 0)
        {
            _index++;
            var member = ParseName();
            by = new MemberExpression(SpanFrom(name.Span.Start), by, new NameExpression(member.Span, member.Text));
        }

        if (!At(TokenKind.OpenBrace))
        {
            var pipe = ParseSubpipe();
            return new PartitionOperator(keyword, keyword, by, pipe, null) { Parameters = parameters };
        }

        _openBrackets++;
        _index++;
        var query = ParsePipe();
        CloseGroup(TokenKind.CloseBrace, "'|' or '}'");
        return new PartitionOperator(keyword, keyword, by, null, query) { Parameters = parameters };
    }

    private SearchOperator ParseSearch(TextSpan keyword)
    {
        var parameters = ParseParameters("kind");
        var tables = ParseInTables();
        _hasSearchTerms = true;
        var predicate = ParseExpression();
        _hasSearchTerms = false;
        return new SearchOperator(keyword, keyword, tables, predicate) { Parameters = parameters };
    }

    /// <summary><c>in (T, Wild*)</c>, or nothing.</summary>
    private ImmutableArray<Expression> ParseInTables()
    {
        if (!AtWord("in") || Peek().Kind != TokenKind.OpenParen)
        {
            return [];
        }

        _index++;
        return ParseGroup("'('", ParseTable);
    }

    private FindOperator ParseFind(TextSpan keyword)
    {
        var parameters = ParseParameters("withsource", "with_source", "datascope");
        var tables = ParseInTables();
        if (!TryTakeWord("where") && !tables.IsEmpty)
        {
            ReportExpected("'where' and a predicate");
        }

        _hasSearchTerms = true;
        var predicate = ParseExpression();
        _hasSearchTerms = false;
        ImmutableArray<FindColumn> columns = [];
        var isSmart = false;
        var word = ReadOperatorName(out var length);
        switch (word)
        {
            case "project":
                _index += length;
                columns = ParseList(ParseFindColumn);
                break;
            case "project-smart":
                _index += length;
                isSmart = true;
                break;
        }

        return new FindOperator(keyword, keyword, tables, predicate, columns, isSmart) { Parameters = parameters };
    }

    private FindColumn ParseFindColumn()
    {
        var start = Current.Start;
        if (AtWord("pack") && Peek().Kind == TokenKind.OpenParen && Peek(2).Kind == TokenKind.Star)
        {
            _openBrackets++;
            _index += 2;
            var star = new StarExpression(Take().Span);
            CloseGroup(TokenKind.CloseParen, "')'");
            return new FindColumn(SpanFrom(start), star, null, IsPack: true);
        }

        var column = ParseColumnPattern();
        KqlType? type = TryTake(TokenKind.Colon) ? ParseType(out _) : null;
        return new FindColumn(SpanFrom(start), column, type, IsPack: false);
    }
}
