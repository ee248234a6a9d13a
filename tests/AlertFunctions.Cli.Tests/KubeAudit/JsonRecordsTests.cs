using System.IO.Compression;
using System.Text;
using AlertFunctions.Cli.KubeAudit;

namespace AlertFunctions.Cli.Tests.KubeAudit;

public sealed class JsonRecordsTests
{
    // Each record is written as its line and its property n, a fault as its line and "fault".
    [Theory]
    [InlineData("nothing", "", "")]
    [InlineData("blank lines", "\n \r\n\n", "")]
    [InlineData("one object a line", "{\"n\":1}\n{\"n\":2}\n", "1:1 2:2")]
    [InlineData("no line end at the end, blank lines between", "{\"n\":1}\n\n{\"n\":2}", "1:1 3:2")]
    [InlineData("Windows line ends", "{\"n\":1}\r\n{\"n\":2}\r\n", "1:1 2:2")]
    [InlineData("two objects on a line", "{\"n\":1} {\"n\":2}\n{\"n\":3}", "1:1 1:2 2:3")]
    [InlineData("an array on one line", "[{\"n\":1},{\"n\":2}]", "1:1 1:2")]
    [InlineData("an array, an object a line", "[\n{\"n\":1},\n{\"n\":2}\n]\n", "2:1 3:2")]
    [InlineData("a pretty-printed array", "[\n  {\n    \"n\": 1\n  },\n  {\n    \"n\": 2\n  }\n]", "2:1 5:2")]
    [InlineData("pretty-printed objects", "{\n  \"n\": 1\n}\n{\n  \"n\": 2\n}", "1:1 4:2")]
    [InlineData("a list on one line", "{\"kind\":\"EventList\",\"items\":[{\"n\":1},{\"n\":2}],\"x\":{}}", "1:1 1:2")]
    [InlineData("a pretty-printed list", "{\n \"kind\": \"EventList\",\n \"items\": [\n  {\"n\":1},\n  {\"n\":2}\n ]\n}\n", "4:1 5:2")]
    [InlineData("an empty list", "{\"items\":[]}\n{\"n\":1}", "2:1")]
    [InlineData("items that is no array belongs to the object", "{\"items\":3,\"n\":1}", "1:1")]
    [InlineData("a broken line costs that line", "{\"n\":1}\n{\"n\":2,}\n{\"n\":3}", "1:1 2:fault 3:3")]
    [InlineData("a line that is no object", "{\"n\":1}\nhello\n{\"n\":3}", "1:1 2:fault 3:3")]
    [InlineData("a line cut within a text", "{\"n\":1}\n{\"n\":2,\"t\":\"cu\n{\"n\":3}", "1:1 2:fault 3:3")]
    [InlineData("a line cut before a value", "{\"n\":1}\n{\"n\":\n{\"n\":3}\n{\"n\":4}", "1:1 2:fault 3:3 4:4")]
    [InlineData("the last line cut", "{\"n\":1}\n{\"n\":2", "1:1 2:fault")]
    [InlineData("a broken object of a pretty-printed array", "[\n  {\n    \"n\": x\n  },\n  {\n    \"n\": 2\n  }\n]", "2:fault 5:2")]
    [InlineData("a list that breaks off keeps what came before", "{\"items\":[{\"n\":1},{\"n\":2},{\"n", "1:1 1:2 1:fault")]
    public void Read_AnyLayout_GivesRecordsWithTheirLines(string why, string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var records = JsonRecords.Read(folder.Write("audit.json", text)).Select(Describe);

        Assert.True(expected == string.Join(' ', records), $"{why}: {string.Join(' ', records)}");
    }

    [Fact]
    public void Read_Gzip_IsRecognisedByItsBytes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("audit.log");
        File.WriteAllBytes(path, Gzip("{\"n\":1}\n{\"n\":2}\n"));

        Assert.Equal(["1:1", "2:2"], JsonRecords.Read(path).Select(Describe));
    }

    [Fact]
    public void Read_DamagedGzip_KeepsWhatCameBeforeTheDamage()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("audit.json.gz");
        var whole = Gzip("{\"n\":1}\n{\"n\":2}\n");
        whole[^6] ^= 0xFF;
        File.WriteAllBytes(path, whole);

        var records = JsonRecords.Read(path).ToList();

        Assert.Contains("damaged", Assert.Single(records, record => record.Fault is not null).Fault, StringComparison.Ordinal);
    }

    private static byte[] Gzip(string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }

    private static string Describe(JsonRecord record) =>
        record.Value is { } value ? $"{record.Line}:{value.GetProperty("n")}" : $"{record.Line}:fault";
}
