using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// top-nested: each level keeps the best values of its column within each value kept of the level above.
/// Source: learn.microsoft.com/kusto/query/top-nested-operator.
/// </summary>
internal sealed partial class Binder
{
    private BoundTable BindTopNested(BoundTable input, TopNestedOperator top)
    {
        if (top.Levels.Length > 1 && top.Levels.FirstOrDefault(level => level.Others is not null) is { } others)
        {
            return Refused(others.Others!.Span, "with others is supported in a top-nested of one level: the page does not say what lies below the others");
        }

        // The labels of all levels become columns first, under names that queries cannot give.
        var labels = new List<(string? Name, BoundExpression Value)>();
        for (var i = 0; i < top.Levels.Length; i++)
        {
            labels.Add(($"$label{i}", Bind(top.Levels[i].Of.Value)));
            if (labels[i].Value is BoundTypeLiteral)
            {
                labels[i] = (null, Expected(top.Levels[i].Of.Value, "A scalar is expected here"));
            }
        }

        if (labels.Exists(l => l.Value is BoundError))
        {
            return input with { IsError = true };
        }

        var labelled = new BoundMaterialize(Extended(input with { Ordering = [], IsSerialized = false }, labels));
        BoundTable? kept = null;
        var names = new ColumnNames();
        var columns = new List<(string? Name, ColumnSymbol Column)>();
        for (var i = 0; i < top.Levels.Length; i++)
        {
            var level = top.Levels[i];
            if (BindTopLevel(labelled, level, i, kept) is not { } table)
            {
                return input with { IsError = true };
            }

            var label = names.Next(level.Of.Name?.Text ?? NameOf(level.Of.Value), false)!;
            names.Add(label, table.Columns[^2].Type, true);
            var aggregate = names.Next(level.By.Name?.Text ?? $"aggregated_{(level.Of.Name is null && NameOf(level.Of.Value) is null ? "" : label)}", false)!;
            names.Add(aggregate, table.Columns[^1].Type, true);
            columns = [.. columns.Select((c, n) => (c.Name, table.Columns[n])), (label, table.Columns[^2]), (aggregate, table.Columns[^1])];
            kept = table;
        }

        return Projected(kept!, [.. columns.Select(c => (c.Name, (BoundExpression)new BoundColumn(c.Column)))]);
    }

    /// <summary>The columns of the levels above, then this level's label and aggregate; null where there is a fault.</summary>
    private BoundTable? BindTopLevel(BoundTable labelled, TopNestedLevel level, int depth, BoundTable? above)
    {
        if (BindLevelAggregate(labelled, level, depth) is not { } grouped)
        {
            return null;
        }

        var parents = grouped.Keys.SkipLast(1).Select(k => (BoundExpression)new BoundColumn(k.Column)).ToList();
        BoundTable best = grouped;
        if (level.Count is not null)
        {
            var limit = BindCountOf(level.Count);
            if (limit is BoundError)
            {
                return null;
            }

            var rank = new BoundWindow(
                "row_number() {over}",
                [],
                parents,
                [new SortKey(grouped.Columns[^1], level.Direction != SortDirection.Ascending, false)],
                "",
                KqlType.Long,
                false);
            var ranked = Extended(grouped, [("$rank", rank)]);
            best = Passed(
                new BoundFilter(
                    ranked, new BoundBinary(BinaryOperator.LessOrEqual, new BoundColumn(ranked.Columns[^1]), limit, KqlType.Bool, limit.CanBeNull)),
                grouped.Columns);
        }

        if (level.Others is not null)
        {
            return WithOthers(labelled, level, best);
        }

        return above is null ? best : Below(above, best);
    }

    private BoundSummarize? BindLevelAggregate(BoundTable labelled, TopNestedLevel level, int depth)
    {
        var names = new ColumnNames();
        var keys = labelled.Columns
            .Where(c => c.Name.StartsWith("$label", StringComparison.Ordinal))
            .Take(depth + 1)
            .Select(c => new Output(names.Add(c.Name, c.Type, c.CanBeNull), new BoundColumn(c)))
            .ToList();
        _rows = new RowScope(labelled) { AllowsAggregates = true };
        var aggregates = BindAggregates(labelled, level.By, keys).ToList();
        if (aggregates is not [{ Value: not BoundError } aggregate])
        {
            return null;
        }

        if (aggregate.Value.Type == KqlType.Dynamic)
        {
            diagnostics.NotSupported(level.By.Span, "top-nested by a dynamic value is not supported");
            return null;
        }

        return new BoundSummarize(
            labelled, keys, [new Output(names.Add("$aggregate", aggregate.Value.Type, aggregate.Value.CanBeNull), aggregate.Value)]);
    }

    /// <summary>The rows of a level beside those of the levels above to which they belong.</summary>
    private static BoundJoin Below(BoundTable above, BoundTable level)
    {
        var labels = above.Columns.Where((_, i) => i % 2 == 0).ToList();
        var on = labels.Select((l, i) => ((BoundExpression)new BoundColumn(l), (BoundExpression)new BoundColumn(level.Columns[i]))).ToList();
        var names = new ColumnNames();
        var outputs = above.Columns
            .Select((c, i) => new JoinOutput(names.Add($"$above{i}", c.Type, c.CanBeNull), c, false))
            .Concat(level.Columns.Skip(labels.Count).Select((c, i) => new JoinOutput(names.Add($"$level{i}", c.Type, c.CanBeNull), c, true)))
            .ToList();
        return new BoundJoin(JoinKind.Inner, above, level, on, outputs) { MatchesNulls = true };
    }

    // One row more for all records whose value was not among the best.
    private BoundTable? WithOthers(BoundTable labelled, TopNestedLevel level, BoundTable best)
    {
        var label = best.Columns[0];
        var name = BindBound(level.Others!, label.Type);
        if (name is BoundError)
        {
            return null;
        }

        var source = labelled.Columns.First(c => c.Name == "$label0");
        var others = new BoundJoin(
            JoinKind.LeftAnti,
            labelled,
            best,
            [(new BoundColumn(source), new BoundColumn(label))],
            [.. labelled.Columns.Select(c => new JoinOutput(c, c, false))])
        {
            MatchesNulls = true,
        };
        var names = new ColumnNames();
        var constant = new Output(names.Add("$label0", label.Type, label.CanBeNull), name);
        var named = new BoundProjection(others, [.. others.Columns.Select(Output.Pass), constant], [.. others.Columns, constant.Column], [], null);
        _rows = new RowScope(others) { AllowsAggregates = true };
        if (BindAggregates(others, level.By, []).ToList() is not [{ Value: not BoundError } aggregate])
        {
            return null;
        }

        var key = new Output(new ColumnSymbol("$other", label.Type, label.CanBeNull, "$other"), new BoundColumn(constant.Column));
        var total = new Output(new ColumnSymbol("$total", aggregate.Value.Type, aggregate.Value.CanBeNull, "$total"), aggregate.Value);
        var rest = new BoundSummarize(named, [key], [total]);
        return new BoundUnion(
            [
                new UnionInput(best, [new BoundColumn(label), new BoundColumn(best.Columns[1])]),
                new UnionInput(rest, [new BoundColumn(key.Column), new BoundColumn(total.Column)]),
            ],
            [
                new ColumnSymbol("$label", label.Type, true, "$label"),
                new ColumnSymbol("$aggregate", best.Columns[1].Type, true, "$aggregate"),
            ],
            null);
    }
}
