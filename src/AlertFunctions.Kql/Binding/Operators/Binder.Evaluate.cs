using AlertFunctions.Kql.Functions;
using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

/// <summary>Plugins.</summary>
internal sealed partial class Binder
{
    private BoundTable BindEvaluate(BoundTable input, EvaluateOperator evaluate)
    {
        CheckParameters(evaluate);
        switch (evaluate.Plugin.Name.Text)
        {
            case "bag_unpack":
                return BindBagUnpack(input, evaluate);
            case "pivot":
                return BindPivot(input, evaluate);
            case "ipv4_lookup" or "ipv6_lookup":
                return InSchema(BindIpLookup(input, evaluate.Plugin), evaluate.Schema);
            case "activity_counts_metrics":
                return InSchema(BindActivityCounts(input, evaluate.Plugin), evaluate.Schema);
            case "sliding_window_counts":
                return InSchema(BindSlidingCounts(input, evaluate.Plugin), evaluate.Schema);
            case "rolling_percentile":
                return InSchema(BindRollingPercentile(input, evaluate.Plugin), evaluate.Schema);
            case "rows_near":
                return InSchema(BindRowsNear(input, evaluate.Plugin), evaluate.Schema);
            case "dcount_intersect":
                return InSchema(BindIntersect(input, evaluate.Plugin), evaluate.Schema);
            case var name when RefusedPlugins.All.TryGetValue(name, out var reason):
                return Refused(evaluate.Plugin.Name.Span, $"The plugin '{name}' is not supported: {reason}");
            case var name:
                diagnostics.UnknownName("plugin", name, evaluate.Plugin.Name.Span, RefusedPlugins.All.Keys.Concat(["activity_counts_metrics", "bag_unpack", "dcount_intersect", "ipv4_lookup", "ipv6_lookup", "pivot", "rolling_percentile", "rows_near", "sliding_window_counts"]));
                return input with { IsError = true };
        }
    }

    /// <summary>
    /// s0 counts the values of the first sketch, s1 those that the first two have in common, and so on.
    /// Source: learn.microsoft.com/kusto/query/dcount-intersect-plugin.
    /// </summary>
    private BoundTable BindIntersect(BoundTable input, CallExpression plugin)
    {
        var sketches = plugin.Arguments.Select(a => Bind(a.Value) as BoundColumn).ToList();
        if (sketches.Count is < 2 or > 16 || sketches.Exists(s => s?.Type != KqlType.Dynamic))
        {
            return PluginFault(input, plugin, "dcount_intersect takes 2 to 16 columns that hll() made");
        }

        var names = Enumerable.Range(0, sketches.Count).Select(i => $"s{i}").ToList();
        if (input.IsError || names.Find(name => input.Columns.Any(c => c.Name == name)) is not { } taken)
        {
            // A sketch is the array of its kind and its values.
            var values = sketches.Select(s => Quoted(s!.Column.Name) + "[1]").ToList();
            var counts = names.Select((name, i) =>
                $"{name} = array_length({(i == 0 ? values[0] : $"set_intersect({string.Join(", ", values.Take(i + 1))})")})");
            return BindOwn($"['$input'] | extend {string.Join(", ", counts)}", ("$input", new TableEntity(input)));
        }

        return Refused(plugin.Span, $"The input has a column '{taken}' already");
    }

    // Source: learn.microsoft.com/kusto/query/bag-unpack-plugin.
    private BoundTable BindBagUnpack(BoundTable input, EvaluateOperator evaluate)
    {
        var arguments = evaluate.Plugin.Arguments;
        var prefix = (BoundExpression)new BoundLiteral(KqlType.String, "");
        var ignored = (BoundExpression)new BoundLiteral(KqlType.Dynamic, "[]");
        var conflict = "error";
        for (var i = 1; i < arguments.Length; i++)
        {
            switch (arguments[i].Name?.Text ?? i switch { 1 => "OutputColumnPrefix", 2 => "columnsConflict", 3 => "ignoredProperties", _ => "" })
            {
                case "OutputColumnPrefix":
                    prefix = Bind(arguments[i].Value);
                    break;
                case "columnsConflict" when Bind(arguments[i].Value) is BoundLiteral { Value: ("error" or "replace_source" or "keep_source") and var rule }:
                    conflict = (string)rule;
                    break;
                case "ignoredProperties":
                    ignored = Bind(arguments[i].Value);
                    break;
                default:
                    return Refused(arguments[i].Span, "This argument of bag_unpack is not supported");
            }
        }

        var bag = arguments.Length > 0 ? Bind(arguments[0].Value) : new BoundError();
        if ((arguments.Length > 0 && bag is BoundError) || prefix is BoundError || ignored is BoundError)
        {
            return input with { IsError = true };
        }

        if (bag is not BoundColumn { Type: KqlType.Dynamic } column || prefix is not BoundLiteral { Value: string start }
            || ignored is not BoundLiteral { Value: string json } || DynamicLiteral.Texts(json) is not { } ignoredNames)
        {
            return PluginFault(input, evaluate.Plugin, "bag_unpack takes a dynamic column and constants");
        }

        if ((evaluate.Schema ?? ReadSlots(input, evaluate.Plugin, column.Column, start, ignoredNames)) is not { } schema)
        {
            return input with { IsError = true };
        }

        var others = input.Columns.Where(c => !ReferenceEquals(c, column.Column)).ToList();
        var list = new List<(string? Name, BoundExpression Value)>();
        if (schema.IsOpen)
        {
            // A column that a slot meets stands where the slot stands, as the page prints it.
            var slots = conflict == "error" ? [] : schema.Columns.Select(c => c.Name.Text).ToHashSet(StringComparer.Ordinal);
            list.AddRange(others.Where(c => !slots.Contains(c.Name)).Select(c => ((string?)c.Name, (BoundExpression)new BoundColumn(c))));
        }

        foreach (var declared in schema.Columns)
        {
            var name = declared.Name.Text;
            if (conflict != "replace_source" && others.Find(c => c.Name == name) is { } own)
            {
                if (conflict == "error" && (own.Type != declared.Type || schema.IsOpen))
                {
                    return Refused(declared.Span, $"The input has a column '{name}' already", "Give bag_unpack a prefix, or columnsConflict.");
                }

                list.Add((name, new BoundColumn(own)));
            }
            else if (name.StartsWith(start, StringComparison.Ordinal))
            {
                var path = new BoundPath(column, [new PathStep.Member(name[start.Length..])]);
                list.Add((name, Conversion.To(path, declared.Type)));
            }
            else
            {
                return Refused(declared.Span, $"'{name}' does not begin with the prefix '{start}'");
            }
        }

        return Projected(input, list);
    }
}
