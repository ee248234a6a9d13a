using System.Text;
using AlertFunctions.Kql.Runtime.Text;

namespace AlertFunctions.Kql.Tests.Runtime;

/// <summary>String functions on the pages' examples.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData("World", 1846988464401551951)]
    [InlineData("Hello", 753694413698530628)]
    public void Hash_Text_IsAsDocumented(string text, long expected) => Assert.Equal(expected, HashRuntime.OfText(text));

    [Fact]
    public void Hash_DateTime_IsAsDocumented() => Assert.Equal(1380966698541616202, HashRuntime.OfLong(new DateTime(2015, 1, 1).Ticks));

    // Values of the reference implementation for seed 0.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void XxHash64_LongerInput_MatchesReference(string text, ulong expected) =>
        Assert.Equal(unchecked((long)expected), XxHash64.Compute(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("abcdefg", "cde", "[1,4,1]", 2L)]
    [InlineData("abcdefg", "cde", "[1,2,1]", -1L)]
    [InlineData("abcdefg", "cde", "[3,4,1]", -1L)]
    [InlineData("abcdefg", "cde", "[-5,-1,1]", 2L)]
    [InlineData("abcdefgabcdefg", "cde", "[1,10,2]", 9L)]
    [InlineData("abcdefgabcdefg", "cde", "[1,-1,3]", -1L)]
    [InlineData("😀x", "x", "[0,-1,1]", 1L)]
    [InlineData("abc", "b", "[0,-2,1]", null)]
    public void IndexOf_Window_IsAsDocumented(string text, string match, string window, long? expected) =>
        Assert.Equal(expected, TextRuntime.IndexOf(text, match, window));

    [Theory]
    [InlineData("aaa", "a", 3)]
    [InlineData("aaaa", "aa", 3)]
    [InlineData("ababa", "aba", 2)]
    [InlineData("abc", "", 0)]
    public void CountOf_Overlapping_AllCount(string text, string search, long expected) => Assert.Equal(expected, TextRuntime.CountOf(text, search));

    [Theory]
    [InlineData("abc", "x", "abc", "xxx")]
    [InlineData("abc", "", "ab", "")]
    [InlineData("krasp", "otsku", "spark", "kusto")]
    public void Translate_Lists_AreAsDocumented(string search, string replacement, string source, string expected) =>
        Assert.Equal(expected, TextRuntime.Translate(search, replacement, source));

    [Theory]
    [InlineData("""["cat","dog"]""", """["dog","pigeon"]""", "A trick can turn a cat into a dog", "A trick can turn a dog into a pigeon")]
    [InlineData("""["is","This"]""", """["was","This"]""", "This is", "Thwas was")]
    [InlineData("""["This","is"]""", """[12345,"was"]""", "This is an example", "This was an example")]
    public void ReplaceStrings_Lookups_DoNotOverlap(string lookups, string rewrites, string text, string expected) =>
        Assert.Equal(expected, TextRuntime.ReplaceStrings(text, lookups, rewrites));

    [Theory]
    [InlineData(564, 0, "", "564 Bytes")]
    [InlineData(10332, 1, "", "10.1 KB")]
    [InlineData(20010332, 0, "", "19 MB")]
    [InlineData(20010332, 2, "", "19.08 MB")]
    [InlineData(20010332, 0, "KB", "19541 KB")]
    public void FormatBytes_Sizes_AreAsDocumented(double size, long precision, string unit, string expected) =>
        Assert.Equal(expected, TextRuntime.FormatBytes(size, precision, unit));

    [Theory]
    [InlineData("https://www.bing.com/hello world", "https%3a%2f%2fwww.bing.com%2fhello+world")]
    public void UrlEncode_Text_IsAsDocumented(string text, string expected)
    {
        Assert.Equal(expected, UrlRuntime.Encode(text, "+"));
        Assert.Equal(text, UrlRuntime.Decode(expected));
    }

    [Fact]
    public void ParseUrl_AllParts_AreNamed() =>
        Assert.Equal(
            """{"Scheme":"scheme","Host":"host","Port":"1234","Path":"/this/is/a/path","Username":"username","Password":"password","Query Parameters":{"k1":"v1","k2":"v2"},"Fragment":"fragment"}""",
            UrlRuntime.ParseUrl("scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment"));

    [Theory]
    [InlineData(@"C:\temp\file.txt", """{"Scheme":"","RootPath":"C:","DirectoryPath":"C:\\temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":""}""")]
    [InlineData(@"temp\file.txt", """{"Scheme":"","RootPath":"","DirectoryPath":"temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":""}""")]
    [InlineData("file://C:/temp/file.txt:some.exe", """{"Scheme":"file","RootPath":"C:","DirectoryPath":"C:/temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":"some.exe"}""")]
    [InlineData(@"\\shared\users\temp\file.txt.gz", """{"Scheme":"","RootPath":"","DirectoryPath":"\\\\shared\\users\\temp","DirectoryName":"temp","Filename":"file.txt.gz","Extension":"gz","AlternateDataStreamName":""}""")]
    [InlineData("/usr/lib/temp/file.txt", """{"Scheme":"","RootPath":"","DirectoryPath":"/usr/lib/temp","DirectoryName":"temp","Filename":"file.txt","Extension":"txt","AlternateDataStreamName":""}""")]
    public void ParsePath_Paths_AreTakenApart(string path, string expected) => Assert.Equal(expected, ParseRuntime.ParsePath(path));

    [Theory]
    [InlineData("aa,\"b,b,b\",cc,\"Escaping quotes: \"\"Title\"\"\",\"line1\nline2\"", """["aa","b,b,b","cc","Escaping quotes: \"Title\"","line1\nline2"]""")]
    [InlineData("record1,a,b,c\nrecord2,x,y,z", """["record1","a","b","c"]""")]
    public void ParseCsv_FirstRecord_IsTaken(string text, string expected) => Assert.Equal(expected, ParseRuntime.ParseCsv(text));

    [Theory]
    [InlineData("<e/>", """{"e":null}""")]
    [InlineData("<e>text</e>", """{"e":"text"}""")]
    [InlineData("<e name=\"value\" />", """{"e":{"@name":"value"}}""")]
    [InlineData("<e name=\"value\">text</e>", """{"e":{"@name":"value","#text":"text"}}""")]
    [InlineData("<e> <a>text</a> <b>text</b> </e>", """{"e":{"a":"text","b":"text"}}""")]
    [InlineData("<e> <a>text</a> <a>text</a> </e>", """{"e":{"a":["text","text"]}}""")]
    [InlineData("<e> text <a>text</a> </e>", """{"e":{"#text":"text","a":"text"}}""")]
    [InlineData("<e>", null)]
    [InlineData("<!DOCTYPE e [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><e>&x;</e>", null)]
    public void ParseXml_Elements_AreAsDocumented(string xml, string? expected) => Assert.Equal(expected, ParseRuntime.ParseXml(xml));

    [Theory]
    [InlineData("echo \"hello world!\"", """["echo","hello world!"]""")]
    [InlineData("\"C:\\a b\\c.exe\" d\\\"e \"f\\\\\" g", """["C:\\a b\\c.exe","d\"e","f\\","g"]""")]
    public void ParseCommandLine_Quotes_AreWindowsOwn(string line, string expected) => Assert.Equal(expected, ParseRuntime.ParseCommandLine(line));

    [Theory]
    [InlineData("S3VzdG8=", "Kusto")]
    [InlineData("U3RyaW5n0KHR0tGA0L7Rh9C60LA=", null)]
    [InlineData("not base64!", null)]
    public void Base64Decode_Text_IsUtf8OrNull(string text, string? expected) => Assert.Equal(expected, Encodings.DecodeToText(text));

    [Fact]
    public void Compress_Text_IsAsPrinted()
    {
        Assert.Equal("H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==", Encodings.CompressGzip("1234567890qwertyuiop"));
        Assert.Equal("eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw==", Encodings.CompressZlib("1234567890qwertyuiop"));
    }

    [Fact]
    public void Base64Encode_Guid_UsesWindowsByteOrder() =>
        Assert.Equal("8jMxriJurkmwahbmqbIS6w==", Encodings.EncodeGuid("ae3133f2-6e22-49ae-b06a-16e6a9b212eb"));

    [Theory]
    [InlineData("münchen", "mnchen-3ya")]
    [InlineData("académie-française", "acadmie-franaise-npb1a")]
    [InlineData("艺术", "cqv902d")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    public void Punycode_Text_IsRfc3492(string text, string expected)
    {
        Assert.Equal(expected, Punycode.Encode(text));
        Assert.Equal(text, Punycode.Decode(expected));
    }

    [Fact]
    public void PunycodeDomain_Labels_AreEncodedOneByOne()
    {
        Assert.Equal("xn--bcher-kva.example", Punycode.EncodeDomain("bücher.example"));
        Assert.Equal("xn--bcher-kva.example.xn--bcher-kva", Punycode.EncodeDomain("bücher。example｡bücher"));
        Assert.Equal("Rúyì.Jīngū.Bàng.com", Punycode.DecodeDomain("xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com"));
    }

    [Theory]
    [InlineData("this is an example", "example", true)]
    [InlineData("North_America", "America", true)]
    [InlineData("NorthAmerica", "America", false)]
    [InlineData("a.b", "a.b", true)]
    [InlineData("xa.b", "a.b", false)]
    [InlineData("x(a)", "(a)", true)]
    [InlineData("übung", "bung", false)]
    public void Has_Terms_AreRunsOfLettersAndDigits(string text, string term, bool expected) => Assert.Equal(expected, TermSearch.Has(text, term));
}
