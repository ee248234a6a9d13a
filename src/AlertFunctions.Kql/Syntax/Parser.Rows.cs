namespace AlertFunctions.Kql.Syntax;

/// <summary>Operators that choose, order and change rows and columns.</summary>
internal sealed partial class Parser
{
    private WhereOperator ParseWhere(TextSpan keyword)
    {
        var predicate = ParseExpression();
        if (At(TokenKind.Equals))
        {
            Report("KQL021", Current.Span, "'=' gives a name; it does not compare", "Compare with '==', or '=~' to ignore case.");
        }

        return new WhereOperator(keyword, keyword, predicate);
    }

    private TakeOperator ParseTake(TextSpan keyword)
    {
        var parameters = ParseParameters();
        return new TakeOperator(keyword, keyword, ParseExpression()) { Parameters = parameters };
    }

    private SampleOperator ParseSample(TextSpan keyword) => new(keyword, keyword, ParseExpression());

    private SampleDistinctOperator ParseSampleDistinct(TextSpan keyword)
    {
        var count = ParseExpression();
        ExpectWord("of");
        return new SampleDistinctOperator(keyword, keyword, count, ParseNamed());
    }

    private SortOperator ParseSort(TextSpan keyword)
    {
        ExpectWord("by");
        return new SortOperator(keyword, keyword, ParseList(ParseOrdered));
    }

    private TopOperator ParseTop(TextSpan keyword)
    {
        var parameters = ParseParameters();
        var count = ParseExpression();
        ExpectWord("by", "'take' needs no order.");
        return new TopOperator(keyword, keyword, count, ParseOrdered()) { Parameters = parameters };
    }

    private OrderedExpression ParseOrdered()
    {
        var start = Current.Start;
        var key = ParseNamed();
        var direction = ParseDirection();
        NullsOrder? nulls = null;
        if (TryTakeWord("nulls"))
        {
            nulls = TryTakeWord("first") ? NullsOrder.First : NullsOrder.Last;
            if (nulls == NullsOrder.Last)
            {
                ExpectWord("last");
            }
        }

        return new OrderedExpression(SpanFrom(start), key, direction, nulls);
    }

    private SortDirection? ParseDirection()
    {
        if (TryTakeWord("asc"))
        {
            return SortDirection.Ascending;
        }

        return TryTakeWord("desc") ? SortDirection.Descending : null;
    }

    private SerializeOperator ParseSerialize(TextSpan keyword)
    {
        var parameters = ParseParameters();
        return new SerializeOperator(keyword, keyword, AtOperatorEnd() ? [] : ParseList(ParseNamed))
        {
            Parameters = parameters,
        };
    }

    private bool AtOperatorEnd() => AtGroupEnd() || Current.Kind is TokenKind.Bar or TokenKind.Semicolon;

    private ExtendOperator ParseExtend(TextSpan keyword)
    {
        var parameters = ParseParameters();
        return new ExtendOperator(keyword, keyword, ParseList(ParseNamed)) { Parameters = parameters };
    }

    private ProjectOperator ParseProject(TextSpan keyword)
    {
        var parameters = ParseParameters();
        if (At(TokenKind.Star))
        {
            Report(
                "KQL010", Current.Span, "project takes no '*'", "extend keeps all columns; project-away leaves some out.");
        }

        return new ProjectOperator(keyword, keyword, AtOperatorEnd() ? [] : ParseList(ParseNamed))
        {
            Parameters = parameters,
        };
    }

    /// <summary>A name, perhaps with wildcards.</summary>
    private Expression ParseColumnPattern()
    {
        if (TryParseWildcard(out var wildcard))
        {
            return wildcard;
        }

        var name = ParseName("a column's name");
        return new NameExpression(name.Span, name.Text);
    }

    private ProjectRenameOperator ParseProjectRename(TextSpan keyword) => new(keyword, keyword, ParseList(ParseNamed));

    private ReorderedColumns ParseReorderedColumns()
    {
        var start = Current.Start;
        var columns = ParseColumnPattern();
        var order = ColumnOrder.None;
        if (AtWord("granny") && Peek().Kind == TokenKind.Minus && IsAdjacent(_index + 1))
        {
            _index += 2;
            order = TryTakeWord("asc") ? ColumnOrder.GrannyAscending : ColumnOrder.GrannyDescending;
            if (order == ColumnOrder.GrannyDescending)
            {
                ExpectWord("desc");
            }
        }
        else if (ParseDirection() is { } direction)
        {
            order = direction == SortDirection.Ascending ? ColumnOrder.Ascending : ColumnOrder.Descending;
        }

        return new ReorderedColumns(SpanFrom(start), columns, order);
    }

    private DistinctOperator ParseDistinct(TextSpan keyword)
    {
        var parameters = ParseParameters();
        return new DistinctOperator(keyword, keyword, ParseList(ParseNamed)) { Parameters = parameters };
    }

    private RangeOperator ParseRange(TextSpan keyword)
    {
        var name = ParseName();
        ExpectWord("from");
        var from = ParseExpression();
        ExpectWord("to");
        var to = ParseExpression();
        ExpectWord("step");
        return new RangeOperator(keyword, keyword, name, from, to, ParseExpression());
    }

    private AsOperator ParseAs(TextSpan keyword)
    {
        var parameters = ParseParameters();
        return new AsOperator(keyword, keyword, ParseName()) { Parameters = parameters };
    }

    private ConsumeOperator ParseConsume(TextSpan keyword)
    {
        var parameters = ParseParameters("decodeblocks");
        return new ConsumeOperator(keyword, keyword) { Parameters = parameters };
    }

    private InvokeOperator ParseInvoke(TextSpan keyword)
    {
        var function = ParsePostfix();
        if (function is not (CallExpression or MemberExpression { Member: CallExpression } or MissingExpression))
        {
            Report("KQL011", function.Span, "Expected a function's call", "invoke takes name(arguments).");
        }

        return new InvokeOperator(keyword, keyword, function);
    }

    private EvaluateOperator ParseEvaluate(TextSpan keyword)
    {
        var parameters = ParseParameters();
        var name = ParseName("a plugin's name");
        CallExpression plugin;
        if (At(TokenKind.OpenParen))
        {
            plugin = ParseCall(name);
        }
        else
        {
            ReportExpected("'(' and the plugin's arguments");
            plugin = new CallExpression(name.Span, name, []);
        }

        var schema = TryTake(TokenKind.Colon) ? ParseSchema() : null;
        return new EvaluateOperator(keyword, keyword, plugin, schema) { Parameters = parameters };
    }

    private RenderOperator ParseRender(TextSpan keyword)
    {
        Identifier visualization;
        if (At(TokenKind.Long) && IsAdjacent(_index + 1) && Peek().Kind == TokenKind.Identifier)
        {
            _index += 2;
            visualization = new Identifier(SpanFrom(Peek(-2).Start), text[Peek(-2).Start..LastEnd]);
        }
        else
        {
            visualization = At(TokenKind.Identifier) ? TakeWord() : ParseName("a visualization, such as timechart");
        }

        var properties = ImmutableArray.CreateBuilder<RenderProperty>();
        if (TryTakeWord("with"))
        {
            properties.AddRange(ParseGroup("'(' and properties", ParseRenderProperty));
        }
        else
        {
            while (At(TokenKind.Identifier) && (Peek().Kind == TokenKind.Equals || AtWord("by")))
            {
                properties.Add(ParseRenderProperty());
            }
        }

        return new RenderOperator(keyword, keyword, visualization, properties.DrainToImmutable());
    }

    /// <summary><c>title = 'x'</c>, <c>ycolumns = a, b</c>, or the old <c>by a, b</c>.</summary>
    private RenderProperty ParseRenderProperty()
    {
        var start = Current.Start;
        var isBy = AtWord("by");
        var name = At(TokenKind.Identifier) ? TakeWord() : ParseName("a property's name");
        if (!isBy)
        {
            Expect(TokenKind.Equals, "'='");
        }

        var values = new List<string> { ParseRenderValue() };
        while (At(TokenKind.Comma) && NameLength(1) > 0 && Peek(1 + NameLength(1)).Kind != TokenKind.Equals)
        {
            _index++;
            values.Add(ParseRenderValue());
        }

        return new RenderProperty(SpanFrom(start), name, string.Join(',', values));
    }

    private string ParseRenderValue()
    {
        var start = Current.Start;
        return ParseParameterValue() switch
        {
            NameExpression name => name.Name,
            LiteralExpression { Value: string value } => value,
            _ => text[start..Math.Max(start, LastEnd)],
        };
    }
}
