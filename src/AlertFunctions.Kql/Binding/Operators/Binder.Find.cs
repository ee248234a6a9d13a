using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>find: the rows of several tables that match, in the columns that they share. Source: learn.microsoft.com/kusto/query/find-operator.</summary>
internal sealed partial class Binder
{
    /// <summary>A column of find's result and what it holds in each of the tables.</summary>
    private sealed record FoundColumn(string Name, KqlType Type, Func<BoundTable, BoundExpression> Value);

    private BoundTable BindFind(BoundTable? input, FindOperator find)
    {
        CheckParameters(find, "withsource", "with_source");
        if (input is not null)
        {
            return Refused(find.Keyword, "find takes no rows from an operator before it");
        }

        // A table with none of the columns that the predicate names takes no part.
        var names = NamesIn(find.Predicate).ToHashSet(StringComparer.Ordinal);
        var tables = SearchedTables(find.Tables, find.Keyword);
        var known = tables.SelectMany(t => t.Table.Columns).Select(c => c.Name).Where(names.Contains).ToHashSet(StringComparer.Ordinal);
        if (known.Count > 0)
        {
            tables.RemoveAll(t => !t.Table.IsError && !t.Table.Columns.Any(c => known.Contains(c.Name)));
        }

        var found = Matching(tables, find.Predicate, isCaseSensitive: false);
        if (found.Count == 0 || found.Exists(t => t.Table.IsError)
            || (find.Columns.IsEmpty ? SmartColumns(found, known) : FoundColumns(find, found)) is not { } columns)
        {
            return ErrorTable();
        }

        var source = (find.FindParameter("withsource") ?? find.FindParameter("with_source"))?.Word ?? "source_";
        columns.RemoveAll(c => c.Name == source);
        var unique = new ColumnNames();
        List<ColumnSymbol> symbols = [unique.Add(source, KqlType.String, false), .. columns.Select(c => unique.Add(unique.Unique(c.Name), c.Type, true))];
        return new BoundUnion(
            [.. found.Select(t => new UnionInput(t.Table, [new BoundLiteral(KqlType.String, t.Name), .. columns.Select(c => c.Value(t.Table))]))],
            symbols,
            null);
    }

    /// <summary>The columns that project lists; null where there is a fault.</summary>
    private List<FoundColumn>? FoundColumns(FindOperator find, List<(string Name, BoundTable Table)> tables)
    {
        if (find.Columns.Length > 1 && find.Columns.FirstOrDefault(c => c.IsPack) is { } pack)
        {
            diagnostics.NotSupported(pack.Span, "pack(*) beside columns is not supported: the page's text and its example differ about what is packed");
            return null;
        }

        var columns = new List<FoundColumn>();
        foreach (var column in find.Columns)
        {
            if (column.IsPack)
            {
                columns.Add(new FoundColumn("pack_", KqlType.Dynamic, table => Packed(table.Columns)));
                continue;
            }

            if (column.Column is not NameExpression { Name: var name })
            {
                diagnostics.Semantic("KQL123", column.Span, "A column's name is expected here");
                return null;
            }

            var types = tables.SelectMany(t => t.Table.Columns).Where(c => c.Name == name).Select(c => c.Type).Distinct().ToList();
            if (types.Count == 0)
            {
                diagnostics.UnknownName("column", name, column.Span, tables.SelectMany(t => t.Table.Columns).Select(c => c.Name));
                return null;
            }

            if (types.Count > 1 && column.Type is null)
            {
                diagnostics.Semantic("KQL137", column.Span, $"The tables have columns '{name}' of several types", $"Say which: {name}:{TypeName(types[0])}.");
                return null;
            }

            columns.Add(In(name, column.Type ?? types[0]));
        }

        return columns;
    }

    /// <summary>
    /// The columns that the predicate names and those that all tables have, one of several types once for each of them; the others
    /// packed into a bag.
    /// </summary>
    private List<FoundColumn> SmartColumns(List<(string Name, BoundTable Table)> tables, HashSet<string> inPredicate)
    {
        var shown = new List<(string Name, KqlType Type)>();
        foreach (var column in tables.SelectMany(t => t.Table.Columns))
        {
            var isCommon = tables.TrueForAll(t => t.Table.Columns.Any(c => c.Name == column.Name));
            if ((isCommon || inPredicate.Contains(column.Name)) && !shown.Contains((column.Name, column.Type)))
            {
                shown.Add((column.Name, column.Type));
            }
        }

        var columns = shown.ConvertAll(c => shown.Count(o => o.Name == c.Name) == 1
            ? In(c.Name, c.Type)
            : In(c.Name, c.Type) with
            {
                Name = $"{c.Name}_{TypeName(c.Type)}",
                Value = table => table.Columns.FirstOrDefault(o => o.Name == c.Name && o.Type == c.Type) is { } own ? new BoundColumn(own) : Missing(c.Type),
            });
        if (tables.Exists(t => Rest(t.Table).Any()))
        {
            columns.Add(new FoundColumn("pack_", KqlType.Dynamic, table => Packed(Rest(table))));
        }

        return columns;

        IEnumerable<ColumnSymbol> Rest(BoundTable table) => table.Columns.Where(c => shown.TrueForAll(s => s.Name != c.Name));
    }

    private static FoundColumn In(string name, KqlType type) => new(
        name,
        type,
        table => table.Columns.FirstOrDefault(c => c.Name == name) is { } column ? Conversion.To(new BoundColumn(column), type) : Missing(type));

    private static BoundLiteral Missing(KqlType type) => new(type, type == KqlType.String ? "" : null);

    private BoundExpression Packed(IEnumerable<ColumnSymbol> columns)
    {
        var pairs = columns.SelectMany(c => new BoundExpression[] { new BoundLiteral(KqlType.String, c.Name), new BoundColumn(c) }).ToList();
        return pairs.Count == 0
            ? new BoundLiteral(KqlType.Dynamic, "{}")
            : Resolve(
                new CallExpression(default, new Identifier(default, "bag_pack"), []), FunctionTable.Scalars["bag_pack"].Overloads, pairs, isAggregate: false);
    }
}
