namespace AlertFunctions.Kql.Functions;

/// <summary>A scalar function: a row of the function table.</summary>
/// <param name="Name">Its name today.</param>
/// <param name="Page">The documentation page it follows, below learn.microsoft.com/kusto/query/.</param>
/// <param name="Overloads">Tried in this order; one that takes the arguments without conversion is preferred.</param>
internal sealed record ScalarFunction(string Name, string Page, params IReadOnlyList<Overload> Overloads)
{
    /// <summary>Older spellings that still work.</summary>
    public IReadOnlyList<string> Deprecated { get; init; } = [];

    public ResultName ResultName { get; init; } = ResultName.Default;

    /// <summary>
    /// The columns of a function that gives several (series_stats), from the names of its arguments, '' for one without a name;
    /// null for a function of one value. Within an expression, the call is the dynamic value of all.
    /// </summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<TuplePart>>? Parts { get; init; }
}
