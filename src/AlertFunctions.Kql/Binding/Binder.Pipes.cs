using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundTable BindPipe(PipeExpression pipe)
    {
        var outerCaller = _callerRows;
        _callerRows = null;
        var table = pipe.Source is null ? null : BindTable(pipe.Source);
        foreach (var step in pipe.Operators)
        {
            table = BindOperator(table, step);
        }

        _callerRows = outerCaller;
        return table ?? ErrorTable();
    }

    private BoundTable BindOperator(BoundTable? input, QueryOperator step)
    {
        switch (step)
        {
            case PrintOperator print:
                return BindPrint(print);
            case RangeOperator range:
                return BindRange(range);
            case UnionOperator union:
                return Limited(BindUnion(input, union), union.Keyword);
            case SearchOperator search:
                return BindSearch(input, search);
            case FindOperator find:
                return BindFind(input, find);
        }

        if (input is null)
        {
            return step is MissingOperator ? ErrorTable() : Refused(step.Keyword, "This operator is not supported as a query's first");
        }

        // serialize with columns is serialize and extend.
        if (step is SerializeOperator { Columns.Length: > 0 } serialize)
        {
            input = input with { IsSerialized = true };
            step = new ExtendOperator(serialize.Span, serialize.Keyword, serialize.Columns);
        }

        var outer = _rows;
        _rows = new RowScope(input);
        try
        {
            var output = Limited(WithWindows(input, step, table => BindOperatorOn(table, step)), step.Keyword);
            return input.IsError && !output.IsError ? output with { IsError = true } : output;
        }
        finally
        {
            _rows = outer;
        }
    }

    private BoundTable BindOperatorOn(BoundTable input, QueryOperator step) => step switch
    {
        WhereOperator where => BindWhere(input, where),
        ExtendOperator extend => BindExtend(input, extend.Columns),
        ProjectOperator project => BindProject(input, project),
        ProjectAwayOperator away => BindAway(input, away),
        ProjectKeepOperator keep => BindKeep(input, keep),
        ProjectRenameOperator rename => BindRename(input, rename),
        ProjectReorderOperator reorder => BindReorder(input, reorder),
        SummarizeOperator summarize => BindSummarize(input, summarize),
        DistinctOperator distinct => BindDistinct(input, distinct),
        CountOperator count => BindCount(input, count),
        SortOperator sort => BindSort(input, sort.Keys),
        TopOperator top => BindTop(input, top),
        TakeOperator take => new BoundTake(input, BindCountOf(take.Count)) { IsSerialized = input.IsSerialized },
        SampleOperator sample => new BoundTake(input with { Ordering = [] }, BindCountOf(sample.Count)),
        SerializeOperator => input with { IsSerialized = true },
        JoinOperator join => BindJoin(input, join),
        LookupOperator lookup => BindLookup(input, lookup),
        MvExpandOperator expand => BindExpand(input, expand),
        ParseOperator parse => BindParse(input, parse),
        ParseKvOperator parse => BindParseKv(input, parse),
        MvApplyOperator apply => BindMvApply(input, apply),
        EvaluateOperator evaluate => BindEvaluate(input, evaluate),
        PartitionOperator partition => BindPartition(input, partition),
        MakeSeriesOperator series => BindMakeSeries(input, series),
        SampleDistinctOperator sample => BindSampleDistinct(input, sample),
        TopNestedOperator top => BindTopNested(input, top),
        TopHittersOperator top => BindTopHitters(input, top),
        ScanOperator scan => BindScan(input, scan),
        ProjectByNamesOperator names => BindProjectByNames(input, names),
        GetSchemaOperator => BindGetSchema(input),
        AsOperator named => BindAs(input, named),
        ConsumeOperator => Passed(input, []),
        InvokeOperator invoke => BindInvoke(input, invoke),
        RenderOperator render => BindRender(input, render),
        MissingOperator => ErrorTable(),
        ForkOperator or FacetOperator => Refused(step.Keyword, "This operator gives several tables: it is supported as the last one of a statement"),
        ReduceOperator => Refused(step.Keyword, "reduce is not supported: how it finds its patterns is not published"),
        _ => Refused(step.Keyword, "This operator is not supported"),
    };

    private BoundExpression BindCountOf(Expression expression)
    {
        var outer = _rows;
        _rows = null;
        var count = Argument(Bind(expression), KqlType.Long, expression.Span);
        _rows = outer;
        return count;
    }

    /// <summary>Adds columns, replacing in place those of a name that is there; unnamed ones get numbers.</summary>
    private static BoundTable Extended(BoundTable input, List<(string? Name, BoundExpression Value)> added)
    {
        if (added.Exists(a => a.Value is BoundError))
        {
            return input with { IsError = true };
        }

        var names = new ColumnNames();
        var replaced = input.Columns.Where(c => added.Exists(a => a.Name == c.Name)).ToHashSet();
        foreach (var column in input.Physical)
        {
            var isHidden = !input.Columns.Contains(column);
            if (!replaced.Contains(column) || input.Ordering.Any(k => ReferenceEquals(k.Column, column)))
            {
                names.Keep(column, isHidden || replaced.Contains(column));
            }
        }

        var visible = input.Columns.ToList();
        var outputs = new List<Output>();
        foreach (var (name, value) in added)
        {
            var place = name is null ? -1 : visible.FindIndex(c => c.Name == name);
            if (place >= 0 && value is BoundColumn same && ReferenceEquals(same.Column, visible[place]))
            {
                continue;
            }

            var column = names.Add(name ?? names.Numbered(), value.Type, value.CanBeNull);
            outputs.Add(new Output(column, value));
            if (place >= 0)
            {
                visible[place] = column;
            }
            else
            {
                visible.Add(column);
            }
        }

        var all = new List<Output>(visible.Select(c => outputs.Find(o => ReferenceEquals(o.Column, c)) ?? Output.Pass(c)));
        all.AddRange(Hidden(input, visible));
        return new BoundProjection(input, all, visible, input.Ordering, input.Ingestion) { IsSerialized = input.IsSerialized };
    }

    /// <summary>The input with just these columns; plain ones keep their identity.</summary>
    private static BoundTable Projected(BoundTable input, IReadOnlyList<(string? Name, BoundExpression Value)> list)
    {
        var names = new ColumnNames();
        var used = new HashSet<ColumnSymbol>();
        var outputs = new Output?[list.Count];

        // Columns passed on keep their physical names, so they come first.
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Value is BoundColumn column && column.Column.Name == list[i].Name && used.Add(column.Column))
            {
                names.Keep(column.Column);
                outputs[i] = Output.Pass(column.Column);
            }
        }

        var hidden = Hidden(input, used).ToList();
        foreach (var output in hidden)
        {
            names.Keep(output.Column, isHidden: true);
        }

        for (var i = 0; i < list.Count; i++)
        {
            outputs[i] ??= new Output(names.Add(list[i].Name ?? Numbered(names, list), list[i].Value.Type, list[i].Value.CanBeNull), list[i].Value);
        }

        List<Output> all = [.. outputs.Select(o => o!)];
        return new BoundProjection(input, [.. all, .. hidden], [.. all.Select(o => o.Column)], input.Ordering, input.Ingestion)
        {
            IsSerialized = input.IsSerialized,
        };
    }

    private static string Numbered(ColumnNames names, IReadOnlyList<(string? Name, BoundExpression Value)> list)
    {
        for (var n = 1; ; n++)
        {
            var name = $"Column{n}";
            if (!names.Contains(name) && !list.Any(c => c.Name == name))
            {
                return name;
            }
        }
    }

    private static BoundTable Passed(BoundTable input, IEnumerable<ColumnSymbol> columns) =>
        Projected(input, [.. columns.Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c)))]);

    /// <summary>The columns that names and wildcards mean, in the order of the list.</summary>
    private List<ColumnSymbol> Matching(BoundTable input, IReadOnlyList<Expression> patterns)
    {
        var found = new List<ColumnSymbol>();
        foreach (var pattern in patterns)
        {
            switch (pattern)
            {
                case StarExpression:
                    found.AddRange(input.Columns.Where(c => !found.Contains(c)));
                    break;
                case WildcardExpression wildcard:
                    found.AddRange(input.Columns.Where(c => Wildcard.Matches(wildcard.Pattern, c.Name) && !found.Contains(c)));
                    break;
                default:
                    switch (Bind(pattern))
                    {
                        case BoundColumn column:
                            if (!found.Contains(column.Column))
                            {
                                found.Add(column.Column);
                            }

                            break;
                        case BoundError:
                            break;
                        default:
                            diagnostics.Semantic("KQL123", pattern.Span, "A column's name is expected here");
                            break;
                    }

                    break;
            }
        }

        return found;
    }
}
