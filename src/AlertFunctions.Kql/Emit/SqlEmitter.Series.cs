using AlertFunctions.Kql.Binding;

namespace AlertFunctions.Kql.Emit;

internal sealed partial class SqlEmitter
{
    // Each group's bins are numbered out, what is there is joined to them, and the elements are put together in their order.
    private string Series(BoundSeries series)
    {
        var binned = Name(series.Input);
        var (ofGrid, ofBins) = (Expressions("g."), Expressions("b."));
        var index = SqlLiteral.Identifier(series.Index.PhysicalName);
        var keys = series.Keys.Select(k => SqlLiteral.Identifier(k.PhysicalName)).ToList();
        var first = series.StartsAtZero ? "0" : $"min({index})";
        var last = series.Length is null ? $"max({index}) + 1" : Expressions().Emit(series.Length).Text;

        // The constant keeps an empty input without groups empty.
        var groups = $"SELECT {string.Concat(keys.Select(k => $"{k}, "))}1 AS \"$one\", "
            + $"unnest(range({first}, {last})) AS {SqlLiteral.Identifier(series.Bin.PhysicalName)} "
            + (series.IsNeverEmpty ? "" : $"FROM {binned} GROUP BY {string.Concat(keys.Select(k => $"{k}, "))}\"$one\"");
        var bin = ofGrid.Column(series.Bin);
        var on = string.Concat(keys.Select(k => $" AND g.{k} IS NOT DISTINCT FROM b.{k}"));
        var columns = series.Keys.Select(k => Named(ofGrid.Column(k), k)).ToList();
        columns.AddRange(series.Series.Select(s => Named(
            Array($"CASE WHEN b.{index} IS NULL THEN {Json(ofGrid, s.Default)} ELSE {Json(ofBins, s.Value)} END", bin), s.Column)));
        columns.Add(Named(Array(ofGrid.Emit(series.AxisValue).Text, bin), series.Axis));
        return $"SELECT {string.Join(", ", columns)} FROM ({groups}) AS g LEFT JOIN {binned} AS b ON b.{index} = {bin}{on} "
            + $"GROUP BY {string.Concat(keys.Select(k => $"g.{k}, "))}g.\"$one\"";
    }

    private static string Json(ExpressionEmitter expressions, BoundExpression value) =>
        $"coalesce({expressions.Emit(value).Text}, 'null')";

    private static string Array(string element, string order) => $"('[' || string_agg({element}, ',' ORDER BY {order}) || ']')";
}
