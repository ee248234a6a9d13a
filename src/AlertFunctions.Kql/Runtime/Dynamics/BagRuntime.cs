using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Dynamics;

/// <summary>
/// Functions of property bags, held as JSON text. What is no bag gives null.
/// Source: learn.microsoft.com/kusto/query/scalar-functions#dynamicarray-functions.
/// </summary>
internal static class BagRuntime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string, bool?>("kql_bag_has_key", HasKey),
        RuntimeFunction.Of<string, string?>("kql_bag_keys", Keys),
        RuntimeFunction.Of<string, string?>("kql_bag_merge", Merge),
        RuntimeFunction.Of<string, string?>("kql_bag_pack", Pack),
        RuntimeFunction.Of<string, bool, string?>("kql_pack_all", PackAll),
        RuntimeFunction.Of<string, string, string?>("kql_bag_remove_keys", RemoveKeys),
        RuntimeFunction.Of<string, string, string, string?>("kql_bag_set_key", SetKey),
        RuntimeFunction.Of<string, string, string?>("kql_bag_zip", Zip),
        RuntimeFunction.Of<string, string?>("kql_treepath", TreePath),
        RuntimeFunction.Of<string, string?>("kql_sorted_json", value => JsonText.Write(Sorted(JsonReader.Read(value)))),
    ];

    public static bool? HasKey(string bag, string key) =>
        JsonReader.Read(bag) is JsonBag entries
            ? entries.ContainsKey(key) || (BagPath.Parse(key) is { } path && BagPath.TryFind(entries, path, out _))
            : null;

    /// <summary>The keys of the root level, in order.</summary>
    public static string? Keys(string bag) =>
        JsonReader.Read(bag) is JsonBag entries ? JsonText.Write(entries.Keys.ToList<object?>()) : null;

    /// <summary>One bag of all arguments (a JSON array); of equal keys the first bag's value stays, as the page prints it.</summary>
    public static string? Merge(string arguments)
    {
        JsonBag? merged = null;
        foreach (var bag in ArrayRuntime.Arguments(arguments).OfType<JsonBag>())
        {
            merged ??= [];
            foreach (var (key, value) in bag)
            {
                merged.TryAdd(key, value);
            }
        }

        return JsonText.Write(merged);
    }

    /// <summary>A bag of the arguments, keys and values by turns; of equal keys the last value stays.</summary>
    public static string? Pack(string arguments)
    {
        var items = ArrayRuntime.Arguments(arguments);
        var bag = new JsonBag();
        for (var i = 0; i + 1 < items.Count; i += 2)
        {
            bag[JsonText.ToPlainText(items[i])] = items[i + 1];
        }

        return JsonText.Write(bag);
    }

    /// <summary>The bag without nulls and empty strings, if asked for.</summary>
    public static string? PackAll(string bag, bool ignoresEmpty)
    {
        if (!ignoresEmpty || JsonReader.Read(bag) is not JsonBag entries)
        {
            return bag;
        }

        var kept = new JsonBag();
        foreach (var (key, value) in entries)
        {
            if (value is not (null or ""))
            {
                kept[key] = value;
            }
        }

        return JsonText.Write(kept);
    }

    public static string? RemoveKeys(string bag, string keys)
    {
        if (JsonReader.Read(bag) is not JsonBag entries || JsonReader.Read(keys) is not List<object?> names)
        {
            return null;
        }

        foreach (var name in names.OfType<string>())
        {
            if (!entries.Remove(name) && BagPath.Parse(name) is { Count: > 0 } path && path[^1] is string last
                && BagPath.TryFind(entries, [.. path.SkipLast(1)], out var parent) && parent is JsonBag inner)
            {
                inner.Remove(last);
            }
        }

        return JsonText.Write(entries);
    }

    /// <summary>The bag with the key, or the place that a path names, set to the value (JSON text).</summary>
    public static string? SetKey(string bag, string key, string value)
    {
        if (JsonReader.Read(bag) is not JsonBag entries)
        {
            return null;
        }

        JsonReader.TryRead(value, out var item);
        if (!key.StartsWith("$.", StringComparison.Ordinal) && !key.StartsWith("$[", StringComparison.Ordinal))
        {
            entries[key] = item;
            return JsonText.Write(entries);
        }

        if (BagPath.Parse(key) is not { Count: > 0 } path || !path.All(step => step is string))
        {
            return null;
        }

        var target = entries;
        foreach (var step in path.SkipLast(1).Cast<string>())
        {
            if (target.TryGetValue(step, out var next) && next is JsonBag inner)
            {
                target = inner;
                continue;
            }

            var created = new JsonBag();
            target[step] = created;
            target = created;
        }

        target[(string)path[^1]] = item;
        return JsonText.Write(entries);
    }

    /// <summary>
    /// A bag of keys and values of two arrays; a key without a value has null, and elements that are no string are no keys.
    /// Values that are no array are none. Source: learn.microsoft.com/kusto/query/bag-zip.
    /// </summary>
    public static string? Zip(string keys, string values)
    {
        if (JsonReader.Read(keys) is not List<object?> names)
        {
            return null;
        }

        var items = JsonReader.Read(values) as List<object?> ?? [];
        var bag = new JsonBag();
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] is string name)
            {
                bag[name] = i < items.Count ? items[i] : null;
            }
        }

        return JsonText.Write(bag);
    }

    /// <summary>The paths of all leaves; the elements of an array share one path, [0].</summary>
    public static string? TreePath(string value)
    {
        var paths = new OrderedDictionary<string, bool>();
        switch (JsonReader.Read(value))
        {
            case JsonBag bag:
                Walk(bag, "", paths);
                break;
            case List<object?> items:
                Walk(items, "", paths);
                break;
            default:
                return null;
        }

        return JsonText.Write(paths.Keys.ToList<object?>());
    }

    /// <summary>The value with the keys of every bag in it in order. Source: learn.microsoft.com/kusto/query/dynamic-to-json-function.</summary>
    private static object? Sorted(object? value)
    {
        switch (value)
        {
            case JsonBag bag:
                var sorted = new JsonBag();
                foreach (var (key, item) in bag.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    sorted.Add(key, Sorted(item));
                }

                return sorted;
            case List<object?> items:
                return items.ConvertAll(Sorted);
            default:
                return value;
        }
    }

    private static void Walk(object? value, string path, OrderedDictionary<string, bool> paths)
    {
        if (path.Length > 0)
        {
            paths.TryAdd(path, true);
        }

        switch (value)
        {
            case JsonBag bag:
                foreach (var (key, item) in bag)
                {
                    Walk(item, $"{path}['{key}']", paths);
                }

                break;
            case List<object?> items:
                foreach (var item in items)
                {
                    Walk(item, path + "[0]", paths);
                }

                break;
        }
    }
}
