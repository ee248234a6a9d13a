namespace AlertFunctions.Kql.Syntax;

/// <summary>Operators that take values apart: mv-expand, mv-apply, parse, scan.</summary>
internal sealed partial class Parser
{
    private MvExpandOperator ParseMvExpand(TextSpan keyword, bool isLegacy)
    {
        var parameters = ParseParameters("kind", "bagexpansion", "with_itemindex", "id");
        var columns = ParseList(ParseExpandedColumn);
        var limit = TryTakeWord("limit") ? ParseExpression() : null;
        return new MvExpandOperator(keyword, keyword, columns, limit) { Parameters = parameters, IsLegacy = isLegacy };
    }

    private MvApplyOperator ParseMvApply(TextSpan keyword)
    {
        var parameters = ParseParameters("with_itemindex", "id");
        var columns = ParseList(ParseExpandedColumn);
        var limit = TryTakeWord("limit") ? ParseExpression() : null;
        ExpectWord("on");
        return new MvApplyOperator(keyword, keyword, columns, limit, ParseSubpipe()) { Parameters = parameters };
    }

    private ExpandedColumn ParseExpandedColumn()
    {
        var start = Current.Start;
        var column = ParseNamed();
        TypeOfExpression? to = null;
        if (TryTakeWord("to"))
        {
            if (AtWord("typeof"))
            {
                to = ParseTypeOf();
            }
            else
            {
                ReportExpected("typeof(...)");
            }
        }

        return new ExpandedColumn(SpanFrom(start), column, to);
    }

    private ParseOperator ParseParse(TextSpan keyword, bool dropsUnmatched)
    {
        var parameters = ParseParameters("kind", "flags");
        var value = ParseExpression();
        ExpectWord("with");
        var pattern = ImmutableArray.CreateBuilder<ParsePart>();
        while (!AtOperatorEnd() && !_isRecovering)
        {
            pattern.Add(ParsePatternPart());
        }

        return new ParseOperator(keyword, keyword, value, pattern.DrainToImmutable(), dropsUnmatched)
        {
            Parameters = parameters,
        };
    }

    private ParsePart ParsePatternPart()
    {
        var start = Current.Start;
        if (TryTake(TokenKind.Star))
        {
            return new ParseSkip(SpanFrom(start));
        }

        if (At(TokenKind.String))
        {
            var literal = ParseString();
            return new ParseText(literal.Span, (string)literal.Value!);
        }

        var name = ParseName("a text, '*' or a column's name");
        KqlType? type = TryTake(TokenKind.Colon) ? ParseType(out _) : null;
        return new ParseColumn(SpanFrom(start), name, type);
    }

    private ParseKvOperator ParseParseKv(TextSpan keyword)
    {
        var value = ParseExpression();
        ExpectWord("as");
        var schema = ParseSchema();
        return new ParseKvOperator(keyword, keyword, value, schema, ParseWithProperties());
    }

    private ScanOperator ParseScan(TextSpan keyword)
    {
        var parameters = ParseParameters("with_match_id", "kind");
        ImmutableArray<OrderedExpression> orderBy = [];
        ImmutableArray<Expression> partitionBy = [];
        ImmutableArray<ScanColumn> declared = [];
        if (TryTakeWord("order"))
        {
            ExpectWord("by");
            orderBy = ParseList(ParseOrdered);
        }

        if (TryTakeWord("partition"))
        {
            ExpectWord("by");
            partitionBy = ParseList(ParseExpression);
        }

        if (TryTakeWord("declare"))
        {
            declared = ParseGroup("'(' and columns", ParseScanColumn);
        }

        var steps = ImmutableArray.CreateBuilder<ScanStep>();
        ExpectWord("with");
        if (OpenGroup(TokenKind.OpenParen, "'(' and steps"))
        {
            while (!AtGroupEnd())
            {
                steps.Add(ParseScanStep());
                if (!Expect(TokenKind.Semicolon, "';' behind the step"))
                {
                    break;
                }
            }

            CloseGroup(TokenKind.CloseParen, "'step' or ')'");
        }

        return new ScanOperator(keyword, keyword, orderBy, partitionBy, declared, steps.DrainToImmutable())
        {
            Parameters = parameters,
        };
    }

    private ScanColumn ParseScanColumn()
    {
        var start = Current.Start;
        var column = ParseColumnDeclaration();
        var fallback = TryTake(TokenKind.Equals) ? ParseExpression() : null;
        return new ScanColumn(SpanFrom(start), column.Name, column.Type, fallback);
    }

    private ScanStep ParseScanStep()
    {
        var start = Current.Start;
        ExpectWord("step");
        var name = ParseName("the step's name");
        var isOptional = TryTakeWord("optional");
        ScanOutput? output = null;
        if (TryTakeWord("output"))
        {
            Expect(TokenKind.Equals, "'='");
            output = ParseScanOutput();
        }

        Expect(TokenKind.Colon, "':' and the step's condition");
        var condition = ParseExpression();
        ImmutableArray<NamedExpression> assignments = TryTake(TokenKind.Arrow) ? ParseList(ParseNamed) : [];
        return new ScanStep(SpanFrom(start), name, isOptional, output, condition, assignments);
    }

    private ScanOutput? ParseScanOutput()
    {
        if (TryTakeWord("all"))
        {
            return ScanOutput.All;
        }

        if (TryTakeWord("last"))
        {
            return ScanOutput.Last;
        }

        if (TryTakeWord("none"))
        {
            return ScanOutput.None;
        }

        ReportExpected("all, last or none");
        return null;
    }
}
