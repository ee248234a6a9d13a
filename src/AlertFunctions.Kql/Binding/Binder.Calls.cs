using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    private BoundExpression BindCall(CallExpression call)
    {
        var name = call.Name.Text;
        if (_scope.Find(name) is LambdaEntity lambda)
        {
            return AsScalar(call, Invoke(lambda.Lambda, lambda.Scope, name, call.Arguments, call.Span, null));
        }

        if (SpecialCall(call) is { } special)
        {
            return special;
        }

        if (_rows is { AllowsAggregates: true } && FunctionTable.Aggregates.TryGetValue(name, out var aggregate))
        {
            return BindAggregate(call, aggregate);
        }

        if (FunctionTable.Scalars.TryGetValue(name, out var function))
        {
            var arguments = BindArguments(call);
            return arguments.Exists(a => a is BoundError) ? new BoundError() : Resolve(call, function.Overloads, arguments, isAggregate: false);
        }

        if (SavedFunction(name, call.Arguments, call.Span, null) is { } saved)
        {
            return AsScalar(call, saved);
        }

        if (FunctionTable.Aggregates.ContainsKey(name))
        {
            diagnostics.Semantic("KQL118", call.Name.Span, $"The aggregate '{name}' has no place here", "Aggregates belong into summarize.");
            return new BoundError();
        }

        if (RefusedFunctions.TryGetReason(name, out var reason))
        {
            diagnostics.NotSupported(call.Name.Span, $"The function '{name}' is not supported: {reason}");
            return new BoundError();
        }

        var names = FunctionTable.Scalars.Keys.Concat(_rows is { AllowsAggregates: true } ? FunctionTable.Aggregates.Keys : []);
        diagnostics.UnknownName("function", name, call.Name.Span, names.Concat(_scope.All.Select(e => e.Key)));
        return new BoundError();
    }

    private BoundExpression AsScalar(CallExpression call, object value) => value switch
    {
        BoundExpression scalar => scalar,
        BoundTable { IsError: true } => new BoundError(),
        _ => Expected(call, $"'{call.Name.Text}' gives a table; toscalar() makes a value of it"),
    };

    private List<BoundExpression> BindArguments(CallExpression call) => [.. call.Arguments.Select(a => Bind(a.Value))];

    private BoundExpression BindAggregate(CallExpression call, AggregateFunction aggregate)
    {
        // Within an aggregate's arguments there are rows again.
        var outer = _rows!;
        _rows = new RowScope(outer.Table);
        var arguments = BindArguments(call);
        _rows = outer;

        // count(x) is named after x and counts rows, those with nulls as well: learn.microsoft.com/kusto/query/summarize-operator.
        if (call.Name.Text == "count" && arguments is [{ Type: not KqlType.Bool } and not (BoundError or BoundLiteral)])
        {
            arguments.Clear();
        }

        return arguments.Exists(a => a is BoundError) ? new BoundError() : Resolve(call, aggregate.Overloads, arguments, isAggregate: true);
    }

    /// <summary>Finds the overload that takes the arguments with the least conversion, and converts them.</summary>
    private BoundExpression Resolve(
        CallExpression call, IReadOnlyList<Overload> overloads, List<BoundExpression> arguments, bool isAggregate)
    {
        Overload? best = null;
        IReadOnlyList<Parameter>? bestParameters = null;
        var least = int.MaxValue;
        foreach (var overload in overloads)
        {
            foreach (var parameters in ArgumentMatch.Assign(overload.Signature, arguments.Count))
            {
                var cost = ArgumentMatch.Cost(parameters, arguments);
                if (cost < least)
                {
                    (best, bestParameters, least) = (overload, parameters, cost);
                }
            }
        }

        if (best is null || bestParameters is null)
        {
            var given = string.Join(", ", arguments.Select(a => TypeName(a.Type)));
            var takes = string.Join(" or ", overloads.Select(o => $"({string.Join(", ", o.Signature.Parameters.Select(p => p.Name + (p.IsOptional ? "?" : p.Repeats ? "..." : "")))})").Distinct());
            diagnostics.Semantic("KQL119", call.Span, $"The function '{call.Name.Text}' does not take ({given})", $"It takes {takes}.");
            return new BoundError();
        }

        var converted = ArgumentMatch.Convert(bestParameters, arguments, Folded);
        for (var i = 0; i < arguments.Count && i < bestParameters.Count; i++)
        {
            if (bestParameters[i].IsConstant && converted[i] is not (BoundLiteral or BoundTypeLiteral))
            {
                diagnostics.NotSupported(
                    call.Arguments[i].Span, $"The argument '{bestParameters[i].Name}' of '{call.Name.Text}' must be a constant");
                return new BoundError();
            }
        }

        for (var i = 0; i < arguments.Count && i < bestParameters.Count; i++)
        {
            if (bestParameters[i].IsFixed && ReadsColumns(converted[i]))
            {
                diagnostics.Semantic(
                    "KQL136", call.Arguments[i].Span, $"The argument '{bestParameters[i].Name}' of '{call.Name.Text}' must be the same for all rows");
                return new BoundError();
            }
        }

        if (best.Regex >= 0 && converted[best.Regex] is BoundLiteral regex && !(call.Name.Text == "countof" && converted is [_, _, not BoundLiteral { Value: "regex" }]))
        {
            converted[best.Regex] = ConstantRegex(regex, call.Arguments[best.Regex].Span);
            if (converted[best.Regex] is BoundError)
            {
                return new BoundError();
            }
        }

        // What is left out and has a default stands at its place.
        foreach (var parameter in best.Signature.Parameters.Skip(bestParameters.Distinct().Count()))
        {
            if (parameter.Default is { } byDefault)
            {
                converted.Add(parameter.Target is { } target ? Folded(Conversion.To(byDefault, target)) : byDefault);
            }
        }

        if (best.Refuse?.Invoke(converted) is { } reason)
        {
            diagnostics.NotSupported(call.Span, $"This call of '{call.Name.Text}' is not supported: {reason}");
            return new BoundError();
        }

        var type = ArgumentMatch.ResultType(best, bestParameters, converted);
        if (best.Fold is not null && converted.TrueForAll(a => a is BoundLiteral { Value: not null }))
        {
            return new BoundLiteral(type, best.Fold([.. converted.Select(a => ((BoundLiteral)a).Value!)]));
        }

        var mayBeNull = type != KqlType.String && best.Nulls switch
        {
            NullRule.Never => false,
            NullRule.Maybe => true,
            _ => converted.Exists(a => a.CanBeNull),
        };
        if (isAggregate)
        {
            return new BoundAggregate(best, converted, type, mayBeNull);
        }

        // The to-functions are conversions, which paths and constants know how to shorten.
        return converted is [var only] && call.Name.Text is "tostring" or "tolong" or "toint" or "todouble" or "toreal" or "tobool"
            or "toboolean" or "todatetime" or "totimespan" or "totime" or "toguid" or "todecimal" && converted.Count == 1
            ? Folded(Conversion.To(converted[0], type))
            : new BoundCall(best, converted, type, mayBeNull);
    }

    /// <summary>Functions that need to know the query around them.</summary>
    private BoundExpression? SpecialCall(CallExpression call)
    {
        switch (call.Name.Text)
        {
            case "now" when call.Arguments.Length == 0:
                return new BoundLiteral(KqlType.DateTime, options.Now);
            case "now" when call.Arguments.Length == 1:
                return TimeFromNow(call, BinaryOperator.Add);
            case "ago" when call.Arguments.Length == 1:
                return TimeFromNow(call, BinaryOperator.Subtract);
            case "toscalar" when call.Arguments.Length == 1:
                return ToScalar(call.Arguments[0].Value);
            case "ingestion_time":
                return _rows?.Table.Ingestion is { } ingestion ? new BoundColumn(ingestion) : new BoundLiteral(KqlType.DateTime, null);
            case "column_ifexists" or "columnifexists" when call.Arguments.Length == 2:
                return ColumnIfExists(call);
            case "column_names_of" when call.Arguments.Length == 1:
                return ColumnNamesOf(call);
            case "pack_all":
                return PackAll(call);
            case "bin_auto" when call.Arguments.Length == 1:
                return BinAuto(call);
            case "estimate_data_size" when call.Arguments is [{ Value: StarExpression }] && _rows is { Table.IsError: false } all:
                return Resolve(
                    call,
                    FunctionTable.Scalars["estimate_data_size"].Overloads,
                    [.. all.Table.Columns.Select(c => new BoundColumn(c))],
                    isAggregate: false);
            case "bag_pack_columns" when call.Arguments.Length > 0:
                return PackColumns(call);
            case "not" when call.Arguments.Length == 1:
                return BindNot(call);
            case "row_number" or "prev" or "next" or "row_cumsum" or "row_rank" or "row_rank_dense" or "row_rank_min" or "row_window_session":
                return BindWindow(call);
            default:
                return null;
        }
    }

    // A dynamic value is no condition here, though other functions take one for a bool.
    private BoundExpression BindNot(CallExpression call)
    {
        var operand = Bind(call.Arguments[0].Value);
        if (operand is { Type: KqlType.Dynamic } and not BoundError)
        {
            diagnostics.Semantic("KQL113", call.Arguments[0].Span, "A condition is expected here, this is dynamic");
            return new BoundError();
        }

        return operand is BoundError ? operand : Resolve(call, FunctionTable.Scalars["not"].Overloads, [operand], isAggregate: false);
    }

    private BoundExpression TimeFromNow(CallExpression call, BinaryOperator direction)
    {
        var span = Argument(Bind(call.Arguments[0].Value), KqlType.TimeSpan, call.Arguments[0].Span);
        return span is BoundError
            ? span
            : Folded(new BoundBinary(direction, new BoundLiteral(KqlType.DateTime, options.Now), span, KqlType.DateTime, span.CanBeNull));
    }

    private BoundExpression ToScalar(Expression expression)
    {
        var outer = _rows;
        _rows = null;
        var value = BindEither(expression);
        _rows = outer;
        switch (value)
        {
            case BoundExpression scalar when IsVolatile(scalar):
                // It is computed once, wherever it is used: learn.microsoft.com/kusto/query/toscalar-function.
                var once = new Output(new ColumnNames().Add("value", scalar.Type, scalar.CanBeNull), scalar);
                return new BoundScalarQuery(
                    new BoundMaterialize(new BoundProjection(null, [once], [once.Column], [], null)), scalar.Type);
            case BoundExpression scalar:
                return scalar;
            case BoundTable { IsError: true }:
                return new BoundError();
            case BoundTable { Columns.Count: 0 }:
                return Expected(expression, "The table has no column to take a value from");
            case BoundTable table:
                return new BoundScalarQuery(table, table.Columns[0].Type);
            default:
                return new BoundError();
        }
    }

    private static bool IsVolatile(BoundExpression expression)
    {
        var isVolatile = false;
        Substitution.Visit(expression, part => isVolatile |= part is BoundCall { Overload.IsVolatile: true });
        return isVolatile;
    }

    private BoundExpression ColumnIfExists(CallExpression call)
    {
        if (Bind(call.Arguments[0].Value) is not BoundLiteral { Value: string name })
        {
            diagnostics.NotSupported(call.Arguments[0].Span, "The name of the column must be a constant string");
            return new BoundError();
        }

        return _rows?.Find(name) is { } column ? new BoundColumn(column) : Bind(call.Arguments[1].Value);
    }

    // Source: learn.microsoft.com/kusto/query/column-names-of-function.
    private BoundExpression ColumnNamesOf(CallExpression call)
    {
        var outer = _rows;
        _rows = null;
        var table = BindTable(call.Arguments[0].Value);
        _rows = outer;
        return table.IsError
            ? new BoundError()
            : new BoundLiteral(KqlType.Dynamic, Runtime.Json.JsonText.Write(table.Columns.Select(c => (object?)c.Name).ToList()));
    }

    private BoundExpression PackAll(CallExpression call)
    {
        if (_rows is not { Table.IsError: false })
        {
            if (_rows is null)
            {
                diagnostics.NotSupported(call.Span, "pack_all() is supported only where there are rows to pack");
            }

            return new BoundError();
        }

        if (_rows.Table.Columns.Count == 0)
        {
            return new BoundLiteral(KqlType.Dynamic, "{}");
        }

        var pairs = _rows.Table.Columns.SelectMany(c => new BoundExpression[] { new BoundLiteral(KqlType.String, c.Name), new BoundColumn(c) });
        var ignoresEmpty = call.Arguments.Length > 0 && Bind(call.Arguments[0].Value) is BoundLiteral { Value: true };
        var pack = Resolve(
            new CallExpression(call.Span, new Identifier(call.Name.Span, "bag_pack"), []),
            FunctionTable.Scalars["bag_pack"].Overloads,
            [.. pairs],
            isAggregate: false);
        return ignoresEmpty ? new BoundTemplate("kql_pack_all({0}, true)", [pack], KqlType.Dynamic, true) : pack;
    }

    // Source: learn.microsoft.com/kusto/query/bin-auto-function: size and fixed point are request properties.
    private BoundExpression BinAuto(CallExpression call)
    {
        if (!_binAuto.TryGetValue("query_bin_auto_size", out var size))
        {
            diagnostics.Semantic("KQL135", call.Span, "bin_auto() needs the size of its bins", "Put 'set query_bin_auto_size=1h;' first.");
            return new BoundError();
        }

        var isFixed = _binAuto.TryGetValue("query_bin_auto_at", out var at);
        Expression[] arguments = isFixed ? [call.Arguments[0].Value, size, at!] : [call.Arguments[0].Value, size];
        return Bind(new CallExpression(
            call.Span,
            new Identifier(call.Name.Span, isFixed ? "bin_at" : "bin"),
            [.. arguments.Select(argument => call.Arguments[0] with { Value = argument })]));
    }

    // The keys of the bag are the columns' names.
    private BoundExpression PackColumns(CallExpression call)
    {
        var pairs = new List<BoundExpression>();
        foreach (var argument in call.Arguments)
        {
            var value = Bind(argument.Value);
            if (value is BoundError)
            {
                return value;
            }

            if (NameOf(argument.Value) is not { } name)
            {
                return Expected(argument.Value, "A column is expected here");
            }

            pairs.Add(new BoundLiteral(KqlType.String, name));
            pairs.Add(value);
        }

        return Resolve(
            new CallExpression(call.Span, new Identifier(call.Name.Span, "bag_pack"), []),
            FunctionTable.Scalars["bag_pack"].Overloads,
            pairs,
            isAggregate: false);
    }

    /// <summary>The name that a column gets from its expression; null where it has none of its own.</summary>
    private string? NameOf(Expression expression) => expression switch
    {
        NameExpression name => name.Name,
        MemberExpression { Target: NameExpression { Name: "$left" or "$right" }, Member: NameExpression column } => column.Name,
        MemberExpression { Member: NameExpression member } path => NameOf(path.Target) is { } target ? $"{target}_{member.Name}" : null,
        IndexExpression path => NameOf(path.Target) is { } target ? $"{target}_{(path.Index is LiteralExpression { Value: string or >= 0L } key ? key.Value : "")}" : null,
        CallExpression call => NameOf(call),
        _ => null,
    };

    private string? NameOf(CallExpression call)
    {
        var first = call.Arguments.Length > 0 ? call.Arguments[0].Value : null;
        if (call.Name.Text is "ingestion_time")
        {
            return "$IngestionTime";
        }

        if (call.Name.Text is "bin_auto")
        {
            return first is null ? null : NameOf(first);
        }

        if (call.Name.Text is "make_datetime" or "make_timespan" && call.Arguments.Length == 1)
        {
            return NameOf(call.Arguments[0].Value);
        }

        if (call.Name.Text is "column_ifexists" or "columnifexists"
            && first is LiteralExpression { Value: string column } && _rows?.Find(column) is not null)
        {
            return column;
        }

        var isAggregate = _rows is { AllowsAggregates: true } && FunctionTable.Aggregates.ContainsKey(call.Name.Text);
        if (!isAggregate && FunctionTable.Scalars.TryGetValue(call.Name.Text, out var function) && _scope.Find(call.Name.Text) is null)
        {
            return ResultNames.Of(call.Name.Text, function.ResultName) switch
            {
                ResultName.FirstArgument => first is null ? null : NameOf(first),
                ResultName.Prefixed => $"{ResultNames.Prefix(call.Name.Text)}_{(first is null ? "" : NameOf(first))}",
                ResultName.Fixed => ResultNames.Prefix(call.Name.Text),
                _ => null,
            };
        }

        if (FunctionTable.Aggregates.TryGetValue(call.Name.Text, out var aggregate))
        {
            return aggregate.ResultName switch
            {
                ResultName.FirstArgument => first is null ? null : NameOf(first),
                ResultName.PrefixedTwice => string.Join('_', call.Arguments.Take(2).Select(a => NameOf(a.Value) ?? "").Prepend(call.Name.Text)),
                ResultName.Prefixed => $"{aggregate.Prefix ?? call.Name.Text}_{(first is null ? "" : NameOf(first))}",
                _ => null,
            };
        }

        return null;
    }
}
