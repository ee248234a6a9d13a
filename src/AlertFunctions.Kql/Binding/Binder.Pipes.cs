using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    /// <summary>How long a pipe may be, functions called in it included: DuckDB plans it by recursion, see the parser's bound.</summary>
    private const int MaxPipeDepth = 250;

    /// <summary>How many operators lie behind a table.</summary>
    private readonly Dictionary<BoundTable, int> _depths = new(ReferenceEqualityComparer.Instance);

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
                return BindUnion(input, union);
            case SearchOperator search:
                return BindSearch(input, search);
        }

        if (input is null)
        {
            return step is MissingOperator ? ErrorTable() : Refused(step.Keyword, "This operator is not supported as a query's first");
        }

        var outer = _rows;
        _rows = new RowScope(input);
        try
        {
            var depth = _depths.GetValueOrDefault(input) + 1;
            if (depth > MaxPipeDepth)
            {
                return Refused(step.Keyword, $"More than {MaxPipeDepth} operators stand one behind the other, those of functions included");
            }

            var output = BindOperatorOn(input, step);
            _depths[output] = Math.Max(depth, _depths.GetValueOrDefault(output));
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
        TakeOperator take => new BoundTake(input, BindCountOf(take.Count)),
        SampleOperator sample => new BoundTake(input with { Ordering = [] }, BindCountOf(sample.Count)),
        SerializeOperator serialize => BindSerialize(input, serialize),
        JoinOperator join => BindJoin(input, join),
        LookupOperator lookup => BindLookup(input, lookup),
        MvExpandOperator expand => BindExpand(input, expand),
        ParseOperator parse => BindParse(input, parse),
        MvApplyOperator apply => BindMvApply(input, apply),
        EvaluateOperator evaluate => BindEvaluate(input, evaluate),
        PartitionOperator partition => BindPartition(input, partition),
        MakeSeriesOperator series => BindMakeSeries(input, series),
        SampleDistinctOperator sample => BindSampleDistinct(input, sample),
        TopHittersOperator top => BindTopHitters(input, top),
        ScanOperator scan => BindScan(input, scan),
        ProjectByNamesOperator names => BindProjectByNames(input, names),
        GetSchemaOperator => BindGetSchema(input),
        AsOperator named => BindAs(input, named),
        ConsumeOperator => Passed(input, []),
        InvokeOperator invoke => BindInvoke(input, invoke),
        RenderOperator render => BindRender(input, render),
        MissingOperator => ErrorTable(),
        _ => Refused(step.Keyword, "This operator is not supported"),
    };

    private BoundTable BindWhere(BoundTable input, WhereOperator where)
    {
        var predicate = Bind(StarredTerms(where.Predicate, input));
        if (predicate is not BoundError && predicate.Type != KqlType.Bool)
        {
            diagnostics.Semantic("KQL113", where.Predicate.Span, $"A condition is expected here, this is {TypeName(predicate.Type)}");
            return input with { IsError = true };
        }

        return predicate is BoundError
            ? input with { IsError = true }
            : Filtered(input, predicate);
    }

    // innerunique keeps any one row of the left side for each key, and the service takes one that later conditions on the left
    // side accept: they are applied before the choice.
    // Source: learn.microsoft.com/kusto/query/join-innerunique, "Two outputs".
    private static BoundTable Filtered(BoundTable input, BoundExpression predicate)
    {
        if (input is BoundJoin { Kind: JoinKind.Inner, Left: BoundFirstRows { OrderBy: null } chosen } join)
        {
            var conditions = predicate is BoundLogical { IsAnd: true } and ? and.Operands : [predicate];
            var onLeft = conditions.Where(c => ColumnsOf(c) is { Count: > 0 } read && read.IsSubsetOf(join.Outputs.Where(o => !o.IsRight).Select(o => o.Column))).ToList();
            if (onLeft.Count > 0)
            {
                var sources = join.Outputs.Where(o => !o.IsRight).ToDictionary(o => o.Column, o => o.Source);
                var below = onLeft.ConvertAll(c => Substitution.Replace(c, column => new BoundColumn(sources[column])));
                var left = chosen with { Input = new BoundFilter(chosen.Input, below.Count == 1 ? below[0] : new BoundLogical(true, below)) };
                var rest = conditions.Except(onLeft, ReferenceEqualityComparer.Instance).Cast<BoundExpression>().ToList();
                BoundTable narrowed = join with { Left = left };
                return rest.Count == 0 ? narrowed : new BoundFilter(narrowed, rest.Count == 1 ? rest[0] : new BoundLogical(true, rest));
            }
        }

        return new BoundFilter(input, predicate) { IsSerialized = input.IsSerialized, SourceName = input.SourceName };
    }

    private static HashSet<ColumnSymbol> ColumnsOf(BoundExpression expression)
    {
        var columns = new HashSet<ColumnSymbol>();
        Substitution.Replace(expression, column =>
        {
            columns.Add(column);
            return new BoundColumn(column);
        });
        return columns;
    }

    private BoundExpression BindCountOf(Expression expression)
    {
        var outer = _rows;
        _rows = null;
        var count = Argument(Bind(expression), KqlType.Long, expression.Span);
        _rows = outer;
        return count;
    }

    private BoundTable BindExtend(BoundTable input, IReadOnlyList<NamedExpression> columns)
    {
        var added = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in columns)
        {
            Attribute(sources, added.Count, column);
            AddColumns(added, column);
        }

        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < added.Count; i++)
        {
            if (IsGiven(added[i].Name, added[i].Value, sources[Math.Min(i, sources.Count - 1)]) && !given.Add(added[i].Name!))
            {
                diagnostics.Semantic("KQL121", sources[Math.Min(i, sources.Count - 1)].Span, $"There is already a column '{added[i].Name}' in this list");
                return input with { IsError = true };
            }
        }

        return Extended(input, added);
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

    private void AddColumns(List<(string? Name, BoundExpression Value)> added, NamedExpression column)
    {
        var value = Bind(column.Value);
        if (value is BoundTypeLiteral)
        {
            value = Expected(column.Value, "A scalar is expected here");
        }

        // Functions that give several columns, such as series_stats().
        if (value is BoundCall bound && column.Value is CallExpression call
            && FunctionTable.Scalars.TryGetValue(call.Name.Text, out var function)
            && function.Parts?.Invoke(SeriesNames(call, bound)) is { Count: > 0 } parts)
        {
            for (var i = 0; i < parts.Count; i++)
            {
                var name = i < column.Names.Length ? column.Names[i].Text : parts[i].Name;
                var part = new BoundTemplate($"CAST(nullif(json_extract({{0}}, '{parts[i].Path}'), 'null') AS VARCHAR)", [value], KqlType.Dynamic, true);
                added.Add((name, Conversion.To(part, parts[i].Type)));
            }

            return;
        }

        if (column.IsTuple && column.Names.Length > 1)
        {
            diagnostics.Semantic("KQL122", column.Span, "This value does not have several parts");
            value = new BoundError();
        }

        added.Add((column.Names.Length > 0 ? column.Names[0].Text : NameOf(column.Value), value));
    }

    // The names of the arguments that are arrays: array_sort_asc(a, b, false) gives a column for a and b.
    private List<string> SeriesNames(CallExpression call, BoundCall bound) =>
        [.. call.Arguments.Where((_, i) => bound.Arguments[i].Type == KqlType.Dynamic).Select(a => NameOf(a.Value) ?? "")];

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

    private BoundTable BindSort(BoundTable input, IReadOnlyList<OrderedExpression> keys)
    {
        var bound = new List<(BoundExpression Value, bool Descending, bool NullsFirst)>();
        foreach (var key in keys)
        {
            var value = Bind(key.Key.Value);
            if (value is BoundError)
            {
                return input with { IsError = true };
            }

            if (value.Type == KqlType.Dynamic)
            {
                diagnostics.Semantic("KQL124", key.Span, "Dynamic values have no order", "Convert them, as with tostring().");
                return input with { IsError = true };
            }

            // Source: learn.microsoft.com/kusto/query/sort-operator: descending unless told; nulls first ascending, last descending.
            var descending = key.Direction != SortDirection.Ascending;
            bound.Add((value, descending, key.Nulls is { } nulls ? nulls == NullsOrder.First : !descending));
        }

        // Keys that are no columns are computed into hidden ones.
        var computed = bound.Where(b => b.Value is not BoundColumn).ToList();
        var target = input;
        var symbols = new Dictionary<BoundExpression, ColumnSymbol>(ReferenceEqualityComparer.Instance);
        if (computed.Count > 0)
        {
            var names = new ColumnNames();
            foreach (var column in input.Physical)
            {
                names.Keep(column);
            }

            var outputs = input.Columns.Select(Output.Pass).ToList();
            if (input.Ingestion is not null)
            {
                outputs.Add(Output.Pass(input.Ingestion));
            }

            foreach (var (value, _, _) in computed)
            {
                var symbol = names.AddHidden("$key", value.Type, value.CanBeNull);
                symbols[value] = symbol;
                outputs.Add(new Output(symbol, value));
            }

            // The old order goes; the new keys must be known as its order so that they are kept.
            target = new BoundProjection(
                input, outputs, input.Columns, [.. symbols.Values.Select(s => new SortKey(s, false, true))], input.Ingestion);
        }

        var order = bound
            .Select(b => new SortKey(b.Value is BoundColumn column ? column.Column : symbols[b.Value], b.Descending, b.NullsFirst))
            .ToList();
        return new BoundSort(target, order) { IsSerialized = true };
    }

    private BoundTable BindTop(BoundTable input, TopOperator top)
    {
        var count = BindCountOf(top.Count);
        var sorted = BindSort(input, [top.Key]);
        return count is BoundError || sorted.IsError ? input with { IsError = true } : new BoundTake(sorted, count) { IsSerialized = true };
    }

    // An order with ties need not be the same twice: numbering the rows fixes it for all that follow.
    private BoundTable BindSerialize(BoundTable input, SerializeOperator serialize)
    {
        var serialized = input with { IsSerialized = true };
        if (serialize.Columns.Length == 0)
        {
            return serialized;
        }

        _rows = new RowScope(serialized);
        return BindExtend(serialized, serialize.Columns);
    }

    private static BoundTable BindCount(BoundTable input, CountOperator count)
    {
        var overload = FunctionTable.Aggregates["count"].Overloads[0];
        var column = new ColumnNames().Add(count.Name?.Text ?? "Count", KqlType.Long, false);
        return new BoundSummarize(input, [], [new Output(column, new BoundAggregate(overload, [], KqlType.Long, false))]) { IsError = input.IsError };
    }

    private BoundTable BindDistinct(BoundTable input, DistinctOperator distinct)
    {
        var list = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in distinct.Columns)
        {
            Attribute(sources, list.Count, column);
            if (column.Value is StarExpression or WildcardExpression)
            {
                list.AddRange(Matching(input, [column.Value]).Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c))));
            }
            else
            {
                AddColumns(list, column);
            }
        }

        if (list.Find(c => c.Value is { Type: KqlType.Dynamic } and not BoundError) is { Value: not null } dynamic)
        {
            diagnostics.Semantic(
                "KQL124", distinct.Span, $"The dynamic column '{dynamic.Name}' cannot be grouped by", "Convert it, as with tostring().");
            return input with { IsError = true };
        }

        if (list.Exists(c => c.Value is BoundError))
        {
            return input with { IsError = true };
        }

        return Keys(list, sources, new ColumnNames()) is { } keys
            ? new BoundSummarize(input, keys, []) { IsError = input.IsError }
            : input with { IsError = true };
    }

    private BoundTable BindPrint(PrintOperator print)
    {
        var outer = _rows;
        _rows = null;
        var list = new List<(string? Name, BoundExpression Value)>();
        var sources = new List<NamedExpression>();
        foreach (var column in print.Columns)
        {
            Attribute(sources, list.Count, column);
            var place = list.Count;
            AddColumns(list, column);
            if (column.Names.Length == 0 && list.Count == place + 1)
            {
                list[place] = ($"print_{place}", list[place].Value);
            }
        }

        _rows = outer;
        if (list.Exists(c => c.Value is BoundError))
        {
            return ErrorTable();
        }

        if (Keys(list, sources, new ColumnNames()) is not { } outputs)
        {
            return ErrorTable();
        }

        return new BoundProjection(null, outputs, [.. outputs.Select(o => o.Column)], [], null);
    }

    private BoundTable BindRange(RangeOperator range)
    {
        var outer = _rows;
        _rows = null;
        var (from, to, step) = (Bind(range.From), Bind(range.To), Bind(range.Step));
        _rows = outer;
        if (from is BoundError || to is BoundError || step is BoundError)
        {
            return ErrorTable();
        }

        var isTime = from.Type == KqlType.DateTime && to.Type == KqlType.DateTime && step.Type == KqlType.TimeSpan
            || from.Type == KqlType.TimeSpan && to.Type == KqlType.TimeSpan && step.Type == KqlType.TimeSpan;
        var isNumber = new[] { from, to, step }.All(e => e.Type is KqlType.Int or KqlType.Long or KqlType.Real);
        if (!isTime && !isNumber)
        {
            diagnostics.Semantic(
                "KQL125", range.Span, $"A range of {TypeName(from.Type)} to {TypeName(to.Type)} by {TypeName(step.Type)} is not possible");
            return ErrorTable();
        }

        var type = isTime ? from.Type : Widest(Widest(from.Type, to.Type), step.Type);
        if (!isTime)
        {
            (from, to, step) = (Folded(Conversion.To(from, type)), Folded(Conversion.To(to, type)), Folded(Conversion.To(step, type)));
        }

        return new BoundRange(new ColumnNames().Add(range.Name.Text, type, false), from, to, step);
    }

    private BoundTable BindDataTable(DataTableExpression table)
    {
        var names = new ColumnNames();
        var columns = new List<ColumnSymbol>();
        foreach (var column in table.Schema.Columns)
        {
            if (names.Contains(column.Name.Text))
            {
                diagnostics.Semantic("KQL121", column.Span, $"There is already a column '{column.Name.Text}' in this list");
                return ErrorTable();
            }

            columns.Add(names.Add(column.Name.Text, column.Type, true));
        }

        if (columns.Count == 0 || table.Values.Length % columns.Count != 0)
        {
            diagnostics.Semantic("KQL126", table.Span, $"{table.Values.Length} values do not fill rows of {columns.Count} columns");
            return new BoundValues(columns, []) { IsError = true };
        }

        var outer = _rows;
        _rows = null;
        var values = new List<IReadOnlyList<BoundExpression>>();
        for (var i = 0; i < table.Values.Length; i += columns.Count)
        {
            var row = new List<BoundExpression>(columns.Count);
            for (var j = 0; j < columns.Count; j++)
            {
                var value = Bind(table.Values[i + j]);
                row.Add(value is BoundLiteral { Value: null } ? new BoundLiteral(columns[j].Type, null) : Cell(value, columns[j].Type, table.Values[i + j].Span));
            }

            values.Add(row);
        }

        _rows = outer;
        return new BoundValues(columns, values) { IsError = values.Exists(r => r.Any(v => v is BoundError)) };
    }

    // A datatable's values are converted more freely than arguments are.
    private BoundExpression Cell(BoundExpression value, KqlType type, TextSpan span) => value switch
    {
        { Type: KqlType.String } or { Type: KqlType.Long or KqlType.Int or KqlType.Real or KqlType.Bool }
            when value.Type != type && type is not KqlType.Guid => Folded(Conversion.To(value, type)),
        { Type: KqlType.String } when type == KqlType.Guid => Folded(Conversion.To(value, type)),
        _ => Argument(value, type, span),
    };

    private static BoundTable BindGetSchema(BoundTable input)
    {
        var names = new ColumnNames();
        var columns = new List<ColumnSymbol>
        {
            names.Add("ColumnName", KqlType.String, false),
            names.Add("ColumnOrdinal", KqlType.Long, false),
            names.Add("DataType", KqlType.String, false),
            names.Add("ColumnType", KqlType.String, false),
        };
        var schema = input.Columns.Select((c, i) => (IReadOnlyList<BoundExpression>)
        [
            new BoundLiteral(KqlType.String, c.Name),
            new BoundLiteral(KqlType.Long, (long)i),
            new BoundLiteral(KqlType.String, ClrName(c.Type)),
            new BoundLiteral(KqlType.String, TypeName(c.Type)),
        ]);
        return new BoundValues(columns, [.. schema]) { IsError = input.IsError };
    }

    // Source: learn.microsoft.com/kusto/query/getschema-operator.
    private static string ClrName(KqlType type) => type switch
    {
        KqlType.Bool => "System.SByte",
        KqlType.Int => "System.Int32",
        KqlType.Long => "System.Int64",
        KqlType.Real => "System.Double",
        KqlType.Decimal => "System.Data.SqlTypes.SqlDecimal",
        KqlType.String => "System.String",
        KqlType.DateTime => "System.DateTime",
        KqlType.TimeSpan => "System.TimeSpan",
        KqlType.Guid => "System.Guid",
        _ => "System.Object",
    };

    private BoundTable BindAs(BoundTable input, AsOperator named)
    {
        _scope = new Scope(_scope);
        var table = input with { SourceName = named.Name.Text };
        _scope.Declare(named.Name.Text, new TableEntity(table));
        return table;
    }

    private BoundTable BindInvoke(BoundTable input, InvokeOperator invoke)
    {
        var (name, arguments) = invoke.Function switch
        {
            CallExpression call => (call.Name, call.Arguments),
            NameExpression bare => (new Identifier(bare.Span, bare.Name), []),
            _ => (new Identifier(invoke.Function.Span, ""), []),
        };
        var outer = _rows;
        _rows = null;
        var result = _scope.Find(name.Text) is LambdaEntity lambda
            ? Invoke(lambda.Lambda, lambda.Scope, name.Text, arguments, invoke.Span, input)
            : SavedFunction(name.Text, arguments, invoke.Span, input);
        _rows = outer;
        switch (result)
        {
            case BoundTable table:
                return table;
            case null:
                diagnostics.UnknownName("function", name.Text, name.Span, _scope.All.Select(e => e.Key));
                return ErrorTable();
            default:
                diagnostics.Semantic("KQL104", invoke.Function.Span, "A table is expected here, not a scalar");
                return ErrorTable();
        }
    }

    private BoundTable BindRender(BoundTable input, RenderOperator render)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in render.Properties)
        {
            properties[property.Name.Text] = property.Text;
        }

        Render = new RenderHint(render.Visualization.Text, properties);
        return input;
    }
}
