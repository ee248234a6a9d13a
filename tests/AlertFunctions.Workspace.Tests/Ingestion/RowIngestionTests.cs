using System.Text.Json.Nodes;
using AlertFunctions.Kql;
using AlertFunctions.Workspace.Ingestion;

namespace AlertFunctions.Workspace.Tests.Ingestion;

public sealed class RowIngestionTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly EmbeddedWorkspace _workspace = EmbeddedWorkspace.Open(new WorkspaceOptions { TimeProvider = new FixedClock() });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("created_t", "\"2026-03-02T12:00:00.1234567Z\"", "2026-03-02T12:00:00.1234567Z")]
    [InlineData("created_t", "\"2026-03-02T14:00:00.12345678+02:00\"", "2026-03-02T12:00:00.1234567Z")]
    [InlineData("created_t", "\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00Z")]
    [InlineData("created_t", "\"9999-12-31T23:59:59.9999999Z\"", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("created_t", "\"2026-03-02\"", "2026-03-02T00:00:00Z")]
    [InlineData("created_t", "\"3/2/2026 1:05:06 PM\"", "2026-03-02T13:05:06Z")]
    [InlineData("created_t", "\"\"", "null")]
    [InlineData("count_d", "1e3", "1000")]
    [InlineData("count_d", "\"NaN\"", "NaN")]
    [InlineData("count_d", "null", "null")]
    [InlineData("flag_b", "\"True\"", "true")]
    [InlineData("flag_b", "0", "false")]
    [InlineData("id_g", "\"74be27de1e4e49d9b579fe0b331d3642\"", "74be27de-1e4e-49d9-b579-fe0b331d3642")]
    [InlineData("id_g", "\"{F4BE27DE-1E4E-49D9-B579-FE0B331D3642}\"", "f4be27de-1e4e-49d9-b579-fe0b331d3642")]
    [InlineData("text_s", "12.50", "12.50")]
    [InlineData("text_s", "true", "true")]
    [InlineData("text_s", "{ \"a\" : [1, \"x y\"] }", "{\"a\":[1,\"x y\"]}")]
    [InlineData("text_s", "null", "")]
    [InlineData("text_s", "\"a\\u00e9\\n\\ud83d\\ude00\"", "aé\n😀")]
    public async Task IngestAsync_ValueOfAnyForm_IsConvertedToTheColumnsType(string column, string json, string expected)
    {
        // The columns exist before the value does, because a null brings none.
        await IngestAsync("AzureDiagnostics", """{"created_t":"2026-01-01T00:00:00Z","count_d":1,"flag_b":true,"id_g":"74be27de-1e4e-49d9-b579-fe0b331d3642","text_s":"x"}""");

        var report = await IngestAsync("AzureDiagnostics", $"{{\"{column}\":{json}}}");

        Assert.Empty(report.Faults);
        Assert.Equal(expected, (await _workspace.RowsAsync("AzureDiagnostics", column))[^1]);
    }

    [Theory]
    [InlineData("{\"a\": 1, \"b\": [ true, null ]}", "{\"a\":1,\"b\":[true,null]}", "JSON is compact")]
    [InlineData("{\"a\": \"\\u0041 \\\" \\u00e9\"}", "{\"a\":\"A \\\" é\"}", "escapes are written where JSON asks for them")]
    [InlineData("\"{\\\"a\\\": 1}\"", "{\"a\":1}", "the text of an object is that object")]
    [InlineData("\"{no json\"", "\"{no json\"", "any other text is a string")]
    [InlineData("\"5\"", "\"5\"", "the text of a number is a string")]
    [InlineData("5.0", "5.0", "a number keeps its digits")]
    [InlineData("null", "null", "null is null")]
    public async Task IngestAsync_DynamicColumn_HoldsCompactJson(string json, string expected, string rule)
    {
        var report = await IngestAsync("AKSAudit", $"{{\"RequestObject\":{json}}}");

        Assert.True(report.Faults.Count == 0, rule);
        Assert.Equal([expected], await _workspace.RowsAsync("AKSAudit", "RequestObject"));
    }

    [Fact]
    public async Task IngestAsync_Times_AreTheRecordsOwnOrNow()
    {
        await IngestAsync(
            "Heartbeat",
            """{"Computer":"neither"}""",
            """{"Computer":"generated","TimeGenerated":"2026-03-02T10:00:00Z"}""",
            """{"Computer":"received","TimeGenerated":"2026-03-02T10:00:00Z","_TimeReceived":"2026-03-02T10:05:00Z"}""");
        await _workspace.IngestAsync(
            "Heartbeat",
            [new IngestRow(new Dictionary<string, object?> { ["Computer"] = "told", ["TimeGenerated"] = Now.AddHours(-1) }, Now.AddMinutes(-50))],
            Token);

        Assert.Equal(
            [
                "neither|2026-03-02T12:00:00Z|2026-03-02T12:00:00Z",
                "generated|2026-03-02T10:00:00Z|2026-03-02T10:00:00Z",
                "received|2026-03-02T10:00:00Z|2026-03-02T10:05:00Z",
                "told|2026-03-02T11:00:00Z|2026-03-02T11:10:00Z",
            ],
            await _workspace.SqlAsync(
                "SELECT \"Computer\", \"TimeGenerated\", \"$ingestion\" FROM \"Heartbeat\" ORDER BY rowid",
                ("Computer", KqlType.String),
                ("TimeGenerated", KqlType.DateTime),
                ("ingestion", KqlType.DateTime)));
    }

    [Fact]
    public async Task IngestAsync_CustomTable_TakesItsColumnsFromTheRecords()
    {
        await IngestAsync("Orders_CL", """{"Id":1,"Total":2.5,"Paid":true,"Lines":[{"a":1}],"Note":"x","seen_t":"2026-03-02T00:00:00Z","odd_t":"not a time"}""");

        Assert.True(_workspace.TryGetTable("Orders_CL", out var table));
        Assert.Equal(
            "Id:Long Total:Real Paid:Bool Lines:Dynamic Note:String seen_t:DateTime odd_t:String",
            string.Join(' ', table.Columns.TakeLast(7).Select(column => $"{column.Name}:{column.Type}")));
        Assert.Equal(
            ["1|2.5|true|[{\"a\":1}]|x|2026-03-02T00:00:00Z|not a time"],
            await _workspace.RowsAsync("Orders_CL", "Id", "Total", "Paid", "Lines", "Note", "seen_t", "odd_t"));
    }

    [Theory]
    [InlineData("1", "2.5", KqlType.Real, "1,2.5")]
    [InlineData("1", "\"two\"", KqlType.String, "1,two")]
    [InlineData("true", "2", KqlType.String, "true,2")]
    [InlineData("\"a\"", "[1]", KqlType.Dynamic, "\"a\",[1]")]
    [InlineData("2.5", "{\"a\":1}", KqlType.Dynamic, "2.5,{\"a\":1}")]
    [InlineData("true", "\"perhaps\"", KqlType.String, "true,perhaps")]
    [InlineData("null", "7", KqlType.Long, "null,7")]
    public async Task IngestAsync_CustomColumnOfAnotherType_IsWidened(string first, string second, KqlType type, string values)
    {
        await IngestAsync("Orders_CL", $"{{\"Value\":{first}}}");

        var report = await IngestAsync("Orders_CL", $"{{\"Value\":{second}}}");

        Assert.Empty(report.Faults);
        Assert.True(_workspace.TryGetTable("Orders_CL", out var table));
        Assert.Equal(type, table.Columns[^1].Type);
        Assert.Equal(values.Split(',', 2), await _workspace.RowsAsync("Orders_CL", "Value"));
    }

    [Fact]
    public async Task IngestAsync_NamesThatDifferByCase_KeepTheirValuesApart()
    {
        await IngestAsync("Orders_CL", """{"id":1,"ID":2}""");
        await IngestAsync("ORDERS_CL", """{"id":3}""");

        Assert.Equal(["1|2"], await _workspace.RowsAsync("Orders_CL", "id", "ID"));
        Assert.Equal(["3"], await _workspace.RowsAsync("ORDERS_CL", "id"));
    }

    [Fact]
    public async Task IngestAsync_OpenTable_AddsColumnsBySuffixAndReportsOthers()
    {
        var report = await IngestAsync("AzureDiagnostics", """{"log_s":"x"}""", """{"new_d":2,"stray":1}""");

        Assert.Equal(["x|null", "|2"], await _workspace.RowsAsync("AzureDiagnostics", "log_s", "new_d"));
        Assert.Equal("AzureDiagnostics:2: warning AzureDiagnostics has no column stray: it was left out of 1 record", Assert.Single(report.Faults).ToString());
    }

    [Fact]
    public async Task IngestAsync_RowsThatThrow_LeaveNothing()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _workspace.IngestAsync("Orders_CL", Broken(), Token));

        Assert.False(_workspace.TryGetTable("Orders_CL", out _));
        await IngestAsync("Orders_CL", """{"Id":1}""");
        Assert.Equal(["1"], await _workspace.RowsAsync("Orders_CL", "Id"));

        static IEnumerable<IngestRow> Broken()
        {
            for (var row = 0; row < 100_000; row++)
            {
                yield return new IngestRow(new Dictionary<string, object?> { ["Id"] = row });
            }

            throw new InvalidOperationException("broken");
        }
    }

    private Task<IngestReport> IngestAsync(string table, params string[] records) =>
        _workspace.IngestAsync(table, records.Select(record => IngestRow.From(JsonNode.Parse(record)!.AsObject())), Token);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
