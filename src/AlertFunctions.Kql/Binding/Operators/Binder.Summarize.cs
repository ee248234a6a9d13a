using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    /// <summary>An aggregate of one column, its name still open where the query gives none.</summary>
    private sealed record Aggregated(string? Name, BoundExpression Value);

    private BoundTable BindSummarize(BoundTable input, SummarizeOperator summarize)
    {
        var keys = new List<(string? Name, BoundExpression Value)>();
        var keySources = new List<NamedExpression>();
        foreach (var key in summarize.By)
        {
            Attribute(keySources, keys.Count, key);
            if (key is { Names.Length: 0, Value: WildcardExpression or StarExpression })
            {
                keys.AddRange(Matching(input, [key.Value]).Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c))));
                continue;
            }

            AddColumns(keys, key);
            if (keys[^1].Value is { Type: KqlType.Dynamic } and not BoundError)
            {
                diagnostics.Semantic("KQL124", key.Span, "Dynamic values cannot be grouped by", "Convert them, as with tostring().");
                keys[^1] = (keys[^1].Name, new BoundError());
            }
        }

        var names = new ColumnNames();
        var keyOutputs = Keys(keys, keySources, names);
        var isError = keyOutputs is null || keys.Exists(k => k.Value is BoundError);
        keyOutputs ??= [];

        _rows = new RowScope(input) { AllowsAggregates = true };
        var aggregates = new List<Aggregated>();
        var aggregateSources = new List<NamedExpression>();
        ArgRows? argRows = null;
        foreach (var aggregate in summarize.Aggregates)
        {
            Attribute(aggregateSources, aggregates.Count, aggregate);
            if (BindArgMax(input, aggregate, keyOutputs) is { } rowsOf)
            {
                aggregates.AddRange(rowsOf.Columns);
                argRows = summarize.Aggregates.Length == 1 ? rowsOf : null;
                continue;
            }

            aggregates.AddRange(BindAggregates(input, aggregate, keyOutputs));
        }

        if (isError || aggregates.Exists(a => a.Value is BoundError))
        {
            return new BoundValues(
                [.. keyOutputs.Select(k => k.Column), .. aggregates.Where(a => a.Name is not null && !names.Contains(a.Name)).Select(a => names.Add(a.Name!, a.Value.Type, true))], [])
            {
                IsError = true,
            };
        }

        var outputs = new List<Output>();
        for (var i = 0; i < aggregates.Count; i++)
        {
            var source = aggregateSources[Math.Min(i, aggregateSources.Count - 1)];
            if (names.Next(aggregates[i].Name, source.Names.Any(n => n.Text == aggregates[i].Name)) is not { } name)
            {
                diagnostics.Semantic("KQL121", source.Span, $"There is already a column '{aggregates[i].Name}' in this list");
                return input with { IsError = true };
            }

            outputs.Add(new Output(names.Add(name, aggregates[i].Value.Type, aggregates[i].Value.CanBeNull), aggregates[i].Value));
        }

        // The row of the greatest value, alone: it may be picked by its rank, which where there are many columns beats carrying them along.
        if (argRows is not null && keyOutputs.Count > 0)
        {
            var picked = keyOutputs.Concat(outputs.Select((o, i) => o with { Value = argRows.Plain[i] })).ToList();
            return new BoundFirstRows(input, [.. keyOutputs.Select(k => k.Value)], argRows.By, argRows.Descending, picked)
            {
                Grouped = argRows.IsColumnwise ? [.. keyOutputs, .. outputs] : null,
            };
        }

        return new BoundSummarize(input, keyOutputs, outputs);
    }

    /// <summary>
    /// The columns of arg_max or arg_min as aggregates, each of its own column if columnwise, and as plain columns of the row that is
    /// picked.
    /// </summary>
    private sealed record ArgRows(List<Aggregated> Columns, List<BoundExpression> Plain, BoundExpression By, bool Descending, bool IsColumnwise);

    private ArgRows? BindArgMax(BoundTable input, NamedExpression aggregate, List<Output> keys)
    {
        if (aggregate.Value is not CallExpression { Name.Text: "arg_max" or "arg_min" or "argmax" or "argmin" } call || call.Arguments.Length == 0)
        {
            return null;
        }

        _rows = new RowScope(input);
        var isMax = call.Name.Text is "arg_max" or "argmax";
        var isOld = call.Name.Text is "argmax" or "argmin";
        var prefix = isMax ? "max" : "min";
        var by = Bind(call.Arguments[0].Value);
        if (by is { Type: KqlType.Dynamic } and not BoundError)
        {
            diagnostics.Semantic("KQL124", call.Arguments[0].Span, "Dynamic values have no order", "Convert them, as with tolong().");
            by = new BoundError();
        }

        var values = new List<(string? Name, BoundExpression Value)>
        {
            (isOld ? $"{prefix}_{NameOf(call.Arguments[0].Value)}" : NameOf(call.Arguments[0].Value) ?? $"{prefix}_", by),
        };
        foreach (var argument in call.Arguments.Skip(1))
        {
            if (argument.Value is StarExpression)
            {
                var taken = keys.Select(k => k.Value).Append(by).OfType<BoundColumn>().Select(c => c.Column).ToHashSet();
                values.AddRange(input.Columns
                    .Where(c => !taken.Contains(c))
                    .Select(c => ((string?)(isOld ? $"{prefix}_{values[0].Name![(prefix.Length + 1)..]}_{c.Name}" : c.Name), (BoundExpression)new BoundColumn(c))));
                continue;
            }

            var name = argument.Name?.Text ?? NameOf(argument.Value);
            values.Add((isOld ? $"{values[0].Name}_{name}" : name ?? $"{prefix}_{NameOf(call.Arguments[0].Value)}_arg{values.Count}", Bind(argument.Value)));
        }

        _rows = new RowScope(input) { AllowsAggregates = true };
        if (values.Exists(v => v.Value is BoundError))
        {
            return new ArgRows([.. values.Select(v => new Aggregated(v.Name, v.Value))], [], by, isMax, false);
        }

        var function = isMax ? "max" : "min";
        var rank = Rank(by, isMax);
        var all = string.Join(", ", Enumerable.Range(1, values.Count - 1).Select(n => $"c{n} := {{{n}}}"));
        var columns = new List<Aggregated>();
        for (var i = 0; i < values.Count; i++)
        {
            var name = i < aggregate.Names.Length ? aggregate.Names[i].Text : values[i].Name;
            var value = values[i].Value;
            var (template, arguments) = (i, rank) switch
            {
                (0, _) => ($"{function}({{0}})", [by]),

                // DuckDB keeps the row that came first of those with the greatest rank, so that all columns are of one row.
                (_, not null) => ($"arg_{function}_null({{0}}, {rank})", [value, by]),

                // One struct of all columns, so that they are of one row; where every value is null, any row.
                _ => (
                    $"coalesce(arg_{function}(struct_pack({all}), {{0}}), any_value(struct_pack({all}))).c{i}",
                    values.ConvertAll(v => v.Value)),
            };
            if (value.Type == KqlType.String)
            {
                template = $"coalesce({template}, '')";
            }

            columns.Add(new Aggregated(name, new BoundTemplate(template, arguments, value.Type, true)));
        }

        return new ArgRows(columns, [.. values.Select(v => v.Value)], by, isMax, rank is not null);
    }

    /// <summary>
    /// What arg_max or arg_min compares, never null: a null comes last, for which the ticks of a datetime leave room at both ends. Null
    /// where there is no such room.
    /// </summary>
    private static string? Rank(BoundExpression by, bool isMax) => by switch
    {
        { CanBeNull: false, Type: not (KqlType.Bool or KqlType.Guid) } => "{1}",
        { Type: KqlType.DateTime } => $"coalesce({{1}}, {(isMax ? "-1" : "9223372036854775807")})",
        _ => null,
    };

    private IEnumerable<Aggregated> BindAggregates(BoundTable input, NamedExpression aggregate, List<Output> keys)
    {
        if (aggregate.Value is CallExpression call && FunctionTable.Aggregates.TryGetValue(call.Name.Text, out var function))
        {
            // take_any(a, b), any(*): one aggregate for each column.
            if (call.Name.Text is "take_any" or "any" && (call.Arguments.Length > 1 || call.Arguments is [{ Value: StarExpression }]))
            {
                return TakeAny(input, aggregate, call, keys);
            }

            if (function.Each is { } each)
            {
                return Each(aggregate, call, FunctionTable.Aggregates[each]);
            }

            if ((call.Name.Text, call.Arguments.Length) is ("percentile", 2) or ("percentilew", 3))
            {
                return Each(aggregate, call, function);
            }

        }

        var value = Bind(aggregate.Value);
        if (value is not BoundError && !IsAggregated(value))
        {
            value = aggregate.Value is NameExpression or PipeExpression
                ? Expected(aggregate.Value, "An aggregate is expected here, such as count() or max()")
                : value;
        }

        if (value is not BoundError && ReadsPlainColumns(value))
        {
            diagnostics.Semantic("KQL127", aggregate.Span, "A column here must be inside an aggregate", "Columns to group by belong behind 'by'.");
            value = new BoundError();
        }

        var name = aggregate switch
        {
            { Names: [var first, ..] } => first.Text,
            { Value: CallExpression { Name.Text: "take_any", Arguments: [var taken] } } => taken.Name?.Text ?? NameOf(taken.Value) ?? "any_arg0",
            _ => NameOf(aggregate.Value),
        };
        return [new Aggregated(name, value)];
    }

    private static bool IsAggregated(BoundExpression value) => value switch
    {
        BoundAggregate => true,
        BoundCall call => call.Arguments.Any(IsAggregated),
        BoundBinary binary => IsAggregated(binary.Left) || IsAggregated(binary.Right),
        BoundConversion conversion => IsAggregated(conversion.Operand),
        BoundNegation negation => IsAggregated(negation.Operand),
        BoundPath path => IsAggregated(path.Root),
        BoundLogical logical => logical.Operands.Any(IsAggregated),
        BoundTemplate template => template.Arguments.Any(IsAggregated),
        _ => false,
    };

    private static bool ReadsPlainColumns(BoundExpression value) => value switch
    {
        BoundAggregate => false,
        BoundColumn => true,
        BoundCall call => call.Arguments.Any(ReadsPlainColumns),
        BoundBinary binary => ReadsPlainColumns(binary.Left) || ReadsPlainColumns(binary.Right),
        BoundConversion conversion => ReadsPlainColumns(conversion.Operand),
        BoundNegation negation => ReadsPlainColumns(negation.Operand),
        BoundPath path => ReadsPlainColumns(path.Root),
        BoundLogical logical => logical.Operands.Any(ReadsPlainColumns),
        _ => false,
    };

    private IEnumerable<Aggregated> TakeAny(BoundTable input, NamedExpression aggregate, CallExpression call, List<Output> keys)
    {
        _rows = new RowScope(input);
        var taken = keys.Select(k => k.Value).OfType<BoundColumn>().Select(c => c.Column).ToHashSet();
        var values = call.Arguments is [{ Value: StarExpression }]
            ? input.Columns.Where(c => !taken.Contains(c)).Select(c => (Name: (string?)c.Name, Value: (BoundExpression)new BoundColumn(c))).ToList()
            : [.. call.Arguments.Select((a, i) => (a.Name?.Text ?? NameOf(a.Value) ?? (call.Name.Text == "any" ? $"arg{i}" : $"any_arg{i}"), Bind(a.Value)))];
        _rows = new RowScope(input) { AllowsAggregates = true };
        var all = string.Join(", ", Enumerable.Range(0, values.Count).Select(n => $"c{n} := {{{n}}}"));
        return values.Select((value, i) =>
        {
            var template = $"any_value(struct_pack({all})).c{i}";
            var name = i < aggregate.Names.Length ? aggregate.Names[i].Text
                : call.Name.Text == "any" ? $"any_{value.Name}"
                : value.Name;
            return new Aggregated(
                name,
                value.Value is BoundError
                    ? value.Value
                    : new BoundTemplate(
                        value.Value.Type == KqlType.String ? $"coalesce({template}, '')" : template,
                        [.. values.Select(v => v.Value)],
                        value.Value.Type,
                        true));
        });
    }

    /// <summary>A column for each of the last arguments: percentiles(x, 50, 95).</summary>
    private IEnumerable<Aggregated> Each(NamedExpression aggregate, CallExpression call, AggregateFunction function)
    {
        var fixedCount = function.Overloads[0].Signature.Parameters.Count - 1;
        if (call.Arguments.Length <= fixedCount)
        {
            yield return new Aggregated(null, Bind(new CallExpression(call.Span, new Identifier(call.Name.Span, function.Name), call.Arguments)));
            yield break;
        }

        for (var i = fixedCount; i < call.Arguments.Length; i++)
        {
            var one = new CallExpression(
                call.Span, new Identifier(call.Name.Span, function.Name), [.. call.Arguments.Take(fixedCount), call.Arguments[i]]);
            var percentile = call.Arguments[i].Value is LiteralExpression { Value: var number }
                ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number}").Replace('.', '_')
                : "";
            var place = i - fixedCount;
            var name = place < aggregate.Names.Length
                ? aggregate.Names[place].Text
                : $"percentile_{NameOf(call.Arguments[0].Value)}_{percentile}";
            yield return new Aggregated(name, Bind(one));
        }
    }
}
