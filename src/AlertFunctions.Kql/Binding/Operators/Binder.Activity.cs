using AlertFunctions.Kql.Syntax;

namespace AlertFunctions.Kql.Binding;

internal sealed partial class Binder
{
    /// <summary>
    /// evaluate activity_counts_metrics: for each window of time, how many rows and different ids it has, how many of the ids no
    /// window before it had, and how many ids there were so far. Source: learn.microsoft.com/kusto/query/activity-counts-metrics-plugin.
    /// </summary>
    private BoundTable BindActivityCounts(BoundTable input, CallExpression plugin)
    {
        var arguments = plugin.Arguments;
        if (input.IsError || arguments.Length < 5 || arguments.Any(a => a.Name is not null))
        {
            return input.IsError ? input : PluginFault(input, plugin, "activity_counts_metrics takes an id, a time, start, end, step and further columns");
        }

        var columns = arguments.Take(2).Concat(arguments.Skip(5)).Select(a => (Bind(a.Value) as BoundColumn)?.Column).ToList();
        if (columns.Exists(c => c is null || c.Type == KqlType.Dynamic || c.Name is "count" or "dcount" or "new_dcount" or "aggregated_dcount")
            || columns.Distinct().Count() < columns.Count || columns[1]!.Type != KqlType.DateTime)
        {
            return PluginFault(input, plugin, "activity_counts_metrics counts the ids of one column by a datetime and by further columns, none of them dynamic");
        }

        var rows = _rows;
        _rows = null;
        var (start, end, step) = (Bind(arguments[2].Value), Bind(arguments[3].Value), Bind(arguments[4].Value));
        _rows = rows;
        var (id, time) = (Quoted(columns[0]!.Name), Quoted(columns[1]!.Name));
        var window = step switch
        {
            BoundLiteral { Value: ("week" or "month" or "year") and var period } => $"startof{period}({time})",
            { Type: KqlType.TimeSpan } => $"bin_at({time}, ['$step'], ['$start'])",
            _ => null,
        };
        if (start.Type != KqlType.DateTime || end.Type != KqlType.DateTime || window is null)
        {
            return PluginFault(input, plugin, "Start and end are datetimes; step is a timespan, 'week', 'month' or 'year'");
        }

        // Rows are compared by a text of the further columns: null is one value of theirs.
        var by = string.Concat(columns.Skip(2).Select(c => ", " + Quoted(c!.Name)));
        var windows = BindOwn(
            $"['$input'] | where {time} between (['$start'] .. ['$end']) "
            + $"| project {time} = {window}, {id}{by}, ['$by'] = tostring(pack_array(0{by}))",
            ("$input", new TableEntity(input)),
            ("$start", Scalar(start, null, plugin.Span)),
            ("$end", Scalar(end, null, plugin.Span)),
            ("$step", Scalar(step, null, plugin.Span)));
        return BindOwn(
            $"['$windows'] | summarize ['count'] = count(), dcount = count_distinct({id}) by {time}, ['$by']{by} "
            + $"| lookup (['$windows'] | where isnotnull({id}) | summarize {time} = min({time}) by {id}, ['$by'] "
            + $"| summarize new_dcount = count() by {time}, ['$by']) on {time}, ['$by'] "
            + $"| extend new_dcount = coalesce(new_dcount, 0) | sort by ['$by'] asc, {time} asc "
            + "| extend aggregated_dcount = row_cumsum(new_dcount, prev(['$by']) != ['$by']) "
            + $"| project {time}{by}, ['count'], dcount, new_dcount, aggregated_dcount",
            ("$windows", new TableEntity(windows)));
    }
}
