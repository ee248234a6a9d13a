using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// search: a term is looked for in every column. Only columns of text are searched here, so a term that the text of a number, a
/// time, a guid or a bool may hold is refused: whether such columns match is not documented.
/// Source: learn.microsoft.com/kusto/query/search-operator.
/// </summary>
internal sealed partial class Binder
{
    private BoundTable BindSearch(BoundTable? input, SearchOperator search)
    {
        CheckParameters(search, "kind");
        var kind = search.FindParameter("kind")?.Word ?? "default";
        if (kind is not ("default" or "case_insensitive" or "case_sensitive"))
        {
            diagnostics.Semantic("KQL128", search.FindParameter("kind")!.Span, $"There is no kind of search '{kind}'");
            return ErrorTable();
        }

        var sources = SearchedTables(input, search);
        if (sources is null)
        {
            return Refused(search.Keyword, "search through all tables is not supported", "Name the tables: search in (T, U*) ....");
        }

        var outer = _rows;
        var found = new List<(string Name, BoundTable Table)>();
        foreach (var (name, table) in sources)
        {
            _rows = new RowScope(table);
            var predicate = Bind(Searched(search.Predicate, table, kind == "case_sensitive"));
            if (predicate is not BoundError && predicate.Type != KqlType.Bool)
            {
                diagnostics.Semantic("KQL113", search.Predicate.Span, $"A condition is expected here, this is {TypeName(predicate.Type)}");
            }

            found.Add((name, predicate is BoundError || predicate.Type != KqlType.Bool
                ? table with { IsError = true }
                : new BoundFilter(table, predicate)));
        }

        _rows = outer;
        var source = new OperatorParameter(
            search.Keyword, new Identifier(search.Keyword, "withsource"), new NameExpression(search.Keyword, "$table"));
        return Unite(found, new UnionOperator(search.Span, search.Keyword, []) { Parameters = [source] });
    }

    private List<(string Name, BoundTable Table)>? SearchedTables(BoundTable? input, SearchOperator search)
    {
        if (input is not null)
        {
            return input.SourceName is { } name ? [(name, input)] : null;
        }

        if (search.Tables.IsEmpty)
        {
            return null;
        }

        var tables = new List<(string Name, BoundTable Table)>();
        foreach (var expression in search.Tables)
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
                    tables.Add(("", Refused(expression.Span, "search takes the names of tables")));
                    break;
            }
        }

        return tables.Count == 0 ? null : tables;
    }

    /// <summary>The predicate as where would have it for one table: terms become comparisons with its columns of text.</summary>
    private Expression Searched(Expression predicate, BoundTable table, bool isCaseSensitive)
    {
        var has = isCaseSensitive ? BinaryOperator.HasCs : BinaryOperator.Has;
        switch (predicate)
        {
            case LiteralExpression { Value: string term }:
                return InAnyColumn(predicate.Span, has, term, table);
            case StarExpression:
                return new LiteralExpression(predicate.Span, KqlType.Bool, true);
            case BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } logical:
                return logical with
                {
                    Left = Searched(logical.Left, table, isCaseSensitive),
                    Right = Searched(logical.Right, table, isCaseSensitive),
                };
            case CallExpression { Name.Text: "not", Arguments: [var argument] } call:
                return call with { Arguments = [argument with { Value = Searched(argument.Value, table, isCaseSensitive) }] };
            case BinaryExpression { Operator: BinaryOperator.SearchTerm, Right: LiteralExpression { Value: string } term } pair:
                return Searched(pair with { Operator = has, Right = term }, table, isCaseSensitive);
            case BinaryExpression { Left: StarExpression }:
                return StarredTerms(predicate, table);
            case BinaryExpression { Left: NameExpression name } when !table.IsError && table.Columns.All(c => c.Name != name.Name)
                && _scope.Find(name.Name) is null:
                // A table without the column has no row to give.
                return new LiteralExpression(predicate.Span, KqlType.Bool, false);
            default:
                return predicate;
        }
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
        BinaryExpression { Left: StarExpression, Right: LiteralExpression { Value: string text } } any
            when any.Operator is BinaryOperator.Has or BinaryOperator.HasCs or BinaryOperator.Contains or BinaryOperator.ContainsCs
                or BinaryOperator.StartsWith or BinaryOperator.StartsWithCs or BinaryOperator.HasPrefix or BinaryOperator.HasPrefixCs
                or BinaryOperator.EndsWith or BinaryOperator.EndsWithCs or BinaryOperator.HasSuffix or BinaryOperator.HasSuffixCs
                or BinaryOperator.Equal => InAnyColumn(any.Span, any.Operator, text, table),
        _ => predicate,
    };

    private Expression InAnyColumn(TextSpan span, BinaryOperator has, string term, BoundTable table)
    {
        var texts = table.Columns.Where(c => c.Type is KqlType.String or KqlType.Dynamic).ToList();
        if (term.Contains('*', StringComparison.Ordinal))
        {
            diagnostics.NotSupported(span, "A term with wildcards is not supported in search");
        }
        else if (texts.Count < table.Columns.Count && !IsOnlyInText(term, has is BinaryOperator.Has or BinaryOperator.HasCs))
        {
            diagnostics.NotSupported(
                span, $"The term '{term}' may be in columns that are no text", "Name the column: Column has 'term'.");
        }

        Expression? all = null;
        foreach (var column in texts)
        {
            var one = new BinaryExpression(
                span, has, span, new NameExpression(span, column.Name), new LiteralExpression(span, KqlType.String, term));
            all = all is null ? one : new BinaryExpression(span, BinaryOperator.Or, span, all, one);
        }

        return all ?? new LiteralExpression(span, KqlType.Bool, false);
    }

    /// <summary>
    /// Whether no number, time, guid or bool has the term in its text: it has a word with a letter that those do not have, and
    /// that is none of the words that they are.
    /// </summary>
    private static bool IsOnlyInText(string term, bool isWhole) => !isWhole
        ? term.Any(c => char.IsLetter(c) && !"abcdefilnrstuyz".Contains(char.ToLowerInvariant(c), StringComparison.Ordinal))
        : term.Split([' ', '-', '.', ':', '/', '_', ',', ';', '=', '(', ')', '[', ']', '"', '\'', '\\'], StringSplitOptions.RemoveEmptyEntries)
            .Any(word => word.Any(c => char.IsLetter(c) && !"abcdefABCDEFtTzZ".Contains(c, StringComparison.Ordinal))
                && !new[] { "true", "false", "nan", "inf", "infinity", "null" }.Contains(word, StringComparer.OrdinalIgnoreCase));
}
