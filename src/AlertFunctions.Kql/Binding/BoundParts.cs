namespace AlertFunctions.Kql.Binding;

/// <summary>What bound expressions and tables are made of, for walks over a whole query.</summary>
internal static class BoundParts
{
    /// <summary>The expressions right below one.</summary>
    public static IReadOnlyList<BoundExpression> Of(BoundExpression expression) => expression switch
    {
        BoundCall call => call.Arguments,
        BoundAggregate aggregate => aggregate.Arguments,
        BoundTemplate template => template.Arguments,
        BoundLogical logical => logical.Operands,
        BoundBinary binary => [binary.Left, binary.Right],
        BoundNegation negation => [negation.Operand],
        BoundConversion conversion => [conversion.Operand],
        BoundPath path => [path.Root, .. path.Steps.OfType<PathStep.Computed>().Select(step => step.Key)],
        BoundWindow window => [.. window.Arguments, .. window.PartitionBy],
        BoundIn membership => [membership.Operand, .. membership.Items, .. Optional(membership.Array)],
        BoundHasList list => [list.Operand, .. list.Items, .. Optional(list.Array)],
        _ => [],
    };

    /// <summary>The table whose first column an expression reads; null for most.</summary>
    public static BoundTable? TableOf(BoundExpression expression) => expression switch
    {
        BoundIn membership => membership.Table,
        BoundHasList list => list.Table,
        BoundScalarQuery query => query.Table,
        _ => null,
    };

    /// <summary>The expressions of an operator, whether or not something reads what they compute.</summary>
    public static IEnumerable<BoundExpression> Of(BoundTable table) => table switch
    {
        BoundFilter filter => [filter.Predicate],
        BoundProjection projection => projection.Outputs.Select(o => o.Value),
        BoundTake take => [take.Count],
        BoundSummarize summarize => summarize.Keys.Concat(summarize.Aggregates).Select(o => o.Value),
        BoundFirstRows first => [.. first.Keys, .. Optional(first.OrderBy), .. first.Outputs.Select(o => o.Value)],
        BoundJoin join => join.On.SelectMany(on => new[] { on.Left, on.Right }),
        BoundUnion union => union.Inputs.SelectMany(input => input.Values),
        BoundExpand expand => [.. expand.Outputs.Select(o => o.Value), .. expand.Expansions.Select(e => e.Array), .. Optional(expand.Limit)],
        BoundSeries series => [.. series.Series.SelectMany(s => new[] { s.Value, s.Default }), series.AxisValue, .. Optional(series.Length)],
        BoundScan scan =>
        [
            .. scan.Variables.Select(v => v.Default), .. scan.Steps.Select(s => s.Condition),
            .. scan.Steps.SelectMany(s => s.Assignments).OfType<BoundExpression>(),
        ],
        BoundSessions sessions => [sessions.Time, sessions.FromFirst, sessions.Between, .. sessions.Groups, .. Optional(sessions.Restart)],
        BoundValues values => values.Rows.SelectMany(row => row),
        BoundRange range => [range.From, range.To, range.Step],
        _ => [],
    };

    /// <summary>The tables that an operator reads.</summary>
    public static IEnumerable<BoundTable> InputsOf(BoundTable table) => table switch
    {
        BoundFilter filter => [filter.Input],
        BoundProjection { Input: { } input } => [input],
        BoundSort sort => [sort.Input],
        BoundTake take => [take.Input],
        BoundSummarize summarize => [summarize.Input],
        BoundFirstRows first => [first.Input],
        BoundJoin join => [join.Left, join.Right],
        BoundUnion union => union.Inputs.Select(input => input.Table),
        BoundExpand expand => [expand.Input],
        BoundSeries series => [series.Input],
        BoundScan scan => [scan.Input],
        BoundSessions sessions => [sessions.Input],
        BoundMaterialize materialize => [materialize.Input],
        _ => [],
    };

    private static BoundExpression[] Optional(BoundExpression? expression) => expression is null ? [] : [expression];
}
