using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Dynamics;

/// <summary>
/// Functions of dynamic arrays as sets, in the order of first appearance. "arguments" is a JSON array of a call's arguments;
/// one that is no array gives null. Source: learn.microsoft.com/kusto/query/set-union-function and the pages beside it.
/// </summary>
internal static class SetRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_set_difference", Difference),
        RuntimeFunction.Of<string, string?>("kql_set_intersect", Intersect),
        RuntimeFunction.Of<string, string?>("kql_set_union", Union),
        RuntimeFunction.Of<string, string, bool?>("kql_set_has_element", HasElement),
        RuntimeFunction.Of<string, string, bool?>("kql_set_equals", SetEquals),
        RuntimeFunction.Of<string, double?>("kql_jaccard_index", JaccardIndex),
    ];

    public static string? Difference(string arguments) =>
        Sets(arguments) is [var first, .. var others]
            ? JsonText.Write(first.Except(others.SelectMany(set => set), JsonComparer.Instance).ToList())
            : null;

    public static string? Intersect(string arguments) =>
        Sets(arguments) is [var first, .. var others]
            ? JsonText.Write(others.Aggregate(first, (common, set) => common.Intersect(set, JsonComparer.Instance).ToList()))
            : null;

    public static string? Union(string arguments) =>
        Sets(arguments) is { Count: > 0 } sets
            ? JsonText.Write(sets.SelectMany(set => set).Distinct(JsonComparer.Instance).ToList())
            : null;

    public static bool? HasElement(string array, string value) =>
        JsonReader.Read(array) is List<object?> items && JsonReader.TryRead(value, out var element)
            ? items.Contains(element, JsonComparer.Instance)
            : null;

    public static bool? SetEquals(string first, string second) =>
        JsonReader.Read(first) is List<object?> a && JsonReader.Read(second) is List<object?> b
            ? new HashSet<object?>(a, JsonComparer.Instance).SetEquals(b)
            : null;

    /// <summary>The size of the intersection by that of the union; of empty sets NaN.</summary>
    public static double? JaccardIndex(string arguments)
    {
        if (Sets(arguments) is not [var first, .. var others])
        {
            return null;
        }

        var common = others.Aggregate(first, (rest, set) => rest.Intersect(set, JsonComparer.Instance).ToList());
        var union = first.Concat(others.SelectMany(set => set)).Distinct(JsonComparer.Instance).Count();
        return (double)common.Count / union;
    }

    // Null where an argument is no array.
    private static List<List<object?>>? Sets(string arguments)
    {
        var sets = ArrayRuntime.Arguments(arguments);
        return sets.TrueForAll(set => set is List<object?>)
            ? sets.Cast<List<object?>>().Select(set => set.Distinct(JsonComparer.Instance).ToList()).ToList()
            : null;
    }
}
