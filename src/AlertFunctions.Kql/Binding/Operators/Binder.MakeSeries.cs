using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>
/// make-series: rows are put into bins, aggregated by group and bin, and each group's bins become arrays.
/// Source: learn.microsoft.com/kusto/query/make-series-operator.
/// </summary>
internal sealed partial class Binder
{
    private BoundTable BindMakeSeries(BoundTable input, MakeSeriesOperator series)
    {
        CheckParameters(series, "kind");
        if (series.FindParameter("kind") is { } kind && kind.Word != "nonempty")
        {
            diagnostics.Semantic("KQL128", kind.Span, $"There is no kind of make-series '{kind.Word}'");
            return ErrorTable();
        }

        if (series.FindParameter("kind") is { } nonEmpty && (series.From is null || series.To is null || series.By.Length > 0))
        {
            return Refused(nonEmpty.Span, "kind=nonempty of make-series is supported with from and to, without by: the page says no more");
        }

        if (series is { From: null, To: not null })
        {
            return Refused(series.To.Span, "make-series with 'to' but without 'from' is not supported");
        }

        var axis = Bind(series.On.Value);
        var step = BindBound(series.Step, axis.Type is KqlType.DateTime ? KqlType.TimeSpan : axis.Type);
        var from = series.From is null ? null : BindBound(series.From, axis.Type);
        var to = series.To is null ? null : BindBound(series.To, axis.Type);
        if (axis is BoundError || step is BoundError || from is BoundError || to is BoundError)
        {
            return ErrorTable();
        }

        if (axis.Type is not (KqlType.DateTime or KqlType.TimeSpan or KqlType.Int or KqlType.Long or KqlType.Real))
        {
            diagnostics.Semantic("KQL133", series.On.Span, $"The axis of make-series is a number or a time, not {TypeName(axis.Type)}");
            return ErrorTable();
        }

        if (series.IsInRange && from is not null && to is not null)
        {
            // in range(...) has the bins of bin(), that of the end included.
            var bin = axis.Type == KqlType.Real ? "(floor({0} / {1}) * {1})" : "kql_floor({0}, {1})";
            from = new BoundTemplate(bin, [from, step], axis.Type, true);
            to = new BoundTemplate($"({bin} + {{1}})", [to, step], axis.Type, true);
        }

        var binned = BindBins(input, series, axis, from, to, step, out var aggregates);
        return binned is null ? ErrorTable() : Arrays(series, binned, aggregates, axis, from, to, step);
    }

    /// <summary>A bound of the axis, which reads no column.</summary>
    private BoundExpression BindBound(Expression expression, KqlType type)
    {
        var outer = _rows;
        _rows = null;
        var value = Argument(Bind(expression), type, expression.Span);
        _rows = outer;
        return value;
    }

    /// <summary>A row for each group and bin with rows: the keys, the number of the bin, the aggregates. Null where there is a fault.</summary>
    private BoundSummarize? BindBins(
        BoundTable input,
        MakeSeriesOperator series,
        BoundExpression axis,
        BoundExpression? from,
        BoundExpression? to,
        BoundExpression step,
        out List<(BoundExpression Value, BoundExpression Default)> aggregates)
    {
        aggregates = [];
        var keys = new List<(string? Name, BoundExpression Value)>();
        foreach (var key in series.By)
        {
            AddColumns(keys, key);
            if (keys[^1].Value is { Type: KqlType.Dynamic } and not BoundError)
            {
                diagnostics.Semantic("KQL124", key.Span, "Dynamic values cannot be grouped by", "Convert them, as with tostring().");
                return null;
            }
        }

        var names = new ColumnNames();
        var outputs = keys
            .Select(k => new Output(names.Add(k.Name is null ? names.Numbered() : names.Unique(k.Name), k.Value.Type, k.Value.CanBeNull), k.Value))
            .ToList();
        var number = new BoundTemplate(
            axis.Type == KqlType.Real ? "CAST(floor(({0} - {1}) / {2}) AS BIGINT)" : "kql_floor({0} - {1}, {2}) // {2}",
            [axis, from ?? (axis.Type == KqlType.Real ? new BoundLiteral(KqlType.Real, 0.0) : new BoundLiteral(KqlType.Long, 0L)), step],
            KqlType.Long,
            true);
        outputs.Add(new Output(names.AddHidden("$bin", KqlType.Long, true), number));

        var outer = _rows;
        _rows = new RowScope(input) { AllowsAggregates = true };
        var bound = new List<Output>();
        foreach (var aggregate in series.Aggregates)
        {
            var parts = BindAggregates(input, aggregate.Aggregate, outputs).ToList();
            if (parts is not [{ Value: not BoundError } part])
            {
                _rows = outer;
                if (parts.Count != 1)
                {
                    diagnostics.NotSupported(aggregate.Span, "An aggregate with several values has no place in make-series");
                }

                return null;
            }

            var missing = aggregate.Default is null ? new BoundLiteral(KqlType.Long, 0L) : BindBound(aggregate.Default, part.Value.Type);
            if (missing is BoundError)
            {
                _rows = outer;
                return null;
            }

            aggregates.Add((part.Value, Folded(Conversion.To(missing, part.Value.Type))));
            bound.Add(new Output(names.Add(names.Unique(part.Name ?? names.Numbered()), part.Value.Type, part.Value.CanBeNull), part.Value));
            if (!TypeSet.Number.Contains(part.Value.Type))
            {
                _rows = outer;
                diagnostics.NotSupported(aggregate.Span, $"make-series makes arrays of numbers; this is {TypeName(part.Value.Type)}");
                return null;
            }
        }

        _rows = outer;
        return keys.Exists(k => k.Value is BoundError) ? null : new BoundSummarize(Within(input, axis, from, to), outputs, bound);
    }

    /// <summary>The rows whose place is on the axis: at or behind its start, before its end.</summary>
    private static BoundTable Within(BoundTable input, BoundExpression axis, BoundExpression? from, BoundExpression? to)
    {
        var conditions = new List<BoundExpression> { new BoundTemplate("({0} IS NOT NULL)", [axis], KqlType.Bool, false) };
        if (from is not null)
        {
            conditions.Add(new BoundBinary(BinaryOperator.GreaterOrEqual, axis, from, KqlType.Bool, axis.CanBeNull));
        }

        if (to is not null)
        {
            conditions.Add(new BoundBinary(BinaryOperator.Less, axis, to, KqlType.Bool, axis.CanBeNull));
        }

        return new BoundFilter(input, conditions.Count == 1 ? conditions[0] : new BoundLogical(true, conditions));
    }

    private BoundSeries Arrays(
        MakeSeriesOperator series,
        BoundSummarize binned,
        List<(BoundExpression Value, BoundExpression Default)> aggregates,
        BoundExpression axis,
        BoundExpression? from,
        BoundExpression? to,
        BoundExpression step)
    {
        var keys = binned.Keys.SkipLast(1).Select(k => k.Column).ToList();
        var index = binned.Keys[^1].Column;
        var names = new ColumnNames();
        foreach (var key in keys)
        {
            names.Keep(key);
        }

        var columns = binned.Aggregates
            .Select((a, i) => new SeriesColumn(
                names.Add(names.Unique(a.Column.Name), KqlType.Dynamic, true),
                Conversion.To(new BoundColumn(a.Column), KqlType.Dynamic),
                Folded(Conversion.To(aggregates[i].Default, KqlType.Dynamic))))
            .ToList();
        var axisColumn = names.Add(
            names.Unique(series.On.Name?.Text ?? NameOf(series.On.Value) ?? names.Numbered()), KqlType.Dynamic, true);
        var bin = new ColumnSymbol("$bin", KqlType.Long, false, "$bin");
        var place = from is null
            ? new BoundTemplate("({0} * {1})", [new BoundColumn(bin), step], axis.Type, false)
            : new BoundTemplate("({2} + {0} * {1})", [new BoundColumn(bin), step, from], axis.Type, false);
        var length = from is null || to is null
            ? null
            : new BoundTemplate(
                axis.Type == KqlType.Real ? "CAST(ceil(({0} - {1}) / {2}) AS BIGINT)" : "(({0} - {1} + {2} - 1) // {2})",
                [to, from, step],
                KqlType.Long,
                true);
        return new BoundSeries(
            binned, keys, index, columns, axisColumn, bin, Conversion.To(place, KqlType.Dynamic), length, from is not null)
        {
            IsNeverEmpty = series.FindParameter("kind") is not null,
        };
    }
}
