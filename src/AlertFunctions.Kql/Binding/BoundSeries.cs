namespace AlertFunctions.Kql.Binding;

/// <summary>One array of make-series: the binned column it is made of, and the JSON of what stands where there are no rows.</summary>
internal sealed record SeriesColumn(ColumnSymbol Column, BoundExpression Value, BoundExpression Default);

/// <summary>
/// An array for each aggregate and group, with an element for each bin. The input has a row for each group and bin that has
/// rows; <paramref name="Index"/> numbers the bins. Without a <paramref name="Length"/> a series ends at its last such bin, and
/// starts at its first unless <paramref name="StartsAtZero"/>. <paramref name="AxisValue"/> is the JSON of a bin's place on the
/// axis, written in the column <paramref name="Bin"/>.
/// </summary>
internal sealed record BoundSeries(
    BoundTable Input,
    IReadOnlyList<ColumnSymbol> Keys,
    ColumnSymbol Index,
    IReadOnlyList<SeriesColumn> Series,
    ColumnSymbol Axis,
    ColumnSymbol Bin,
    BoundExpression AxisValue,
    BoundExpression? Length,
    bool StartsAtZero) : BoundTable([.. Keys, .. Series.Select(s => s.Column), Axis])
{
    /// <summary>Whether an input without rows gives a series of defaults; only without keys, and with a start and a length.</summary>
    public bool IsNeverEmpty { get; init; }
}
