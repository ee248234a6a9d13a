using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Series;

/// <summary>
/// Filling of missing values. The placeholder (JSON) says which values are missing; nulls always are.
/// Sources: learn.microsoft.com/kusto/query/series-fill-linear-function and the series_fill pages beside it.
/// </summary>
internal static class FillRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, string?>("kql_series_fill_forward", (series, placeholder) => Fill(series, placeholder, isBackward: false)),
        RuntimeFunction.Of<string, string, string?>("kql_series_fill_backward", (series, placeholder) => Fill(series, placeholder, isBackward: true)),
        RuntimeFunction.Of<string, string, string, string?>("kql_series_fill_const", FillConstant),
        RuntimeFunction.Of<string, string, bool, string, string?>("kql_series_fill_linear", FillLinear),
    ];

    public static string? Fill(string series, string placeholder, bool isBackward)
    {
        if (Read(series, placeholder) is not { } items)
        {
            return null;
        }

        object? last = null;
        for (var i = 0; i < items.Count; i++)
        {
            var place = isBackward ? items.Count - 1 - i : i;
            last = items[place] ??= last;
        }

        return JsonText.Write(items);
    }

    public static string? FillConstant(string series, string constant, string placeholder) =>
        Read(series, placeholder) is { } items && JsonReader.TryRead(constant, out var value)
            ? JsonText.Write(items.Select(item => item ?? value).ToList())
            : null;

    /// <summary>
    /// By the line between the nearest values; the ends take the nearest value where asked for. A series of whole numbers stays
    /// one: values between are cut. A series without any value is filled with the constant (a real), or left where that is null.
    /// </summary>
    public static string? FillLinear(string series, string placeholder, bool fillsEdges, string constant)
    {
        if (Read(series, placeholder) is not { } items)
        {
            return null;
        }

        var known = Enumerable.Range(0, items.Count).Where(i => Numbers.ToReal(items[i]) is not null).ToList();
        if (known.Count == 0)
        {
            JsonReader.TryRead(constant, out var value);
            return JsonText.Write(items.Select(item => item ?? value).ToList());
        }

        var isWhole = known.TrueForAll(i => items[i] is long);
        for (var k = 0; k + 1 < known.Count; k++)
        {
            var (from, to) = (known[k], known[k + 1]);
            var (first, last) = (Numbers.ToReal(items[from])!.Value, Numbers.ToReal(items[to])!.Value);
            for (var i = from + 1; i < to; i++)
            {
                var value = first + ((last - first) * (i - from) / (to - from));
                items[i] = isWhole ? (object)(long)value : value;
            }
        }

        for (var i = 0; fillsEdges && i < items.Count; i++)
        {
            items[i] ??= i < known[0] ? items[known[0]] : items[known[^1]];
        }

        return JsonText.Write(items);
    }

    // The elements with null for what is missing.
    private static List<object?>? Read(string series, string placeholder)
    {
        if (JsonReader.Read(series) is not List<object?> items)
        {
            return null;
        }

        JsonReader.TryRead(placeholder, out var missing);
        return [.. items.Select(item => item is "NaN" || JsonComparer.Instance.Equals(item, missing) ? null : item)];
    }
}
