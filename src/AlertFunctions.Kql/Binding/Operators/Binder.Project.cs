using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindProject(BoundTable input, ProjectOperator project)
    {
        var list = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in project.Columns)
        {
            Attribute(sources, list.Count, column);
            if (column is { Names.Length: 0, Value: WildcardExpression or StarExpression })
            {
                list.AddRange(Matching(input, [column.Value]).Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c))));
            }
            else
            {
                AddColumns(list, column);
            }
        }

        if (list.Exists(c => c.Value is BoundError))
        {
            return Shape(list);
        }

        var names = new ColumnNames();
        for (var i = 0; i < list.Count; i++)
        {
            var (given, value) = list[i];
            if (names.Next(given, IsGiven(given, value, sources[Math.Min(i, sources.Count - 1)])) is not { } name)
            {
                diagnostics.Semantic("KQL121", sources[Math.Min(i, sources.Count - 1)].Span, $"There is already a column '{given}' in this list");
                return Shape(list);
            }

            names.Add(name, value.Type, value.CanBeNull);
            list[i] = (name, value);
        }

        return Projected(input, list);

        BoundTable Shape(List<(string? Name, BoundExpression Value)> columns)
        {
            var unique = new ColumnNames();
            return new BoundValues(
                [.. columns.Where(c => c.Name is not null && !unique.Contains(c.Name)).Select(c => unique.Add(c.Name!, c.Value.Type, true))], [])
            {
                IsError = true,
            };
        }
    }

    private BoundTable BindAway(BoundTable input, ProjectAwayOperator away)
    {
        var gone = Matching(input, away.Columns).ToHashSet();
        return Passed(input, input.Columns.Where(c => !gone.Contains(c))) with { IsError = input.IsError };
    }

    private BoundTable BindKeep(BoundTable input, ProjectKeepOperator keep)
    {
        var kept = Matching(input, keep.Columns).ToHashSet();
        return Passed(input, input.Columns.Where(kept.Contains)) with { IsError = input.IsError };
    }

    private BoundTable BindRename(BoundTable input, ProjectRenameOperator rename)
    {
        var renamed = new Dictionary<ColumnSymbol, string>();
        foreach (var column in rename.Columns)
        {
            switch (Bind(column.Value), column.Name)
            {
                case (BoundColumn bound, { } name):
                    renamed[bound.Column] = name.Text;
                    break;
                case (BoundError, _):
                    return input with { IsError = true };
                default:
                    diagnostics.Semantic("KQL123", column.Span, "A new name and a column are expected here, as in New = Old");
                    return input with { IsError = true };
            }
        }

        var names = input.Columns.Select(c => renamed.GetValueOrDefault(c, c.Name)).ToList();
        var twice = names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            diagnostics.Semantic("KQL121", rename.Span, $"There would be two columns '{twice.Key}'");
            return input with { IsError = true };
        }

        return Projected(input, [.. input.Columns.Select((c, i) => ((string?)names[i], (BoundExpression)new BoundColumn(c)))]);
    }

    private BoundTable BindReorder(BoundTable input, ProjectReorderOperator reorder)
    {
        var order = new List<ColumnSymbol>();
        foreach (var item in reorder.Columns)
        {
            var matching = Matching(input, [item.Columns]).Where(c => !order.Contains(c));
            order.AddRange(item.Order switch
            {
                ColumnOrder.Ascending => matching.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase),
                ColumnOrder.Descending => matching.OrderByDescending(c => c.Name, StringComparer.OrdinalIgnoreCase),
                ColumnOrder.GrannyAscending => matching.OrderBy(c => c.Name, GrannyComparer.Instance),
                ColumnOrder.GrannyDescending => matching.OrderByDescending(c => c.Name, GrannyComparer.Instance),
                _ => matching,
            });
        }

        return Passed(input, [.. order, .. input.Columns.Where(c => !order.Contains(c))]) with { IsError = input.IsError };
    }
}
