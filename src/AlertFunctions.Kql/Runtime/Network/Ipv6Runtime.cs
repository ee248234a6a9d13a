using System.Globalization;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Network;

/// <summary>
/// The IPv6 functions, which take IPv4 addresses too. A prefix argument counts 128 bits; the shortest prefix at hand decides.
/// Source: learn.microsoft.com/kusto/query/ipv6-compare-function and the pages beside it.
/// </summary>
internal static class Ipv6Runtime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, string?>("kql_parse_ipv6", text => ParseMasked(text, 128)),
        RuntimeFunction.Of<string, long, string?>("kql_parse_ipv6_mask", ParseMasked),
        RuntimeFunction.Of<string, string, long, long?>("kql_ipv6_compare", Compare),
        RuntimeFunction.Of<string, string, bool?>("kql_ipv6_is_in_range", IsInRange),
        RuntimeFunction.Of<string, string, bool?>("kql_ipv6_is_in_any_range", IsInAnyRange),
    ];

    /// <summary>Eight groups of four digits; null for what is no address.</summary>
    public static string? ParseMasked(string text, long prefix)
    {
        if (!IpAddress.TryParse(text, out var address) || prefix is < 0 or > 128)
        {
            return null;
        }

        var bits = address.Network((int)Math.Min(address.Prefix, prefix));
        var groups = Enumerable.Range(0, 8)
            .Select(i => ((ushort)(bits >> (112 - (16 * i)))).ToString("x4", CultureInfo.InvariantCulture));
        return string.Join(':', groups);
    }

    public static long? Compare(string left, string right, long prefix)
    {
        if (!IpAddress.TryParse(left, out var a) || !IpAddress.TryParse(right, out var b) || prefix is < 0 or > 128)
        {
            return null;
        }

        // Of two IPv4 addresses a prefix up to 32 counts their own bits: the documentation compares
        // 192.168.1.1 and 192.168.1.255 by 24 as equal.
        if (a.IsV4 && b.IsV4 && prefix <= 32)
        {
            prefix += 96;
        }

        var shortest = (int)Math.Min(Math.Min(a.Prefix, b.Prefix), prefix);
        return a.Network(shortest).CompareTo(b.Network(shortest));
    }

    public static bool? IsInRange(string address, string range) =>
        IpAddress.TryParse(address, out var a) && IpAddress.TryParse(range, out var b)
            ? a.Network(b.Prefix) == b.Network(b.Prefix)
            : null;

    public static bool? IsInAnyRange(string address, string ranges) =>
        IpAddress.TryParse(address, out _) && JsonReader.Read(ranges) is List<object?> items
            ? items.Any(item => item is string range && IsInRange(address, range) == true)
            : null;
}
