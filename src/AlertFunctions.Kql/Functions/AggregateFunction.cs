namespace AlertFunctions.Kql.Functions;

/// <summary>
/// An aggregate: a row of the function table. What it gives for no rows is part of its SQL; a string result needs no coalesce,
/// the binder adds it (see <see cref="NullRule"/>).
/// </summary>
/// <param name="Name">Its name today.</param>
/// <param name="Page">The documentation page it follows, below learn.microsoft.com/kusto/query/.</param>
/// <param name="Overloads">Tried in this order; one that takes the arguments without conversion is preferred.</param>
internal sealed record AggregateFunction(string Name, string Page, params IReadOnlyList<Overload> Overloads)
{
    /// <summary>Older spellings that still work.</summary>
    public IReadOnlyList<string> Deprecated { get; init; } = [];

    public ResultName ResultName { get; init; } = ResultName.Prefixed;

    /// <summary>What stands before the underscore of the result's name; null for the name as called.</summary>
    public string? Prefix { get; init; }

    /// <summary>
    /// The aggregate of one column that this one is for each of its last, repeating arguments, a column each:
    /// <c>percentiles(x, 50, 95)</c> is percentile(x, 50) and percentile(x, 95). Null for an aggregate of its own.
    /// </summary>
    public string? Each { get; init; }
}
