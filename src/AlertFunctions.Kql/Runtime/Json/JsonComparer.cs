namespace AlertFunctions.Kql.Runtime.Json;

/// <summary>
/// Equality of dynamic values by content: numbers by value whatever their kind, arrays in order, bags whatever the order of keys.
/// </summary>
internal sealed class JsonComparer : IEqualityComparer<object?>
{
    public static JsonComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y) =>
        (x, y) switch
        {
            (null, null) => true,
            (long a, double b) => a == b,
            (double a, long b) => a == b,
            (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => Equals(pair.First, pair.Second)),
            (JsonBag a, JsonBag b) =>
                a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && Equals(pair.Value, other)),
            _ => object.Equals(x, y),
        };

    public int GetHashCode(object? value) =>
        value switch
        {
            null => 0,
            long whole => ((double)whole).GetHashCode(),
            List<object?> items => items.Aggregate(17, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
            JsonBag bag => bag.Count,
            _ => value.GetHashCode(),
        };
}
