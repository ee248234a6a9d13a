using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindUnion(BoundTable? input, UnionOperator union)
    {
        CheckParameters(union, "kind", "withsource", "with_source", "isfuzzy");
        if (union.FindParameter("kind") is { Word: not ("inner" or "outer") } kind)
        {
            diagnostics.Semantic("KQL128", kind.Span, $"There is no kind of union '{kind.Word}'");
            return ErrorTable();
        }

        var isFuzzy = union.FindParameter("isfuzzy")?.Word is "true";
        var tables = new List<(string Name, BoundTable Table)>();
        if (input is not null)
        {
            tables.Add((input.SourceName ?? "union_arg0", input));
        }

        var outer = _rows;
        _rows = null;
        foreach (var expression in union.Tables)
        {
            if (expression is WildcardExpression or StarExpression)
            {
                var matching = TablesLike(expression);
                tables.AddRange(matching);
                if (matching.Count == 0 && !isFuzzy)
                {
                    diagnostics.Semantic("KQL101", expression.Span, "No table matches this pattern");
                }

                continue;
            }

            var source = expression is PipeExpression pipe ? pipe.Source : expression;
            if (isFuzzy && source is NameExpression maybe && _scope.Find(maybe.Name) is null
                && !catalog.TryGetTable(maybe.Name, out _) && !catalog.TryGetFunction(maybe.Name, out _))
            {
                continue;
            }

            var table = BindTable(expression);
            var name = table.SourceName ?? (expression is NameExpression named ? named.Name : $"union_arg{tables.Count}");
            tables.Add((name, table));
        }

        _rows = outer;
        if (tables.Count == 0)
        {
            if (diagnostics.All.Count == 0)
            {
                diagnostics.Semantic("KQL131", union.Span, "None of the tables of this union exists");
            }

            return ErrorTable();
        }

        return Unite(tables, union);
    }

    /// <summary>
    /// The tables of the workspace and the views of the query that a wildcard means, by name.
    /// Source: learn.microsoft.com/kusto/query/let-statement, the keyword view.
    /// </summary>
    private List<(string Name, BoundTable Table)> TablesLike(Expression pattern)
    {
        var views = _scope.All
            .Where(e => IsMeant(e.Key) && e.Value is LambdaEntity { Lambda: { IsView: true, Parameters.IsEmpty: true } })
            .Select(e => (e.Key, Invoke(((LambdaEntity)e.Value).Lambda, ((LambdaEntity)e.Value).Scope, e.Key, [], pattern.Span, null) as BoundTable ?? ErrorTable()))
            .ToList();
        var hidden = views.Select(v => v.Key).ToHashSet(StringComparer.Ordinal);
        var tables = catalog.Tables.Where(t => IsMeant(t.Name) && !hidden.Contains(t.Name)).Select(t => (t.Name, (BoundTable)Read(t, isWatchlist: false)));
        return [.. views.Concat(tables).OrderBy(t => t.Item1, StringComparer.Ordinal)];

        bool IsMeant(string name) => pattern is StarExpression || (pattern is WildcardExpression wildcard && Wildcard.Matches(wildcard.Pattern, name));
    }

    // Columns are the same by name and type; those of one name and several types get the type as a suffix and stand together.
    private static BoundTable Unite(List<(string Name, BoundTable Table)> tables, UnionOperator union)
    {
        if (tables.Exists(t => t.Table.IsError))
        {
            return tables.Find(t => !t.Table.IsError).Table is { } sound ? sound with { IsError = true } : ErrorTable();
        }

        var isInner = union.FindParameter("kind")?.Word is "inner";
        var source = (union.FindParameter("withsource") ?? union.FindParameter("with_source"))?.Word;
        var all = new List<(string Name, KqlType Type)>();
        foreach (var column in tables.SelectMany(t => t.Table.Columns))
        {
            if (!all.Contains((column.Name, column.Type)))
            {
                all.Add((column.Name, column.Type));
            }
        }

        all = [.. all.GroupBy(c => c.Name, StringComparer.Ordinal).SelectMany(group => group)];
        if (isInner)
        {
            all.RemoveAll(c => !tables.TrueForAll(t => t.Table.Columns.Any(o => o.Name == c.Name && o.Type == c.Type)));
        }

        var names = new ColumnNames();
        var columns = new List<ColumnSymbol>();
        if (source is not null)
        {
            columns.Add(names.Add(source, KqlType.String, false));
        }

        // A name with a type behind it gives way to the same name that a table has itself.
        var clashing = all.GroupBy(c => c.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, _) in all.Where(c => !clashing.Contains(c.Name)))
        {
            names.Reserve(name);
        }

        foreach (var (name, type) in all)
        {
            var isNullable = !tables.TrueForAll(t => t.Table.Columns.Any(c => c.Name == name && c.Type == type && !c.CanBeNull));
            columns.Add(names.Add(
                clashing.Contains(name) ? names.Unique($"{name}_{TypeName(type)}") : name == source ? names.Unique(name) : name, type, isNullable));
        }

        var ingestion = tables.TrueForAll(t => t.Table.Ingestion is not null)
            ? names.AddHidden("$ingestion", KqlType.DateTime, true)
            : null;
        var inputs = tables.ConvertAll(table =>
        {
            var values = new List<BoundExpression>();
            if (source is not null)
            {
                values.Add(new BoundLiteral(KqlType.String, table.Name));
            }

            foreach (var (name, type) in all)
            {
                values.Add(table.Table.Columns.FirstOrDefault(c => c.Name == name && c.Type == type) is { } column
                    ? new BoundColumn(column)
                    : new BoundLiteral(type, type == KqlType.String ? "" : null));
            }

            if (ingestion is not null)
            {
                values.Add(new BoundColumn(table.Table.Ingestion!));
            }

            return new UnionInput(table.Table, values);
        });
        return new BoundUnion(inputs, columns, ingestion);
    }
}
