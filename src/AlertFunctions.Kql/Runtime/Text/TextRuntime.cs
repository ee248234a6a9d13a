using System.Globalization;
using System.Text;
using AlertFunctions.Kql.Runtime.Dynamics;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Text;

/// <summary>
/// String functions that DuckDB has not, or has with another meaning. Positions and lengths count code points, as DuckDB's do.
/// Source: learn.microsoft.com/kusto/query/scalar-functions#string-functions.
/// </summary>
internal static class TextRuntime
{
    private static readonly string[] ByteUnits = ["Bytes", "KB", "MB", "GB", "TB", "PB", "EB"];

    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, string, long?>("kql_indexof", IndexOf),
        RuntimeFunction.Of<string, string, long>("kql_countof", CountOf),
        RuntimeFunction.Of<string, string, string, string?>("kql_translate", Translate),
        RuntimeFunction.Of<string, string, string, string?>("kql_replace_strings", ReplaceStrings),
        RuntimeFunction.Of<double, long, string, string?>("kql_format_bytes", FormatBytes),
        RuntimeFunction.Of<string, string?>("kql_codepoints_to_string", FromCodePoints),
        RuntimeFunction.Of<string, string>("kql_codepoints_from_string", ToCodePoints),
        RuntimeFunction.Of<string, long, string, string?>("kql_strrep", Repeat),
        RuntimeFunction.Of<string, bool>("kql_isascii", text => Ascii.IsValid(text)),
    ];

    /// <summary>
    /// The place of the n-th occurrence in [start, start + length), or -1; null for a length out of range. The window is a
    /// JSON array of start, length and occurrence.
    /// </summary>
    public static long? IndexOf(string text, string match, string window)
    {
        if (ArrayRuntime.Arguments(window) is not [long start, long length, long occurrence] || length < -1 || occurrence < 0)
        {
            return null;
        }

        var size = CodePoints.Count(text);
        start = start < 0 ? Math.Max(0, size + start) : start;
        if (start > size)
        {
            return -1;
        }

        // Behind each occurrence the search goes on for the whole length again: so the page's example finds the second one.
        var found = (int)start - 1;
        for (; occurrence > 0; occurrence--)
        {
            var first = found + 1;
            var end = length < 0 ? size : Math.Min(size, first + length);
            var from = CodePoints.OffsetOf(text, first);
            var to = CodePoints.OffsetOf(text, (int)end);
            var at = from <= to ? text.IndexOf(match, from, to - from, StringComparison.Ordinal) : -1;
            if (at < 0)
            {
                return -1;
            }

            found = CodePoints.Count(text.AsSpan(0, at));
        }

        return found;
    }

    /// <summary>How often a text stands in another; occurrences may overlap.</summary>
    public static long CountOf(string text, string search)
    {
        if (search.Length == 0)
        {
            return 0;
        }

        long count = 0;
        for (var at = text.IndexOf(search, StringComparison.Ordinal); at >= 0; at = text.IndexOf(search, at + 1, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// Replaces each character of the search list by the one at its place in the replacement list, whose last one stands
    /// for all missing; without any, the characters go.
    /// </summary>
    public static string Translate(string searchList, string replacementList, string source)
    {
        var search = searchList.EnumerateRunes().ToList();
        var replacement = replacementList.EnumerateRunes().ToList();
        var built = new StringBuilder(source.Length);
        foreach (var rune in source.EnumerateRunes())
        {
            var place = search.IndexOf(rune);
            if (place < 0)
            {
                built.Append(rune.ToString());
            }
            else if (replacement.Count > 0)
            {
                built.Append(replacement[Math.Min(place, replacement.Count - 1)].ToString());
            }
        }

        return built.ToString();
    }

    /// <summary>
    /// Replaces every lookup, the earlier ones first; what a lookup has matched is not searched again. A lookup that is no
    /// string is passed over, one whose rewrite is none stays as it is.
    /// </summary>
    public static string? ReplaceStrings(string text, string lookups, string rewrites)
    {
        if (JsonReader.Read(lookups) is not List<object?> sought || JsonReader.Read(rewrites) is not List<object?> replacements
            || sought.Count != replacements.Count)
        {
            return null;
        }

        var pieces = new List<(string Text, bool IsDone)> { (text, false) };
        for (var i = 0; i < sought.Count; i++)
        {
            if (sought[i] is string { Length: > 0 } lookup)
            {
                var rewrite = replacements[i] as string ?? lookup;
                pieces = [.. pieces.SelectMany(piece => piece.IsDone ? [piece] : Cut(piece.Text, lookup, rewrite))];
            }
        }

        return string.Concat(pieces.Select(piece => piece.Text));
    }

    private static IEnumerable<(string Text, bool IsDone)> Cut(string text, string lookup, string rewrite)
    {
        var parts = text.Split(lookup);
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                yield return (rewrite, true);
            }

            yield return (parts[i], false);
        }
    }

    /// <summary>A size in bytes with its unit; an empty unit chooses the largest in which the size is at least 1.</summary>
    public static string? FormatBytes(double size, long precision, string unit)
    {
        var index = 0;
        if (unit.Length > 0)
        {
            index = Array.FindIndex(ByteUnits, name => name.Equals(unit, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                return null;
            }
        }
        else
        {
            for (var rest = Math.Abs(size); rest >= 1024 && index < ByteUnits.Length - 1; rest /= 1024)
            {
                index++;
            }
        }

        if (!double.IsFinite(size) || precision is < 0 or > 15)
        {
            return null;
        }

        var value = size / Math.Pow(1024, index);
        var text = value.ToString("F" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return $"{(text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text)} {ByteUnits[index]}";
    }

    /// <summary>The text of code points: the arguments, numbers or arrays of numbers, as a JSON array.</summary>
    public static string? FromCodePoints(string arguments)
    {
        var built = new StringBuilder();
        foreach (var item in ArrayRuntime.Arguments(arguments).SelectMany(item => item as List<object?> ?? [item]))
        {
            if (item is long point and >= 0 and <= 0x10FFFF && Rune.IsValid((int)point))
            {
                built.Append(char.ConvertFromUtf32((int)point));
            }
            else
            {
                return null;
            }
        }

        return built.ToString();
    }

    public static string ToCodePoints(string text) => $"[{string.Join(',', text.EnumerateRunes().Select(rune => rune.Value))}]";

    /// <summary>The text so many times, at most 1024, with the delimiter between.</summary>
    public static string Repeat(string text, long count, string delimiter) =>
        string.Join(delimiter, Enumerable.Repeat(text, (int)Math.Clamp(count, 0, 1024)));
}
