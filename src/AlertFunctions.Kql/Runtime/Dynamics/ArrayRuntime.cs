using System.Globalization;
using AlertFunctions.Kql.Runtime.Json;
using AlertFunctions.Kql.Runtime.Text;
using AlertFunctions.Kql.Runtime.Time;

namespace AlertFunctions.Kql.Runtime.Dynamics;

/// <summary>
/// Functions of dynamic arrays. An array is its JSON text; "arguments" is a JSON array of a call's arguments, for functions
/// that take any number. What is no array gives null. Source: learn.microsoft.com/kusto/query/scalar-functions#dynamicarray-functions.
/// </summary>
internal static class ArrayRuntime
{
    private const int LongestRange = 1 << 20;

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_array_concat", Concat),
        RuntimeFunction.Of<string, string, string, string?>("kql_array_iff", Iff),
        RuntimeFunction.Of<string, string, string, long?>("kql_array_index_of", IndexOf),
        RuntimeFunction.Of<string, string?>("kql_array_reverse", Reverse),
        RuntimeFunction.Of<string, long, string?>("kql_array_rotate_left", RotateLeft),
        RuntimeFunction.Of<string, long, string, string?>("kql_array_shift_left", ShiftLeft),
        RuntimeFunction.Of<string, long, long, string?>("kql_array_slice", Slice),
        RuntimeFunction.Of<string, string, string?>("kql_array_split", Split),
        RuntimeFunction.Of<string, string, string?>("kql_array_strcat", Strcat),
        RuntimeFunction.Of<string, bool, bool, string?>("kql_array_sort", Sort),
        RuntimeFunction.Of<string, string?>("kql_zip", Zip),
        RuntimeFunction.Of<string, long, string?>("kql_repeat", Repeat),
        RuntimeFunction.Of<string, string, long>("kql_has_any_index", HasAnyIndex),
        RuntimeFunction.Of<long, long, long, string?>("kql_range_long", (start, stop, step) => Range(start, stop, step, value => value)),
        RuntimeFunction.Of<long, long, long, string?>("kql_range_datetime", (start, stop, step) => Range(start, stop, step, DateTimeText.Format)),
        RuntimeFunction.Of<long, long, long, string?>("kql_range_timespan", (start, stop, step) => Range(start, stop, step, TimeSpanText.Format)),
        RuntimeFunction.Of<double, double, double, string?>("kql_range_real", RangeOfReals),
    ];

    /// <summary>The elements of all arguments; an argument that is no array is passed over, all such give null.</summary>
    public static string? Concat(string arguments)
    {
        var arrays = Arguments(arguments).OfType<List<object?>>().ToList();
        return arrays.Count == 0 ? null : JsonText.Write(arrays.SelectMany(items => items).ToList());
    }

    /// <summary>Element by element; values shorter than the conditions give null, a scalar value stands for every element.</summary>
    public static string? Iff(string conditions, string whenTrue, string whenFalse)
    {
        if (JsonReader.Read(conditions) is not List<object?> items)
        {
            return null;
        }

        var (yes, no) = (JsonReader.Read(whenTrue), JsonReader.Read(whenFalse));
        return JsonText.Write(items.Select((condition, i) => condition switch
        {
            bool flag => Pick(flag ? yes : no, i),
            long number => Pick(number != 0 ? yes : no, i),
            double number => Pick(number != 0 ? yes : no, i),
            _ => null,
        }).ToList());

        static object? Pick(object? from, int index) =>
            from is List<object?> list ? (index < list.Count ? list[index] : null) : from;
    }

    /// <summary>The place of a value; the window is a JSON array of start, length and occurrence.</summary>
    public static long? IndexOf(string array, string value, string window)
    {
        if (JsonReader.Read(array) is not List<object?> items
            || Arguments(window) is not [long start, long length, long occurrence] || length < -1 || occurrence < 0)
        {
            return null;
        }

        if (start < 0)
        {
            start = Math.Max(0, items.Count + start);
        }

        JsonReader.TryRead(value, out var sought);
        var end = length < 0 ? items.Count : Math.Min(items.Count, start + length);
        for (var i = start; i < end; i++)
        {
            if (JsonComparer.Instance.Equals(items[(int)i], sought) && --occurrence <= 0)
            {
                return i;
            }
        }

        return -1;
    }

    public static string? Reverse(string array)
    {
        if (JsonReader.Read(array) is not List<object?> items)
        {
            return null;
        }

        items.Reverse();
        return JsonText.Write(items);
    }

    public static string? RotateLeft(string array, long count)
    {
        if (JsonReader.Read(array) is not List<object?> items)
        {
            return null;
        }

        if (items.Count == 0)
        {
            return array;
        }

        var cut = (int)(((count % items.Count) + items.Count) % items.Count);
        return JsonText.Write((List<object?>)[.. items.Skip(cut), .. items.Take(cut)]);
    }

    /// <summary>
    /// The places that fall free hold the default, JSON text; without one (an empty text) an empty string among strings, or else
    /// null. A negative count shifts to the right. Source: learn.microsoft.com/kusto/query/array-shift-left-function.
    /// </summary>
    public static string? ShiftLeft(string array, long count, string byDefault)
    {
        if (JsonReader.Read(array) is not List<object?> items)
        {
            return null;
        }

        object? filler = items.TrueForAll(item => item is string) ? "" : null;
        if (byDefault.Length > 0)
        {
            JsonReader.TryRead(byDefault, out filler);
        }

        return JsonText.Write(Enumerable.Range(0, items.Count)
            .Select(i => i + count >= 0 && i + count < items.Count ? items[(int)(i + count)] : filler)
            .ToList());
    }

    public static string? Slice(string array, long start, long end)
    {
        if (JsonReader.Read(array) is not List<object?> items)
        {
            return null;
        }

        start = Math.Max(0, start < 0 ? items.Count + start : start);
        end = Math.Min(items.Count - 1, end < 0 ? items.Count + end : end);
        return JsonText.Write(start > end ? [] : items.GetRange((int)start, (int)(end - start + 1)));
    }

    /// <summary>Splits before each index, a number or an array of numbers; negative ones count from the end.</summary>
    public static string? Split(string array, string indices)
    {
        if (JsonReader.Read(array) is not List<object?> items)
        {
            return null;
        }

        var places = JsonReader.Read(indices) switch
        {
            long index => [index],
            List<object?> list when list.TrueForAll(item => item is long) => list.Cast<long>().ToList(),
            _ => null,
        };
        if (places is null)
        {
            return null;
        }

        var parts = new List<object?>();
        var from = 0;
        foreach (var place in places)
        {
            var to = (int)Math.Clamp(place < 0 ? items.Count + place : place, 0, items.Count);
            parts.Add(to > from ? items.GetRange(from, to - from) : new List<object?>());
            from = Math.Max(from, to);
        }

        parts.Add(items.GetRange(from, items.Count - from));
        return JsonText.Write(parts);
    }

    /// <summary>The elements as text with the delimiter between. Source: learn.microsoft.com/kusto/query/strcat-array-function.</summary>
    public static string? Strcat(string array, string delimiter) =>
        JsonReader.Read(array) is List<object?> items ? string.Join(delimiter, items.Select(JsonText.ToPlainText)) : null;

    /// <summary>
    /// Sorts the first of the arguments and moves the others' elements along; those of another length become null. Gives all
    /// as an array. Numbers stand before strings, strings before all else.
    /// Source: learn.microsoft.com/kusto/query/array-sort-asc-function.
    /// </summary>
    public static string? Sort(string arguments, bool isDescending, bool nullsLast)
    {
        var arrays = Arguments(arguments);
        if (arrays.Count == 0 || arrays[0] is not List<object?> keys)
        {
            return null;
        }

        var comparer = new ElementOrder(isDescending, nullsLast);
        var order = Enumerable.Range(0, keys.Count).OrderBy(i => keys[i], comparer).ToList();
        return JsonText.Write(arrays
            .Select(array => array is List<object?> items && items.Count == keys.Count
                ? order.Select(i => items[i]).ToList()
                : (object?)null)
            .ToList());
    }

    /// <summary>Arrays of the elements at the same place; a shorter array gives null.</summary>
    public static string? Zip(string arguments)
    {
        var arrays = Arguments(arguments).Select(argument => argument as List<object?>).ToList();
        if (arrays.Contains(null))
        {
            return null;
        }

        var longest = arrays.Max(array => array!.Count);
        return JsonText.Write(Enumerable.Range(0, longest)
            .Select(i => (object?)arrays.Select(array => i < array!.Count ? array[i] : null).ToList())
            .ToList());
    }

    public static string? Repeat(string value, long count)
    {
        if (count < 0)
        {
            return null;
        }

        JsonReader.TryRead(value, out var element);
        return JsonText.Write(Enumerable.Repeat(element, (int)Math.Min(count, 1 << 20)).ToList());
    }

    /// <summary>The place of the first value that the text has as a term; -1 for none.</summary>
    public static long HasAnyIndex(string text, string values) =>
        JsonReader.Read(values) is List<object?> items
            ? items.FindIndex(item => TermSearch.Has(text, JsonText.ToPlainText(item)))
            : -1;

    /// <summary>The values from start to stop, at most 2^20. Source: learn.microsoft.com/kusto/query/range-function.</summary>
    public static string? Range(long start, long stop, long step, Func<long, object> value)
    {
        if (step == 0)
        {
            return null;
        }

        var items = new List<object?>();
        for (var next = (Int128)start; (step > 0 ? next <= stop : next >= stop) && items.Count < LongestRange; next += step)
        {
            items.Add(value((long)next));
        }

        return JsonText.Write(items);
    }

    public static string? RangeOfReals(double start, double stop, double step)
    {
        if (step == 0 || !double.IsFinite(start + stop + step))
        {
            return null;
        }

        var items = new List<object?>();
        for (var next = start; (step > 0 ? next <= stop : next >= stop) && items.Count < LongestRange; next = start + (items.Count * step))
        {
            items.Add(next);
        }

        return JsonText.Write(items);
    }

    public static List<object?> Arguments(string arguments) => JsonReader.Read(arguments) as List<object?> ?? [];

    private sealed class ElementOrder(bool isDescending, bool nullsLast) : IComparer<object?>
    {
        public int Compare(object? x, object? y)
        {
            if (x is null || y is null)
            {
                return (x is null ? (nullsLast ? 1 : -1) : 0) - (y is null ? (nullsLast ? 1 : -1) : 0);
            }

            var order = RankOf(x).CompareTo(RankOf(y));
            if (order == 0)
            {
                order = (x, y) switch
                {
                    (long a, long b) => a.CompareTo(b),
                    (long or double, long or double) => Convert.ToDouble(x, CultureInfo.InvariantCulture)
                        .CompareTo(Convert.ToDouble(y, CultureInfo.InvariantCulture)),
                    (string a, string b) => string.CompareOrdinal(a, b),
                    (bool a, bool b) => a.CompareTo(b),
                    _ => 0,
                };
            }

            return isDescending ? -order : order;
        }

        private static int RankOf(object value) =>
            value switch
            {
                long or double => 0,
                string => 1,
                _ => 2,
            };
    }
}
