using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Dynamics;

/// <summary>
/// A JSONPath of the form that bag functions and extract_json take: <c>$.a.b</c>, <c>$['a']["b"]</c>, <c>$.a[0]</c>.
/// Source: learn.microsoft.com/kusto/query/jsonpath.
/// </summary>
internal static class BagPath
{
    /// <summary>The steps, each a key (string) or an index (int); null where the text is no such path.</summary>
    public static IReadOnlyList<object>? Parse(string path)
    {
        if (!path.StartsWith('$'))
        {
            return null;
        }

        var steps = new List<object>();
        for (var i = 1; i < path.Length;)
        {
            if (path[i] == '.')
            {
                var end = path.AsSpan(i + 1).IndexOfAny('.', '[');
                end = end < 0 ? path.Length : i + 1 + end;
                if (end == i + 1)
                {
                    // $.['a'] is written too.
                    i++;
                    if (i == path.Length || path[i] != '[')
                    {
                        return null;
                    }

                    continue;
                }

                steps.Add(path[(i + 1)..end]);
                i = end;
                continue;
            }

            if (path[i] != '[' || path.IndexOf(']', i) is not (> 0 and var close))
            {
                return null;
            }

            var inner = path[(i + 1)..close];
            if (inner is ['\'' or '"', .., '\'' or '"'] && inner.Length >= 2)
            {
                steps.Add(inner[1..^1]);
            }
            else if (int.TryParse(inner, out var index))
            {
                steps.Add(index);
            }
            else
            {
                return null;
            }

            i = close + 1;
        }

        return steps;
    }

    public static bool TryFind(object? root, IReadOnlyList<object> steps, out object? value)
    {
        value = root;
        foreach (var step in steps)
        {
            switch (value, step)
            {
                case (JsonBag bag, string key) when bag.TryGetValue(key, out value):
                    break;
                case (List<object?> items, int index) when index < items.Count && index >= -items.Count:
                    value = items[index < 0 ? items.Count + index : index];
                    break;
                default:
                    value = null;
                    return false;
            }
        }

        return true;
    }
}
