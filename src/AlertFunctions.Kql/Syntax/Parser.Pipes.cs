namespace AlertFunctions.Kql.Syntax;

/// <summary>Pipes: a source and operators.</summary>
internal sealed partial class Parser
{
    /// <summary>An expression, or a pipe where operators follow it or where an operator that makes its own rows begins it.</summary>
    private Expression ParsePipe()
    {
        var start = Current.Start;
        var (searchTerms, wildcards, height) = (_hasSearchTerms, _hasWildcards, _height);
        _hasWildcards = false;
        var operators = ImmutableArray.CreateBuilder<QueryOperator>();
        Expression? source = null;
        if (IsSourceOperator())
        {
            _hasSearchTerms = false;
            operators.Add(ParseOperator());
        }
        else
        {
            source = ParseExpression();
        }

        height = Math.Max(height, _height);
        while (TryTakeBar())
        {
            (_hasSearchTerms, _height) = (false, 0);
            operators.Add(ParseOperator());
            height = Math.Max(height, _height);
        }

        (_hasSearchTerms, _hasWildcards, _height) = (searchTerms, wildcards, height);
        return source is not null && operators.Count == 0
            ? source
            : new PipeExpression(SpanFrom(start), source, operators.DrainToImmutable());
    }

    /// <summary>Operators in parentheses that take their rows from the operator around them.</summary>
    private Subpipe ParseSubpipe()
    {
        var start = Current.Start;
        var operators = ImmutableArray.CreateBuilder<QueryOperator>();
        if (TryEnter(start))
        {
            if (OpenGroup(TokenKind.OpenParen, "'(' and operators"))
            {
                operators.Add(ParseOperator());
                while (TryTakeBar())
                {
                    operators.Add(ParseOperator());
                }

                CloseGroup(TokenKind.CloseParen, "'|' or ')'");
            }

            _depth--;
        }

        return new Subpipe(SpanFrom(start), operators.DrainToImmutable());
    }

    /// <summary>Goes to the next operator of the pipe, if there is one. Ends the silence after a fault in the last one.</summary>
    private bool TryTakeBar()
    {
        Recover();
        while (_openBrackets == 0 && Current.Kind is not (TokenKind.Bar or TokenKind.Semicolon or TokenKind.End))
        {
            if (AtGroupEnd())
            {
                Report("KQL020", Current.Span, $"{Found()} closes nothing");
                _index++;
            }
            else
            {
                ReportMissingBar();
            }

            Recover();
        }

        return TryTake(TokenKind.Bar);
    }

    private void ReportMissingBar()
    {
        var word = ReadOperatorName(out _);
        string? hint = null;
        if (KqlFacts.Operators.Contains(word))
        {
            hint = $"Put '|' before '{word}'.";
        }
        else if (word is "let" or "set" or "declare" || text.AsSpan(LastEnd, Current.Start - LastEnd).Contains('\n'))
        {
            hint = "A statement ends with ';'.";
        }

        ReportExpected("'|' or ';'", hint);
    }

    private bool IsSourceOperator() =>
        At(TokenKind.Identifier)
        && TextOf(Current) switch
        {
            "print" or "union" or "find" or "search" => true,
            "range" => NameLength(1) > 0,
            "evaluate" => Peek().Kind == TokenKind.Identifier,
            _ => false,
        };

    /// <summary>The words with dashes between them at the current token, <c>mv-expand</c>; how many tokens they are.</summary>
    private string ReadOperatorName(out int length)
    {
        length = 0;
        if (!At(TokenKind.Identifier))
        {
            return "";
        }

        length = 1;
        while (Peek(length).Kind == TokenKind.Minus && Peek(length + 1).Kind == TokenKind.Identifier
            && IsAdjacent(_index + length) && IsAdjacent(_index + length + 1))
        {
            length += 2;
        }

        return text[Current.Start..Peek(length - 1).End];
    }

    private QueryOperator ParseOperator()
    {
        var start = Current.Start;
        var name = ReadOperatorName(out var length);
        _operators++;
        if (_operators > MaxOperators)
        {
            Report("KQL019", Current.Span, $"The query has more than {MaxOperators} operators");
            _index = tokens.Length - 1;
            return new MissingOperator(FoundSpan(), FoundSpan());
        }

        _index += length;
        var keyword = SpanFrom(start);
        QueryOperator? parsed = name switch
        {
            "where" or "filter" => ParseWhere(keyword),
            "take" or "limit" => ParseTake(keyword),
            "sample" => ParseSample(keyword),
            "sample-distinct" => ParseSampleDistinct(keyword),
            "sort" or "order" => ParseSort(keyword),
            "top" => ParseTop(keyword),
            "serialize" => ParseSerialize(keyword),
            "extend" => ParseExtend(keyword),
            "project" => ParseProject(keyword),
            "project-away" => new ProjectAwayOperator(keyword, keyword, ParseList(ParseColumnPattern)),
            "project-keep" => new ProjectKeepOperator(keyword, keyword, ParseList(ParseColumnPattern)),
            "project-rename" => ParseProjectRename(keyword),
            "project-reorder" => new ProjectReorderOperator(keyword, keyword, ParseList(ParseReorderedColumns)),
            "project-by-names" => new ProjectByNamesOperator(keyword, keyword, ParseList(ParseExpression)),
            "distinct" => ParseDistinct(keyword),
            "getschema" => new GetSchemaOperator(keyword, keyword),
            "count" => ParseCount(keyword),
            "summarize" => ParseSummarize(keyword),
            "make-series" => ParseMakeSeries(keyword),
            "top-nested" => ParseTopNested(keyword),
            "top-hitters" => ParseTopHitters(keyword),
            "reduce" => ParseReduce(keyword),
            "join" => ParseJoin(keyword),
            "lookup" => ParseLookup(keyword),
            "union" => ParseUnion(keyword),
            "fork" => ParseFork(keyword),
            "facet" => ParseFacet(keyword),
            "partition" => ParsePartition(keyword),
            "mv-expand" or "mvexpand" => ParseMvExpand(keyword, isLegacy: name == "mvexpand"),
            "mv-apply" or "mvapply" => ParseMvApply(keyword),
            "parse" => ParseParse(keyword, dropsUnmatched: false),
            "parse-where" => ParseParse(keyword, dropsUnmatched: true),
            "parse-kv" => ParseParseKv(keyword),
            "print" => new PrintOperator(keyword, keyword, ParseList(ParseNamed)),
            "range" => ParseRange(keyword),
            "search" => ParseSearch(keyword),
            "find" => ParseFind(keyword),
            "scan" => ParseScan(keyword),
            "as" => ParseAs(keyword),
            "consume" => ParseConsume(keyword),
            "invoke" => ParseInvoke(keyword),
            "evaluate" => ParseEvaluate(keyword),
            "render" => ParseRender(keyword),
            _ => null,
        };
        if (parsed is not null)
        {
            return parsed with { Span = SpanFrom(start) };
        }

        _index -= length;
        return ParseUnknownOperator(name, keyword, length);
    }

    private QueryOperator ParseUnknownOperator(string name, TextSpan keyword, int length)
    {
        if (KqlFacts.UnsupportedOperators.Contains(name))
        {
            Report("KQL022", keyword, $"The operator '{name}' is not supported", null, DiagnosticKind.NotSupported);
            _index += length;
            return new UnsupportedOperator(keyword, keyword, name);
        }

        if (length == 0)
        {
            Report("KQL013", FoundSpan(), $"Expected an operator behind '|', found {Found()}");
            return new MissingOperator(FoundSpan(), FoundSpan());
        }

        var meant = Spelling.Closest(name, KqlFacts.Operators);
        Report(
            "KQL012", keyword, $"There is no operator '{name}'", meant is null ? null : $"Did you mean '{meant}'?");
        _index += length;
        return new MissingOperator(keyword, keyword);
    }
}
