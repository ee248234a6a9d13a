namespace AlertFunctions.Kql.Syntax;

/// <summary>Operators that aggregate.</summary>
internal sealed partial class Parser
{
    private CountOperator ParseCount(TextSpan keyword) =>
        new(keyword, keyword, TryTakeWord("as") ? ParseName() : null);

    private SummarizeOperator ParseSummarize(TextSpan keyword)
    {
        var parameters = ParseParameters();
        ImmutableArray<NamedExpression> aggregates = AtWord("by") || AtOperatorEnd() ? [] : ParseList(ParseNamed);
        ImmutableArray<NamedExpression> by = TryTakeWord("by") ? ParseList(ParseNamed) : [];
        return new SummarizeOperator(keyword, keyword, aggregates, by) { Parameters = parameters };
    }

    private MakeSeriesOperator ParseMakeSeries(TextSpan keyword)
    {
        var parameters = ParseParameters("kind");
        var aggregates = ParseList(ParseSeriesAggregate);
        ExpectWord("on", "make-series needs its axis: on TimeGenerated.");
        var on = ParseNamed(ParseAdditive);
        Expression? from = null, to = null;
        Expression step;
        var isInRange = AtWord("in") && IsWord(Peek(), "range");
        if (isInRange)
        {
            _index += 2;
            (from, to, step) = ParseSeriesRange();
        }
        else
        {
            from = TryTakeWord("from") ? ParseExpression() : null;
            to = TryTakeWord("to") ? ParseExpression() : null;
            ExpectWord("step", "make-series needs the width of a bin: step 1h.");
            step = ParseExpression();
        }

        ImmutableArray<NamedExpression> by = TryTakeWord("by") ? ParseList(ParseNamed) : [];
        return new MakeSeriesOperator(keyword, keyword, aggregates, on, from, to, step, isInRange, by)
        {
            Parameters = parameters,
        };
    }

    private Expression ParseAdditive() => ParseBinary(KqlFacts.Precedence.Additive);

    private (Expression From, Expression To, Expression Step) ParseSeriesRange()
    {
        var start = Current.Start;
        var items = ParseGroup("'(' and from, to, step", ParseExpression);
        if (items.Length != 3)
        {
            Report("KQL011", SpanFrom(start), $"Expected from, to and step, found {items.Length} arguments");
            var missing = new MissingExpression(SpanFrom(start));
            return (missing, missing, missing);
        }

        return (items[0], items[1], items[2]);
    }

    private SeriesAggregate ParseSeriesAggregate()
    {
        var start = Current.Start;
        var aggregate = ParseNamed();
        Expression? fallback = null;
        if (TryTakeWord("default"))
        {
            Expect(TokenKind.Equals, "'='");
            fallback = ParseExpression();
        }

        return new SeriesAggregate(SpanFrom(start), aggregate, fallback);
    }

    private TopNestedOperator ParseTopNested(TextSpan keyword)
    {
        var levels = ImmutableArray.CreateBuilder<TopNestedLevel>();
        levels.Add(ParseTopNestedLevel());
        while (TryTake(TokenKind.Comma))
        {
            if (ReadOperatorName(out var length) != "top-nested")
            {
                ReportExpected("'top-nested'");
                break;
            }

            _index += length;
            levels.Add(ParseTopNestedLevel());
        }

        return new TopNestedOperator(keyword, keyword, levels.DrainToImmutable());
    }

    private TopNestedLevel ParseTopNestedLevel()
    {
        var start = Current.Start;
        var count = AtWord("of") ? null : ParseExpression();
        ExpectWord("of");
        var of = ParseNamed();
        Expression? others = null;
        if (TryTakeWord("with"))
        {
            ExpectWord("others");
            Expect(TokenKind.Equals, "'='");
            others = ParseExpression();
        }

        ExpectWord("by");
        var by = ParseNamed();
        var direction = ParseDirection();
        return new TopNestedLevel(SpanFrom(start), count, of, others, by, direction);
    }

    private TopHittersOperator ParseTopHitters(TextSpan keyword)
    {
        var count = ParseExpression();
        ExpectWord("of");
        var of = ParseNamed();
        var by = TryTakeWord("by") ? ParseNamed() : null;
        return new TopHittersOperator(keyword, keyword, count, of, by);
    }

    private ReduceOperator ParseReduce(TextSpan keyword)
    {
        var parameters = ParseParameters("kind");
        ExpectWord("by");
        var by = ParseNamed();
        ImmutableArray<OperatorParameter> options = TryTakeWord("with") ? ParseList(ParseProperty) : [];
        return new ReduceOperator(keyword, keyword, by, options) { Parameters = parameters };
    }
}
