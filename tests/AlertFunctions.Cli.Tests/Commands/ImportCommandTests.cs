using System.Text.Json;

namespace AlertFunctions.Cli.Tests.Commands;

public sealed class ImportCommandTests
{
    private const string Event =
        """
        {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a-1","stage":"ResponseComplete",
         "requestURI":"/api/v1/namespaces/shop/pods","verb":"create","user":{"username":"ann","groups":["dev"]},
         "sourceIPs":["10.0.0.7"],"userAgent":"kubectl","objectRef":{"resource":"pods","namespace":"shop","name":"x"},
         "responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"Pod"},"responseObject":{"kind":"Pod"},
         "requestReceivedTimestamp":"2026-03-02T12:00:00.000001Z","stageTimestamp":"2026-03-02T12:00:00.500002Z",
         "annotations":{"authorization.k8s.io/decision":"allow"}}
        """;

    [Fact]
    public async Task KubeAudit_Event_FillsTheTablesColumns()
    {
        using var folder = new TemporaryFolder();

        var result = await Import(folder, Event, "--cluster", "/subscriptions/s/clusters/c");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var row = Assert.Single(Rows(folder, "AKSAudit"));
        Assert.Equal(
            """
            {"TimeGenerated":"2026-03-02T12:00:00.500002Z","Level":"RequestResponse","AuditId":"a-1","Stage":"ResponseComplete","RequestUri":"/api/v1/namespaces/shop/pods","Verb":"create","User":{"username":"ann","groups":["dev"]},"SourceIps":["10.0.0.7"],"UserAgent":"kubectl","ObjectRef":{"resource":"pods","namespace":"shop","name":"x"},"ResponseStatus":{"metadata":{},"code":201},"RequestObject":{"kind":"Pod"},"ResponseObject":{"kind":"Pod"},"RequestReceivedTime":"2026-03-02T12:00:00.000001Z","StageReceivedTime":"2026-03-02T12:00:00.500002Z","Annotations":{"authorization.k8s.io/decision":"allow"},"SourceSystem":"Azure","Type":"AKSAudit","_ResourceId":"/subscriptions/s/clusters/c"}
            """,
            row);
        Assert.Equal(row.Replace("AKSAudit", "AKSAuditAdmin", StringComparison.Ordinal), Assert.Single(Rows(folder, "AKSAuditAdmin")));
    }

    [Theory]
    [InlineData("get", 0)]
    [InlineData("list", 0)]
    [InlineData("watch", 1)]
    [InlineData("patch", 1)]
    [InlineData("deletecollection", 1)]
    public async Task KubeAudit_Verb_DecidesAboutTheAdminTable(string verb, int administrative)
    {
        using var folder = new TemporaryFolder();

        await Import(folder, Event.Replace("\"create\"", $"\"{verb}\"", StringComparison.Ordinal));

        Assert.Single(Rows(folder, "AKSAudit"));
        Assert.Equal(administrative, Rows(folder, "AKSAuditAdmin").Length);
    }

    [Fact]
    public async Task KubeAudit_OldTimestampField_IsTheTime()
    {
        using var folder = new TemporaryFolder();

        await Import(folder, """{"auditID":"a","verb":"create","timestamp":"2018-10-25T13:58:49Z"}""");

        var row = Assert.Single(Rows(folder, "AKSAudit"));
        Assert.StartsWith("""{"TimeGenerated":"2018-10-25T13:58:49Z",""", row, StringComparison.Ordinal);
        Assert.Contains("""RequestReceivedTime":"2018-10-25T13:58:49Z""", row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"verb":"create"}""", "no auditID")]
    [InlineData("""{"auditID":"a"}""", "no verb")]
    [InlineData("""{"auditID":7,"verb":"create"}""", "auditID is 7")]
    [InlineData("""{"auditID":"a","verb":"create"}""", "no time")]
    [InlineData("""{"auditID":"a","verb":"create","stageTimestamp":"soon"}""", "stageTimestamp is \"soon\"")]
    [InlineData("""{"auditID":"a","verb":"create","timestamp":"2018-10-25T13:58:49Z","user":"ann"}""", "user is \"ann\"")]
    [InlineData("""{"kind":"Pod","auditID":"a","verb":"create"}""", "kind is \"Pod\"")]
    [InlineData("""{"auditID":"a",""", "not valid JSON")]
    public async Task KubeAudit_MalformedEvent_IsReportedWithItsPlaceAndTheRestKept(string line, string fault)
    {
        using var folder = new TemporaryFolder();
        var good = Event.ReplaceLineEndings("");

        var result = await Import(folder, $"{good}\n{line}\n{good}\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"audit.json:2: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(fault, result.Error, StringComparison.Ordinal);
        Assert.Contains("1 malformed event left out", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, Rows(folder, "AKSAudit").Length);
    }

    [Fact]
    public async Task KubeAudit_OutputJson_IsOneDocument()
    {
        using var folder = new TemporaryFolder();

        var result = await Import(folder, Event, "--output", "json");

        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(1, json.RootElement.GetProperty("AKSAudit").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("malformed").GetInt32());
    }

    [Fact]
    public async Task KubeAudit_ItsOwnOutputAsInput_IsRefusedUnharmed()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("out/AKSAudit.jsonl", Event);

        var result = await Alertfn.RunAsync("import", "kube-audit", file, "--out", folder.File("out"));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(Event, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    private static Task<CommandResult> Import(TemporaryFolder folder, string text, params string[] options) =>
        Alertfn.RunAsync(["import", "kube-audit", folder.Write("audit.json", text), "--out", folder.File("out"), .. options]);

    private static string[] Rows(TemporaryFolder folder, string table) => File.ReadAllLines(folder.File($"out/{table}.jsonl"));
}
