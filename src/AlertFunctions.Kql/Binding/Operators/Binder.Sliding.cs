using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    /// <summary>
    /// evaluate sliding_window_counts: for each step, how many rows and different ids there were in the window that ends with it.
    /// Rows of before the start are within the first windows. Source: learn.microsoft.com/kusto/query/sliding-window-counts-plugin.
    /// </summary>
    private BoundTable BindSlidingCounts(BoundTable input, CallExpression plugin)
    {
        var arguments = plugin.Arguments;
        if (input.IsError || arguments.Length < 6 || arguments.Any(a => a.Name is not null))
        {
            return input.IsError ? input : PluginFault(input, plugin, "sliding_window_counts takes an id, a time, start, end, window, step and further columns");
        }

        var columns = arguments.Take(2).Concat(arguments.Skip(6)).Select(a => (Bind(a.Value) as BoundColumn)?.Column).ToList();
        if (columns.Exists(c => c is null || c.Type == KqlType.Dynamic || c.Name is "Count" or "Dcount")
            || columns.Distinct().Count() < columns.Count || columns[1]!.Type is not (KqlType.DateTime or KqlType.Long))
        {
            return PluginFault(input, plugin, "sliding_window_counts counts the ids of one column by a datetime or long and by further columns, none of them dynamic");
        }

        var rows = _rows;
        _rows = null;
        var (start, end, window, step) = (Bind(arguments[2].Value), Bind(arguments[3].Value), Bind(arguments[4].Value), Bind(arguments[5].Value));
        _rows = rows;
        var type = columns[1]!.Type;
        var length = type == KqlType.DateTime ? KqlType.TimeSpan : type;
        if (start.Type != type || end.Type != type || window.Type != length || step.Type != length)
        {
            return PluginFault(input, plugin, "Start and end are of the time's type; window and step are timespans where it is a datetime");
        }

        var (id, time) = (Quoted(columns[0]!.Name), Quoted(columns[1]!.Name));
        var by = string.Concat(columns.Skip(2).Select(c => ", " + Quoted(c!.Name)));
        return BindOwn(
            $"['$input'] | where {time} <= ['$end'] | extend ['$bin'] = bin_at({time}, ['$step'], ['$start']) "
            + "| extend ['$last'] = ['$bin'] + (tolong(['$window'] / ['$step']) - 1) * ['$step'] | where ['$last'] >= ['$start'] "
            + $"| mv-expand ['$at'] = range(['$bin'], ['$last'], ['$step']) to typeof({TypeName(type)}) "
            + "| where ['$at'] between (['$start'] .. ['$end']) "
            + $"| summarize Count = count(), Dcount = count_distinct({id}) by {time} = ['$at']{by}",
            ("$input", new TableEntity(input)),
            ("$start", Scalar(start, null, plugin.Span)),
            ("$end", Scalar(end, null, plugin.Span)),
            ("$window", Scalar(window, null, plugin.Span)),
            ("$step", Scalar(step, null, plugin.Span)));
    }

    /// <summary>
    /// evaluate rolling_percentile: for each bin, the percentile over so many bins up to it. No bin comes after the last that has rows.
    /// Source: learn.microsoft.com/kusto/query/rolling-percentile-plugin.
    /// </summary>
    private BoundTable BindRollingPercentile(BoundTable input, CallExpression plugin)
    {
        var arguments = plugin.Arguments;
        if (input.IsError || arguments.Length < 5 || arguments.Any(a => a.Name is not null))
        {
            return input.IsError ? input : PluginFault(input, plugin, "rolling_percentile takes a value, a percentile, an index, a bin's size, a number of bins and further columns");
        }

        var columns = new[] { arguments[2], arguments[0] }.Concat(arguments.Skip(5)).Select(a => (Bind(a.Value) as BoundColumn)?.Column).ToList();
        if (columns.Exists(c => c is null || c.Type == KqlType.Dynamic) || columns.Distinct().Count() < columns.Count
            || columns[0]!.Type is not (KqlType.DateTime or KqlType.Long) || columns[1]!.Type is not (KqlType.Int or KqlType.Long or KqlType.Real))
        {
            return PluginFault(input, plugin, "rolling_percentile takes a column of numbers, an index that is a datetime or long, and further columns, none of them dynamic");
        }

        var (percentile, size, count) = (Bind(arguments[1].Value), Bind(arguments[3].Value), Bind(arguments[4].Value));
        var type = columns[0]!.Type;
        if (percentile is not BoundLiteral { Value: long or double } || count is not BoundLiteral { Value: long and > 0 and var bins }
            || size is not BoundLiteral || size.Type != (type == KqlType.DateTime ? KqlType.TimeSpan : type))
        {
            return PluginFault(input, plugin, "The percentile, the bin's size and the number of bins are constants; the size is a timespan where the index is a datetime");
        }

        var share = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{((BoundLiteral)percentile).Value}");
        var name = Quoted($"rolling_{bins}_percentile_{columns[1]!.Name}_{share}");
        var (index, value) = (Quoted(columns[0]!.Name), Quoted(columns[1]!.Name));
        var by = string.Concat(columns.Skip(2).Select(c => ", " + Quoted(c!.Name)));
        var step = Scalar(size, null, plugin.Span);
        var binned = BindOwn(
            $"['$input'] | extend ['$bin'] = bin({index}, ['$size'])", ("$input", new TableEntity(input)), ("$size", step));
        return BindOwn(
            $"['$binned'] | mv-expand ['$at'] = range(['$bin'], ['$bin'] + {bins - 1} * ['$size'], ['$size']) to typeof({TypeName(type)}) "
            + "| where ['$at'] <= toscalar(['$binned'] | summarize max(['$bin'])) "
            + $"| summarize {name} = percentile({value}, {share}) by {index} = ['$at']{by} "
            + $"| project {index}{by}, {name}",
            ("$binned", new TableEntity(binned)),
            ("$size", step));
    }

    // Source: learn.microsoft.com/kusto/query/rows-near-plugin.
    private BoundTable BindRowsNear(BoundTable input, CallExpression plugin)
    {
        var arguments = plugin.Arguments;
        if (input.IsError || arguments.Length is < 2 or > 3)
        {
            return input.IsError ? input : PluginFault(input, plugin, "rows_near takes a condition, a number of rows and a number of rows after");
        }

        if (!input.IsSerialized)
        {
            diagnostics.Semantic("KQL120", plugin.Name.Span, "'rows_near' needs rows in an order", "Put serialize or sort before it.");
            return input with { IsError = true };
        }

        var condition = new NamedExpression(plugin.Span, [new Identifier(plugin.Span, "$near")], false, arguments[0].Value);
        var marked = BindExtend(input, [condition]);
        var (before, after) = (Bind(arguments[1].Value), Bind(arguments[^1].Value));
        if (marked.IsError || before is BoundError || after is BoundError)
        {
            return input with { IsError = true };
        }

        if (marked.Columns[^1].Type != KqlType.Bool || before is not BoundLiteral { Value: long and >= 0 } || after is not BoundLiteral { Value: long and >= 0 })
        {
            return PluginFault(input, plugin, "rows_near takes a condition and constant numbers of rows");
        }

        var numbered = BindOwn("materialize(['$rows'] | extend ['$row'] = row_number())", ("$rows", new TableEntity(marked)));
        return BindOwn(
            "['$rows'] | where ['$row'] in ((['$rows'] | where ['$near'] "
            + "| mv-expand ['$at'] = range(['$row'] - ['$before'], ['$row'] + ['$after']) to typeof(long) | project ['$at'])) "
            + "| project-away ['$row'], ['$near']",
            ("$rows", new TableEntity(numbered)),
            ("$before", Scalar(before, null, plugin.Span)),
            ("$after", Scalar(after, null, plugin.Span)));
    }
}
