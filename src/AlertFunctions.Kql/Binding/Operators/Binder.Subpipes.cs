using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// The operators in the parentheses of mv-apply and partition run once for each group of rows. Here they run once for all: a
/// column that names the group is carried along, rows are counted within it, and aggregates are grouped by it as well.
/// </summary>
internal sealed partial class Binder
{
    /// <summary>How many subpipes lie around the operator being bound; each has a group of its own.</summary>
    private int _subpipes;

    /// <summary>The column of the innermost group; columns of queries have no such names.</summary>
    private string GroupName => $"$group{_subpipes}";

    /// <summary>What window functions are counted within: the group, inside of a subpipe.</summary>
    private IReadOnlyList<BoundExpression> GroupKeys() =>
        _subpipes > 0 && _rows?.Find(GroupName) is { } group ? [new BoundColumn(group)] : [];

    private BoundTable BindSubpipe(BoundTable table, Subpipe pipe)
    {
        table = table with { IsSerialized = false };
        foreach (var step in pipe.Operators)
        {
            var outer = _rows;
            _rows = new RowScope(table);
            var bare = step;
            if (step is SerializeOperator { Columns.Length: > 0 } serialize)
            {
                table = table with { IsSerialized = true };
                bare = new ExtendOperator(serialize.Span, serialize.Keyword, serialize.Columns);
                _rows = new RowScope(table);
            }

            table = WithWindows(table, bare, rows => BindGrouped(rows, bare));
            _rows = outer;
            if (table.IsError)
            {
                return table;
            }
        }

        return table;
    }

    /// <summary>Whether the operator treats each row by itself, so that it need not know of groups.</summary>
    private static bool IsRowByRow(QueryOperator step) =>
        step is WhereOperator or ExtendOperator or ProjectRenameOperator or ProjectReorderOperator or MvExpandOperator
            or ParseOperator or ParseKvOperator or MvApplyOperator;

    private BoundTable BindGrouped(BoundTable table, QueryOperator step)
    {
        var group = new NameExpression(step.Keyword, GroupName);
        var named = new NamedExpression(step.Keyword, [], false, group);
        return step switch
        {
            _ when IsRowByRow(step) => BindOperatorOn(table, step),
            ProjectOperator project => BindProject(table, project with { Columns = project.Columns.Add(named) }),
            ProjectKeepOperator keep => BindKeep(table, keep with { Columns = keep.Columns.Add(group) }),
            ProjectAwayOperator away => BindAwayFrom(table, away),
            DistinctOperator distinct => BindDistinct(table, distinct with { Columns = distinct.Columns.Add(named) }),
            SummarizeOperator summarize => BindSummarize(table, summarize with { By = summarize.By.Add(named) }),
            CountOperator count => BindSummarize(table, CountOf(count, named)),
            SortOperator sort => BindSort(table, sort.Keys),
            TopOperator top => FirstOfGroup(BindSort(table, [top.Key]), top.Count),
            TakeOperator take => FirstOfGroup(table, take.Count),
            SerializeOperator => table with { IsSerialized = true },
            ScanOperator scan => BindScan(table, scan),
            _ => Refused(step.Keyword, "This operator is not supported inside another operator's parentheses"),
        };
    }

    private BoundTable BindAwayFrom(BoundTable table, ProjectAwayOperator away)
    {
        var gone = Matching(table, away.Columns).Where(c => c.Name != GroupName).ToHashSet();
        return Passed(table, table.Columns.Where(c => !gone.Contains(c)));
    }

    private static SummarizeOperator CountOf(CountOperator count, NamedExpression group)
    {
        var call = new CallExpression(count.Keyword, new Identifier(count.Keyword, "count"), []);
        var name = count.Name ?? new Identifier(count.Keyword, "Count");
        return new SummarizeOperator(count.Span, count.Keyword, [new NamedExpression(count.Span, [name], false, call)], [group]);
    }

    /// <summary>The first rows of each group, by the order that the rows have.</summary>
    private BoundTable FirstOfGroup(BoundTable table, Expression count)
    {
        var limit = BindCountOf(count);
        if (table.IsError || limit is BoundError)
        {
            return table with { IsError = true };
        }

        var group = table.Columns.First(c => c.Name == GroupName);
        var rank = new BoundWindow(
            "row_number() {over}", [], [new BoundColumn(group)], table.Ordering, "", KqlType.Long, false);
        var ranked = Extended(table, [("$rank", rank)]);
        var place = ranked.Columns.First(c => c.Name == "$rank");
        var kept = new BoundFilter(
            ranked, new BoundBinary(BinaryOperator.LessOrEqual, new BoundColumn(place), limit, KqlType.Bool, false));
        return Passed(kept, kept.Columns.Where(c => !ReferenceEquals(c, place)));
    }

    // Source: learn.microsoft.com/kusto/query/mv-apply-operator. The result has the input's columns and, behind them, those of
    // the subquery that the input does not have.
    private BoundTable BindMvApply(BoundTable input, MvApplyOperator apply)
    {
        _subpipes++;
        var result = BindGroupedMvApply(input, apply);
        _subpipes--;
        return result;
    }

    private BoundTable BindGroupedMvApply(BoundTable input, MvApplyOperator apply)
    {
        var source = input;
        var isRowByRow = apply.On.Operators.All(IsRowByRow);
        if (!isRowByRow)
        {
            var number = new BoundWindow("row_number() {over}", [], [], input.Ordering, "", KqlType.Long, false);
            source = new BoundMaterialize(Extended(input, [(GroupName, number)]));
        }

        _rows = new RowScope(source);
        var expand = new MvExpandOperator(apply.Span, apply.Keyword, apply.Columns, apply.Limit) { Parameters = apply.Parameters };
        var expanded = BindExpand(source, expand);
        var result = expanded.IsError ? expanded : BindSubpipe(expanded, apply.On);
        if (result.IsError)
        {
            return input with { IsError = true };
        }

        foreach (var column in result.Columns)
        {
            // A value computed under the name of an input's column: the documentation does not say which of both remains.
            if (input.Columns.FirstOrDefault(c => c.Name == column.Name) is { } hidden
                && !IsSame(result, column, hidden)
                && !(expanded.Columns.FirstOrDefault(c => c.Name == column.Name) is { } item && IsSame(result, column, item)))
            {
                return Refused(apply.On.Span, $"The subquery gives another value to the input's column '{column.Name}'", "Choose a new name.");
            }
        }

        var kept = input.Columns
            .Select(c => result.Columns.FirstOrDefault(r => ReferenceEquals(r, c)
                || (r.Name == c.Name && expanded.Columns.Contains(r))))
            .ToList();
        if (kept.TrueForAll(c => c is not null))
        {
            var others = result.Columns.Where(c => c.Name != GroupName && !kept.Contains(c));
            return Passed(result, [.. kept.Select(c => c!), .. others]) with { Ordering = [] };
        }

        return isRowByRow ? Passed(result, result.Columns) : JoinBack(input, source, result);
    }

    /// <summary>Puts the rows of a subquery beside those of the input from which they come.</summary>
    private BoundJoin JoinBack(BoundTable input, BoundTable source, BoundTable result)
    {
        var names = new ColumnNames();
        var outputs = new List<JoinOutput>();
        foreach (var column in input.Columns)
        {
            outputs.Add(new JoinOutput(names.Add(column.Name, column.Type, column.CanBeNull), column, false));
        }

        foreach (var column in result.Columns.Where(c => c.Name != GroupName && !names.Contains(c.Name)))
        {
            outputs.Add(new JoinOutput(names.Add(column.Name, column.Type, column.CanBeNull), column, true));
        }

        var left = source.Columns.First(c => c.Name == GroupName);
        var right = result.Columns.First(c => c.Name == GroupName);
        return new BoundJoin(JoinKind.Inner, source, result, [(new BoundColumn(left), new BoundColumn(right))], outputs);
    }

    /// <summary>Whether a table's column holds what an earlier one held.</summary>
    private static bool IsSame(BoundTable table, ColumnSymbol column, ColumnSymbol earlier)
    {
        if (ReferenceEquals(column, earlier))
        {
            return true;
        }

        return table switch
        {
            BoundFilter filter => IsSame(filter.Input, column, earlier),
            BoundSort sort => IsSame(sort.Input, column, earlier),
            BoundTake take => IsSame(take.Input, column, earlier),
            BoundProjection { Input: { } input } projection => Came(projection.Outputs, input),
            BoundSummarize summarize => Came(summarize.Keys, summarize.Input),
            BoundExpand expand => IsSame(expand.Input, column, earlier),
            BoundMaterialize materialize => IsSame(materialize.Input, column, earlier),
            BoundJoin join => join.Outputs.FirstOrDefault(o => ReferenceEquals(o.Column, column)) is { } output
                && IsSame(output.IsRight ? join.Right : join.Left, output.Source, earlier),
            _ => false,
        };

        bool Came(IReadOnlyList<Output> outputs, BoundTable input) =>
            outputs.FirstOrDefault(o => ReferenceEquals(o.Column, column))?.Value is BoundColumn value
            && IsSame(input, value.Column, earlier);
    }

    // Source: learn.microsoft.com/kusto/query/partition-operator.
    private BoundTable BindPartition(BoundTable input, PartitionOperator partition)
    {
        CheckParameters(partition);
        if (partition.Pipe is null)
        {
            return Refused(partition.Span, "partition with a query in braces is not supported: it runs the query anew for each value", "Write operators in parentheses: (top 1 by x).");
        }

        var key = Bind(partition.By);
        if (key is BoundError)
        {
            return input with { IsError = true };
        }

        if (key.Type == KqlType.Dynamic)
        {
            diagnostics.Semantic("KQL124", partition.By.Span, "Dynamic values cannot be grouped by", "Convert them, as with tostring().");
            return input with { IsError = true };
        }

        _subpipes++;
        var group = GroupName;
        var result = BindSubpipe(Extended(input, [(group, key)]), partition.Pipe);
        _subpipes--;
        return result.IsError
            ? result
            : Passed(result, result.Columns.Where(c => c.Name != group)) with { Ordering = [] };
    }
}
