using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// search: a term is looked for in every column. Only columns of text are searched here, so a term that the text of a number, a
/// time, a guid or a bool may hold is refused: whether such columns match is not documented.
/// Source: learn.microsoft.com/kusto/query/search-operator.
/// </summary>
internal sealed partial class Binder
{
    private static readonly Dictionary<BinaryOperator, BinaryOperator> CaseSensitive = new()
    {
        [BinaryOperator.Has] = BinaryOperator.HasCs,
        [BinaryOperator.NotHas] = BinaryOperator.NotHasCs,
        [BinaryOperator.HasPrefix] = BinaryOperator.HasPrefixCs,
        [BinaryOperator.NotHasPrefix] = BinaryOperator.NotHasPrefixCs,
        [BinaryOperator.HasSuffix] = BinaryOperator.HasSuffixCs,
        [BinaryOperator.NotHasSuffix] = BinaryOperator.NotHasSuffixCs,
        [BinaryOperator.Contains] = BinaryOperator.ContainsCs,
        [BinaryOperator.NotContains] = BinaryOperator.NotContainsCs,
        [BinaryOperator.StartsWith] = BinaryOperator.StartsWithCs,
        [BinaryOperator.NotStartsWith] = BinaryOperator.NotStartsWithCs,
        [BinaryOperator.EndsWith] = BinaryOperator.EndsWithCs,
        [BinaryOperator.NotEndsWith] = BinaryOperator.NotEndsWithCs,
    };

    // What bools and reals are written as.
    private static readonly string[] WordsOfOthers = ["true", "false", "null", "nan", "infinity"];

    private BoundTable BindSearch(BoundTable? input, SearchOperator search)
    {
        CheckParameters(search, "kind");
        var kind = search.FindParameter("kind")?.Word ?? "default";
        if (kind is not ("default" or "case_insensitive" or "case_sensitive"))
        {
            diagnostics.Semantic("KQL128", search.FindParameter("kind")!.Span, $"There is no kind of search '{kind}'");
            return ErrorTable();
        }

        if (input is { SourceName: null })
        {
            return Refused(
                search.Keyword, "search over rows of no named table is not supported: the service makes up their $table", "Use where * has 'term'.");
        }

        var sources = input is null ? SearchedTables(search.Tables, search.Keyword) : [(input.SourceName!, input)];
        if (sources.Count == 0)
        {
            return ErrorTable();
        }

        var found = Matching(sources, search.Predicate, kind == "case_sensitive");
        var source = new OperatorParameter(
            search.Keyword, new Identifier(search.Keyword, "withsource"), new NameExpression(search.Keyword, "$table"));
        return Unite(found, new UnionOperator(search.Span, search.Keyword, []) { Parameters = [source] });
    }

    /// <summary>The tables that search and find name, all of the workspace where they name none; empty where there is a fault.</summary>
    private List<(string Name, BoundTable Table)> SearchedTables(IReadOnlyList<Expression> list, TextSpan keyword)
    {
        var outer = _rows;
        _rows = null;
        var tables = new List<(string Name, BoundTable Table)>();
        foreach (var expression in list.Count == 0 ? [new StarExpression(keyword)] : list)
        {
            switch (expression)
            {
                case WildcardExpression or StarExpression:
                    tables.AddRange(TablesLike(expression));
                    break;
                case NameExpression name:
                    tables.Add((name.Name, BindTable(name)));
                    break;
                default:
                    tables.Add(("", Refused(expression.Span, "search and find are supported over names of tables", "Name it first: let T = view () { ... };")));
                    break;
            }
        }

        _rows = outer;
        if (tables.Count == 0)
        {
            diagnostics.Semantic("KQL101", keyword, "There is no table to search in");
        }

        return tables;
    }

    /// <summary>The rows of each table for which the predicate is true. A column that only others have is null in a table.</summary>
    private List<(string Name, BoundTable Table)> Matching(
        List<(string Name, BoundTable Table)> sources, Expression predicate, bool isCaseSensitive)
    {
        var outer = _rows;
        var names = NamesIn(predicate).Distinct(StringComparer.Ordinal).ToList();
        var found = sources.ConvertAll(source =>
        {
            var missing = names
                .Where(name => source.Table.Columns.All(c => c.Name != name))
                .Select(name => sources.SelectMany(s => s.Table.Columns).FirstOrDefault(c => c.Name == name))
                .OfType<ColumnSymbol>()
                .Select(c => ((string?)c.Name, (BoundExpression)new BoundLiteral(c.Type, c.Type == KqlType.String ? "" : null)))
                .ToList();
            var table = missing.Count == 0 ? source.Table : Extended(source.Table, missing);
            _rows = new RowScope(table);
            var condition = Bind(Searched(predicate, table, isCaseSensitive));
            if (condition is not BoundError && condition.Type != KqlType.Bool)
            {
                diagnostics.Semantic("KQL113", predicate.Span, $"A condition is expected here, this is {TypeName(condition.Type)}");
                condition = new BoundError();
            }

            return (source.Name, condition is BoundError || source.Table.IsError
                ? source.Table with { IsError = true }
                : missing.Count == 0 ? new BoundFilter(table, condition) : Passed(new BoundFilter(table, condition), source.Table.Columns));
        });
        _rows = outer;
        return found;
    }

    /// <summary>The names that may be columns in a predicate.</summary>
    private static IEnumerable<string> NamesIn(Expression expression) => expression switch
    {
        NameExpression name => [name.Name],
        MemberExpression member => NamesIn(member.Target),
        IndexExpression index => NamesIn(index.Target).Concat(NamesIn(index.Index)),
        UnaryExpression unary => NamesIn(unary.Operand),
        BinaryExpression binary => NamesIn(binary.Left).Concat(NamesIn(binary.Right)),
        ListExpression list => NamesIn(list.Left).Concat(list.Items.SelectMany(NamesIn)),
        BetweenExpression between => NamesIn(between.Value).Concat(NamesIn(between.Low)).Concat(NamesIn(between.High)),
        CallExpression call => call.Arguments.SelectMany(a => NamesIn(a.Value)),
        _ => [],
    };

    /// <summary>The predicate as where would have it for one table: terms become comparisons with its columns of text.</summary>
    private Expression Searched(Expression predicate, BoundTable table, bool isCaseSensitive)
    {
        switch (predicate)
        {
            case LiteralExpression { Value: string term }:
                var (comparison, text) = TermComparison(term, isCaseSensitive);
                return InAnyColumn(predicate.Span, comparison, text, term, table);
            case StarExpression:
                return new LiteralExpression(predicate.Span, KqlType.Bool, true);
            case BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } logical:
                return logical with
                {
                    Left = Searched(logical.Left, table, isCaseSensitive),
                    Right = Searched(logical.Right, table, isCaseSensitive),
                };
            case CallExpression { Name.Text: "not", Arguments: [{ Value: not LiteralExpression } argument] } call:
                return call with { Arguments = [argument with { Value = Searched(argument.Value, table, isCaseSensitive) }] };
            case BinaryExpression { Operator: BinaryOperator.SearchTerm, Right: LiteralExpression { Value: string word } literal } pair:
                var (operation, value) = TermComparison(word, isCaseSensitive);
                return pair with { Operator = operation, Right = literal with { Value = value } };
            case BinaryExpression binary when isCaseSensitive && CaseSensitive.TryGetValue(binary.Operator, out var sensitive):
                return StarredTerms(binary with { Operator = sensitive }, table);
            default:
                return StarredTerms(predicate, table);
        }
    }

    // Asterisks in a term choose the comparison. Source: the page's "Search predicate syntax".
    private static (BinaryOperator Operator, string Text) TermComparison(string term, bool isCaseSensitive)
    {
        var bare = term.Trim('*');
        var comparison = (term.StartsWith('*'), term.EndsWith('*')) switch
        {
            _ when bare.Contains('*', StringComparison.Ordinal) => BinaryOperator.MatchesRegex,
            (true, true) => BinaryOperator.Contains,
            (true, false) => BinaryOperator.HasSuffix,
            (false, true) => BinaryOperator.HasPrefix,
            _ => BinaryOperator.Has,
        };
        return comparison == BinaryOperator.MatchesRegex
            ? (comparison, $"{(isCaseSensitive ? "" : "(?i)")}\\b{string.Join(".*", term.Split('*').Select(ParsePattern.Quote))}\\b")
            : (isCaseSensitive ? CaseSensitive[comparison] : comparison, bare);
    }

    /// <summary>The predicate with <c>* has 'term'</c> and the like as comparisons with each column of text.</summary>
    private Expression StarredTerms(Expression predicate, BoundTable table) => predicate switch
    {
        BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } logical => logical with
        {
            Left = StarredTerms(logical.Left, table),
            Right = StarredTerms(logical.Right, table),
        },
        CallExpression { Name.Text: "not", Arguments: [var argument] } call =>
            call with { Arguments = [argument with { Value = StarredTerms(argument.Value, table) }] },
        BinaryExpression { Left: StarExpression } any
            when any.Operator is BinaryOperator.Equal || CaseSensitive.ContainsKey(any.Operator) || CaseSensitive.ContainsValue(any.Operator)
            => InAnyColumn(any, table),
        _ => predicate,
    };

    /// <summary>A comparison of any column with a literal text or a let that holds one.</summary>
    private Expression InAnyColumn(BinaryExpression any, BoundTable table)
    {
        switch (Bind(any.Right))
        {
            case BoundLiteral { Value: string text }:
                return InAnyColumn(any.Span, any.Operator, text, Pattern(any.Operator, text), table);
            case not BoundError:
                diagnostics.NotSupported(any.Right.Span, "A comparison of any column is supported with a literal text", "let term = 'text'; gives it a name.");
                break;
        }

        return new LiteralExpression(any.Span, KqlType.Bool, false);
    }

    // What a comparison asks of a word, as a term with asterisks.
    private static string Pattern(BinaryOperator comparison, string text) => comparison.ToString() switch
    {
        var name when name.Contains("Contains", StringComparison.Ordinal) => $"*{text}*",
        var name when name.Contains("Prefix", StringComparison.Ordinal) || name.Contains("StartsWith", StringComparison.Ordinal) => $"{text}*",
        var name when name.Contains("Suffix", StringComparison.Ordinal) || name.Contains("EndsWith", StringComparison.Ordinal) => $"*{text}",
        _ => text,
    };

    private Expression InAnyColumn(TextSpan span, BinaryOperator comparison, string text, string term, BoundTable table)
    {
        var texts = table.Columns.Where(c => c.Type is KqlType.String or KqlType.Dynamic).ToList();
        if (comparison.ToString().StartsWith("Not", StringComparison.Ordinal))
        {
            diagnostics.NotSupported(span, "A negated comparison with any column is not supported", "Write not(* has 'term').");
        }
        else if (texts.Count < table.Columns.Count && MayBeInOthers(term))
        {
            diagnostics.NotSupported(
                span,
                "This term may be in columns that are no text, and whether such match is not documented",
                "Name the column: Column has 'term'.");
        }

        Expression? all = null;
        foreach (var column in texts)
        {
            var one = new BinaryExpression(
                span, comparison, span, new NameExpression(span, column.Name), new LiteralExpression(span, KqlType.String, text));
            all = all is null ? one : new BinaryExpression(span, BinaryOperator.Or, span, all, one);
        }

        return all ?? new LiteralExpression(span, KqlType.Bool, false);
    }

    /// <summary>
    /// Whether a number, time, guid or bool may have the term in its text: it is made of what those are written with, or it is one of
    /// the words that they are.
    /// </summary>
    private static bool MayBeInOthers(string term) =>
        term.All(c => !char.IsLetter(c) || "abcdefABCDEFtTzZ".Contains(c, StringComparison.Ordinal))
        || WordsOfOthers.Any(word => Wildcard.Matches(term.ToLowerInvariant(), word));

    private BoundExpression BindSearchTerm(BinaryExpression binary)
    {
        diagnostics.NotSupported(binary.OperatorSpan, "The operator ':' is supported in search, with a text behind it");
        return new BoundError();
    }
}
