using System.Globalization;

namespace AlertFunctions.Kql.Runtime.Network;

/// <summary>
/// An IP address with the prefix it was written with, as 128 bits; IPv4 is held as ::ffff:a.b.c.d, its prefix counted from 96.
/// Source: learn.microsoft.com/kusto/query/ipv6-compare-function ("IPv4 are compared as IPv6 addresses").
/// </summary>
internal readonly record struct IpAddress(UInt128 Bits, int Prefix, bool IsV4)
{
    private static readonly UInt128 V4Range = (UInt128)0xFFFF << 32;

    /// <summary>The bits without those beyond the prefix.</summary>
    public UInt128 Network(int prefix) => Bits & Mask(prefix);

    public static UInt128 Mask(int prefix) => prefix == 0 ? 0 : UInt128.MaxValue << (128 - prefix);

    public static uint MaskV4(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);

    public uint V4 => (uint)(Bits & uint.MaxValue);

    public static bool TryParseV4(ReadOnlySpan<char> text, out uint address, out int prefix)
    {
        address = 0;
        if (!TrySplitPrefix(ref text, 32, out prefix))
        {
            return false;
        }

        return TryParseDotted(text, out address);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out IpAddress address)
    {
        address = default;
        if (!text.Contains(':'))
        {
            if (!TryParseV4(text, out var v4, out var v4Prefix))
            {
                return false;
            }

            address = new IpAddress(V4Range | v4, 96 + v4Prefix, IsV4: true);
            return true;
        }

        var hasPrefix = text.Contains('/');
        if (!TrySplitPrefix(ref text, 128, out var prefix) || !TryParseV6(text, out var bits, out var hasDotted))
        {
            return false;
        }

        // ::192.168.1.1/30 is an IPv4 address in IPv6 writing: the documentation masks and compares it as IPv4.
        if (hasDotted && (bits >> 32 == 0 || bits >> 32 == 0xFFFF))
        {
            prefix = hasPrefix && prefix <= 32 ? 96 + prefix : prefix;
            address = new IpAddress(V4Range | (bits & uint.MaxValue), prefix, IsV4: true);
            return true;
        }

        address = new IpAddress(bits, prefix, IsV4: false);
        return true;
    }

    private static bool TrySplitPrefix(ref ReadOnlySpan<char> text, int full, out int prefix)
    {
        text = text.Trim();
        prefix = full;
        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return true;
        }

        var isNumber = int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out prefix);
        text = text[..slash];
        return isNumber && prefix <= full;
    }

    private static bool TryParseDotted(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            if (text[part].Length is < 1 or > 3 || ++count > 4
                || !byte.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            address = (address << 8) | octet;
        }

        return count == 4;
    }

    private static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 bits, out bool hasDotted)
    {
        bits = 0;
        hasDotted = false;
        var gap = text.IndexOf("::");
        var head = gap < 0 ? text : text[..gap];
        if (!TryParseGroups(head, out var high, out var headCount, ref hasDotted))
        {
            return false;
        }

        if (gap < 0)
        {
            bits = high;
            return headCount == 8;
        }

        if (hasDotted || !TryParseGroups(text[(gap + 2)..], out var low, out var tailCount, ref hasDotted) || headCount + tailCount > 7)
        {
            return false;
        }

        bits = headCount == 0 ? low : (high << (16 * (8 - headCount))) | low;
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count, ref bool hasDotted)
    {
        bits = 0;
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var part in text.Split(':'))
        {
            var group = text[part];
            if (hasDotted || count > 8)
            {
                return false;
            }

            if (group.Contains('.'))
            {
                if (!TryParseDotted(group, out var v4))
                {
                    return false;
                }

                hasDotted = true;
                bits = (bits << 32) | v4;
                count += 2;
                continue;
            }

            if (group.Length is < 1 or > 4
                || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            bits = (bits << 16) | value;
            count++;
        }

        return count <= 8;
    }
}
