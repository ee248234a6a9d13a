using AlertFunctions.Kql.Runtime.Network;

namespace AlertFunctions.Kql.Tests.Runtime;

/// <summary>The IPv4 and IPv6 functions on the pages' examples.</summary>
public sealed class NetworkTests
{
    [Theory]
    [InlineData("192.168.1.1", 3232235777L)]
    [InlineData("192.168.1.1/24", 3232235776L)]
    [InlineData("255.255.255.255/31", 4294967294L)]
    [InlineData("192.168.1", null)]
    [InlineData("256.1.1.1", null)]
    [InlineData("1.1.1.1/33", null)]
    public void ParseIpv4_Text_GivesNumber(string text, long? expected) => Assert.Equal(expected, Ipv4Runtime.ParseMasked(text, 32));

    [Theory]
    [InlineData("192.168.1.0", "192.168.1.0", 32, 0)]
    [InlineData("192.168.1.1/24", "192.168.1.255", 32, 0)]
    [InlineData("192.168.1.1/30", "192.168.1.255/24", 32, 0)]
    [InlineData("192.168.1.1", "192.168.1.0", 31, 0)]
    [InlineData("192.168.1.1", "192.168.1.255", 24, 0)]
    [InlineData("192.168.1.1", "192.168.1.255", 32, -1)]
    [InlineData("x", "192.168.1.255", 32, null)]
    public void CompareIpv4_Prefixes_ShortestCounts(string first, string second, long prefix, int? expected) =>
        Assert.Equal(expected, Ipv4Runtime.Compare(first, second, prefix));

    [Theory]
    [InlineData("192.168.1.1/24", "::ffff:c0a8:01ff", 128)]
    [InlineData("::192.168.1.1/30", "192.168.1.255/24", 127)]
    [InlineData("192.168.1.1", "192.168.1.0", 31)]
    [InlineData("fe80::85d:e82c:9446:7994/127", "fe80::85d:e82c:9446:7998", 120)]
    [InlineData("::ffff:c0a8:0101", "192.168.1.255", 120)]
    public void CompareIpv6_MixedForms_AreEqual(string first, string second, long prefix) =>
        Assert.Equal(0, Ipv6Runtime.Compare(first, second, prefix));

    [Theory]
    [InlineData("192.168.255.255", 120, "0000:0000:0000:0000:0000:ffff:c0a8:ff00")]
    [InlineData("192.168.255.255/24", 124, "0000:0000:0000:0000:0000:ffff:c0a8:ff00")]
    [InlineData("fe80::85d:e82c:9446:7994", 128, "fe80:0000:0000:0000:085d:e82c:9446:7994")]
    [InlineData("fe80::85d:e82c:9446:7994/120", 124, "fe80:0000:0000:0000:085d:e82c:9446:7900")]
    [InlineData("::192.168.255.255", 128, "0000:0000:0000:0000:0000:ffff:c0a8:ffff")]
    [InlineData("1:2:3", 128, null)]
    public void ParseIpv6Mask_Text_GivesCanonicalForm(string text, long prefix, string? expected) =>
        Assert.Equal(expected, Ipv6Runtime.ParseMasked(text, prefix));

    [Theory]
    [InlineData("05:04:54 127.0.0.1 GET /favicon.ico 404", """["127.0.0.1"]""", true)]
    [InlineData("05:04:54 127.0.0.256 GET /favicon.ico 404", """["127.0.0.256"]""", false)]
    [InlineData("05:04:54127.0.0.1 GET /favicon.ico 404", """["127.0.0.1"]""", false)]
    public void HasIpv4_Text_FindsDelimitedAddress(string text, string addresses, bool expected) =>
        Assert.Equal(expected, Ipv4Runtime.HasAny(text, addresses));

    [Theory]
    [InlineData("05:04:54 127.0.0.1 GET /favicon.ico 404", """["127.0."]""", true)]
    [InlineData("05:04:54 127.0.0.1 GET /favicon.ico 404", """["127.0"]""", false)]
    [InlineData("05:04:54 127.0.0.256 GET /favicon.ico 404", """["127.0."]""", false)]
    [InlineData("05:04:54127.0.0.1 GET /favicon.ico 404", """["127.0."]""", false)]
    public void HasIpv4Prefix_Text_FindsAddressBeginningSo(string text, string prefixes, bool expected) =>
        Assert.Equal(expected, Ipv4Runtime.HasAnyPrefix(text, prefixes));

    [Theory]
    [InlineData("192.168.1.1/24", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("202.1.2.3", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("no address", null)]
    public void IsPrivate_Text_KnowsReservedRanges(string text, bool? expected) => Assert.Equal(expected, Ipv4Runtime.IsPrivate(text));

    [Fact]
    public void RangeToCidrList_Range_IsCoveredByFewestBlocks() =>
        Assert.Equal("""["1.1.128.0/21","1.1.136.0/22","1.1.140.0/24"]""", Ipv4Runtime.RangeToCidrList("1.1.128.0", "1.1.140.255"));

    [Theory]
    [InlineData("192.168.1.1", 24, "192.168.1.0/24")]
    [InlineData("192.168.1.1", 32, "192.168.1.1/32")]
    [InlineData("192.168.1.1/24", 32, "192.168.1.0/24")]
    [InlineData("192.168.1.1/24", -1, null)]
    [InlineData("3232235777", 24, "192.168.1.0/24")]
    public void FormatIpv4Mask_Address_IsMasked(string address, long prefix, string? expected) =>
        Assert.Equal(expected, Ipv4Runtime.FormatWithMask(address, prefix));
}
