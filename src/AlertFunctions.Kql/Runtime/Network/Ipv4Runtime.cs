using System.Globalization;
using AlertFunctions.Kql.Runtime.Json;

namespace AlertFunctions.Kql.Runtime.Network;

/// <summary>
/// The IPv4 functions. An address may carry a prefix (192.168.1.1/24); the shortest prefix at hand decides a comparison.
/// What is no address gives null. Source: learn.microsoft.com/kusto/query/scalar-functions#ipv4ipv6-functions.
/// </summary>
internal static class Ipv4Runtime
{
    public static readonly IReadOnlyList<RuntimeFunction> All =
    [
        RuntimeFunction.Of<string, long?>("kql_parse_ipv4", text => ParseMasked(text, 32)),
        RuntimeFunction.Of<string, long, long?>("kql_parse_ipv4_mask", ParseMasked),
        RuntimeFunction.Of<string, string, long, long?>("kql_ipv4_compare", Compare),
        RuntimeFunction.Of<string, string, bool?>("kql_ipv4_is_in_range", IsInRange),
        RuntimeFunction.Of<string, string, bool?>("kql_ipv4_is_in_any_range", IsInAnyRange),
        RuntimeFunction.Of<string, bool?>("kql_ipv4_is_private", IsPrivate),
        RuntimeFunction.Of<string, long?>("kql_ipv4_netmask_suffix", NetmaskSuffix),
        RuntimeFunction.Of<string, string, string?>("kql_ipv4_range_to_cidr_list", RangeToCidrList),
        RuntimeFunction.Of<string, long, string?>("kql_format_ipv4", Format),
        RuntimeFunction.Of<string, long, string?>("kql_format_ipv4_mask", FormatWithMask),
        RuntimeFunction.Of<string, string, bool>("kql_has_any_ipv4", HasAny),
        RuntimeFunction.Of<string, string, bool>("kql_has_any_ipv4_prefix", HasAnyPrefix),
    ];

    public static long? ParseMasked(string text, long prefix) =>
        IpAddress.TryParseV4(text, out var address, out var own) && prefix is >= 0 and <= 32
            ? address & IpAddress.MaskV4((int)Math.Min(own, prefix))
            : null;

    public static long? Compare(string left, string right, long prefix) =>
        prefix is >= 0 and <= 32
        && IpAddress.TryParseV4(left, out var a, out var aPrefix)
        && IpAddress.TryParseV4(right, out var b, out var bPrefix)
            ? (a & Mask(aPrefix, bPrefix, prefix)).CompareTo(b & Mask(aPrefix, bPrefix, prefix))
            : null;

    public static bool? IsInRange(string address, string range) =>
        IpAddress.TryParseV4(address, out var a, out _) && IpAddress.TryParseV4(range, out var b, out var prefix)
            ? (a & IpAddress.MaskV4(prefix)) == (b & IpAddress.MaskV4(prefix))
            : null;

    /// <summary>Ranges are an array of text; one that is no range is passed over.</summary>
    public static bool? IsInAnyRange(string address, string ranges) =>
        IpAddress.TryParseV4(address, out _, out _) && JsonReader.Read(ranges) is List<object?> items
            ? items.Any(item => item is string range && IsInRange(address, range) == true)
            : null;

    public static bool? IsPrivate(string text) =>
        IpAddress.TryParseV4(text, out var address, out var prefix)
            ? (prefix >= 8 && address >> 24 == 10) || (prefix >= 12 && address >> 20 == 0xAC1) || (prefix >= 16 && address >> 16 == 0xC0A8)
            : null;

    public static long? NetmaskSuffix(string text) => IpAddress.TryParseV4(text, out _, out var prefix) ? prefix : null;

    public static string? RangeToCidrList(string first, string last)
    {
        if (!IpAddress.TryParseV4(first, out var start, out _) || !IpAddress.TryParseV4(last, out var end, out _) || start > end)
        {
            return null;
        }

        var list = new List<object?>();
        for (long next = start; next <= end;)
        {
            var bits = next == 0 ? 32 : int.Min(32, System.Numerics.BitOperations.TrailingZeroCount(next));
            while (next + (1L << bits) - 1 > end)
            {
                bits--;
            }

            list.Add($"{Dotted((uint)next)}/{32 - bits}");
            next += 1L << bits;
        }

        return JsonText.Write(list);
    }

    /// <summary>The address, text or a number, with the bits beyond the prefix cleared; null where it is none.</summary>
    public static string? Format(string address, long prefix) =>
        Masked(address, prefix) is var (masked, _) ? Dotted(masked) : null;

    public static string? FormatWithMask(string address, long prefix) =>
        Masked(address, prefix) is var (masked, length)
            ? string.Create(CultureInfo.InvariantCulture, $"{Dotted(masked)}/{length}")
            : null;

    /// <summary>Whether one of the addresses (an array of text) stands in the text, delimited by what is no letter or digit.</summary>
    public static bool HasAny(string text, string addresses) =>
        JsonReader.Read(addresses) is List<object?> items
        && AddressesIn(text).ToHashSet() is var found
        && items.Any(item => item is string one && IpAddress.TryParseV4(one, out var address, out _)
            && !one.Contains('/', StringComparison.Ordinal) && found.Contains(address));

    /// <summary>
    /// Whether an address in the text begins with one of the prefixes: a whole address, or octets ending with a dot.
    /// </summary>
    public static bool HasAnyPrefix(string text, string prefixes)
    {
        if (JsonReader.Read(prefixes) is not List<object?> items)
        {
            return false;
        }

        var found = AddressesIn(text).Select(Dotted).ToList();
        return items.OfType<string>().Any(prefix =>
            IsAddressPrefix(prefix) && found.Exists(address => prefix.EndsWith('.')
                ? address.StartsWith(prefix, StringComparison.Ordinal)
                : address == prefix));
    }

    public static string Dotted(uint address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    private static bool IsAddressPrefix(string prefix)
    {
        var octets = prefix.Split('.');
        return prefix.EndsWith('.')
            ? octets.Length is >= 2 and <= 4 && octets[..^1].All(octet => byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            : IpAddress.TryParseV4(prefix, out _, out _) && !prefix.Contains('/', StringComparison.Ordinal);
    }

    private static (uint Address, int Prefix)? Masked(string address, long prefix)
    {
        if (prefix is < 0 or > 32)
        {
            return null;
        }

        if (uint.TryParse(address, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return (number & IpAddress.MaskV4((int)prefix), (int)prefix);
        }

        if (!IpAddress.TryParseV4(address, out var parsed, out var own))
        {
            return null;
        }

        var shortest = (int)Math.Min(own, prefix);
        return (parsed & IpAddress.MaskV4(shortest), shortest);
    }

    private static uint Mask(int first, int second, long third) =>
        IpAddress.MaskV4((int)Math.Min(Math.Min(first, second), third));

    // Every run of digits and dots that is an address and neither follows nor is followed by a letter or a digit.
    private static IEnumerable<uint> AddressesIn(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                i++;
                continue;
            }

            var end = i;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            {
                end++;
            }

            var isDelimited = (i == 0 || !char.IsLetterOrDigit(text[i - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (isDelimited && IpAddress.TryParseV4(text.AsSpan(i, end - i).TrimEnd('.'), out var address, out _))
            {
                yield return address;
            }

            i = end;
        }
    }
}
