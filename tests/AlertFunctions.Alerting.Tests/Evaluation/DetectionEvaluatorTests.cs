using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Evaluation;

public sealed class DetectionEvaluatorTests
{
    private static readonly DateTimeOffset Now = Some.Noon;
    private static readonly string[] Columns = ["TimeGenerated:datetime", "Name", "Level", "Value:long"];

    [Fact]
    public async Task Evaluate_RowsOfOneIdentity_AreOneAlert()
    {
        var detection = Some.Detection() with { SeverityColumn = "Level", Labels = ["Level"], TitleFormat = "{{Name}} has {{Value}}" };
        var table = Some.Table(
            Columns,
            [Now.AddMinutes(-9), "a", "Low", 1L],
            [Now.AddMinutes(-3), "a", "high", 2L],
            [Now.AddMinutes(-1), "a", "Low", 3L],
            [Now.AddMinutes(-2), "b", "nonsense", null]);

        var alerts = await EvaluateAsync(detection, table);

        Assert.Equal(["a", "b"], alerts.Select(a => a.Labels["Name"]));
        var first = alerts[0];
        Assert.Equal(3, first.Count);
        Assert.Equal(3, first.Rows.Rows.Count);
        Assert.Equal(Severity.High, first.Severity);
        Assert.Equal("a has 2", first.Title);
        Assert.Equal("high", first.Labels["Level"]);
        Assert.Equal("High", first.Labels["severity"]);
        Assert.Equal("aks/thing", first.Labels["detection"]);
        Assert.Equal("main", first.Labels["workspace"]);
        Assert.Equal(Now.AddMinutes(-9), first.StartsAt);
        Assert.Equal(Now.AddMinutes(-1), first.LastSeenAt);
        Assert.Equal(new TimeRange(Now.AddHours(-1), Now), first.Query.Range);
        Assert.Equal("/subscriptions/x", first.Query.WorkspaceResourceId);
        Assert.Equal(Severity.Medium, alerts[1].Severity);
        Assert.Equal("b has", alerts[1].Title);
    }

    [Fact]
    public async Task Evaluate_ManyRows_KeepsAHandful()
    {
        var rows = Enumerable.Range(0, 500).Select(i => new object?[] { Now, "a", "", (long)i }).ToArray();

        var alert = Assert.Single(await EvaluateAsync(Some.Detection(), Some.Table(Columns, rows)));

        Assert.Equal(500, alert.Count);
        Assert.Equal(10, alert.Rows.Rows.Count);
    }

    [Theory]
    [InlineData(TriggerOperator.GreaterThan, 2, 2, 0)]
    [InlineData(TriggerOperator.GreaterThan, 2, 3, 3)]
    [InlineData(TriggerOperator.LessThan, 1, 0, 1)]
    [InlineData(TriggerOperator.LessThan, 1, 1, 0)]
    [InlineData(TriggerOperator.Equal, 2, 2, 2)]
    [InlineData(TriggerOperator.Equal, 2, 3, 0)]
    [InlineData(TriggerOperator.NotEqual, 0, 0, 0)]
    [InlineData(TriggerOperator.NotEqual, 1, 0, 1)]
    public async Task Evaluate_Trigger_ComparesTheNumberOfRows(TriggerOperator @operator, long threshold, int rows, int alerts)
    {
        var detection = Some.Detection() with { TriggerOperator = @operator, TriggerThreshold = threshold };
        var table = Some.Table(Columns, [.. Enumerable.Range(0, rows).Select(i => new object?[] { Now, $"n{i}", "", 1L })]);

        var found = await EvaluateAsync(detection, table);

        Assert.Equal(alerts, found.Count);
        Assert.All(found, a => Assert.Equal(rows == 0 ? 0 : 1, a.Count));
    }

    [Fact]
    public async Task Evaluate_Event_NarrowsTablesToTheIngestionInterval()
    {
        var detection = WithQuery(Some.Detection(), "// of Perf\nHeartbeat | join kind=inner Reader() on Name | where X == 'Perf'");
        var catalogue = Some.EmptyCatalogue with
        {
            Tables = ["Heartbeat", "Perf", "Usage"],
            Functions =
            [
                new SavedFunction("Inner", "{ Usage }", ""), new SavedFunction("Reader", "// reads\n(n: long = 5) { Inner() | union table('Perf') }", ""),
            ],
        };

        var request = await AskAsync(detection, catalogue);

        Assert.Equal(
            """
            let Heartbeat = table('Heartbeat') | where ingestion_time() >= datetime(2026-03-02T11:50:00.0000000Z) and ingestion_time() < datetime(2026-03-02T12:00:00.0000000Z);
            let Usage = table('Usage') | where ingestion_time() >= datetime(2026-03-02T11:50:00.0000000Z) and ingestion_time() < datetime(2026-03-02T12:00:00.0000000Z);
            let Inner = () { Usage }
            ;
            let Reader = // reads
            (n: long = 5) { Inner() | union table('Perf') }
            ;
            // of Perf
            Heartbeat | join kind=inner Reader() on Name | where X == 'Perf'
            """,
            request.Query);
        Assert.Equal(new TimeRange(Now.AddMinutes(-10).AddHours(-1).AddDays(-2), Now.AddDays(2)), request.TimeRange);
        Assert.Equal(Now, request.Now);
    }

    [Fact]
    public async Task Evaluate_Condition_ReadsItsWindowWhole()
    {
        var detection = Some.Detection(signal: SignalKind.Condition);

        var request = await AskAsync(detection, Some.EmptyCatalogue with { Tables = ["Heartbeat"] });

        Assert.Equal(detection.Query.Text, request.Query);
        Assert.Equal(new TimeRange(Now.AddHours(-1), Now), request.TimeRange);
    }

    [Fact]
    public async Task Evaluate_ResultWithoutIdentityColumn_Fails()
    {
        var outcome = await OutcomeAsync(Some.Detection(identity: ["Name", "Missing"]), _ => new QueryAnswer(Some.Table(Columns)));

        Assert.False(Assert.IsType<EvaluationFailed>(outcome).Retryable);
        Assert.Contains("Missing", ((EvaluationFailed)outcome).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_EngineOutcomes_AreKept()
    {
        Assert.IsType<NotApplicable>(await OutcomeAsync(Some.Detection(), _ => new QueryTableNotFound("no Heartbeat")));
        Assert.Equal(
            TimeSpan.FromSeconds(9),
            Assert.IsType<EvaluationThrottled>(await OutcomeAsync(Some.Detection(), _ => new QueryThrottled(TimeSpan.FromSeconds(9), "busy"))).RetryAfter);
        Assert.True(Assert.IsType<EvaluationFailed>(await OutcomeAsync(Some.Detection(), _ => new QueryFailed("oops", true))).Retryable);
        var partial = await OutcomeAsync(Some.Detection(), _ => new QueryAnswer(Some.Table(Columns), "cut"));
        Assert.Equal("cut", Assert.IsType<Evaluated>(partial).PartialError);
    }

    [Fact]
    public async Task Evaluate_RuleWithoutIdentity_IsIdentifiedByAllButTime()
    {
        var detection = Some.Detection() with { Identity = [] };
        var table = Some.Table(Columns, [Now, "a", "x", 1L], [Now.AddMinutes(-1), "a", "x", 1L], [Now, "a", "x", 2L]);

        var alerts = await EvaluateAsync(detection, table);

        Assert.Equal(2, alerts.Count);
    }

    [Fact]
    public void Fingerprint_DependsOnDetectionNamesAndValuesOnly()
    {
        var one = Fingerprint.Of("a/b", [new("x", "ab"), new("y", "c")]);

        Assert.Matches("^[0-9a-f]{32}$", one);
        Assert.Equal(one, Fingerprint.Of("a/b", [new("y", "c"), new("x", "ab")]));
        string[] others =
        [
            Fingerprint.Of("a/b", [new("x", "a"), new("y", "bc")]),
            Fingerprint.Of("a/b", [new("x", "ab"), new("z", "c")]),
            Fingerprint.Of("a/c", [new("x", "ab"), new("y", "c")]),
            Fingerprint.Of("a/b", [new("x", "ab")]),
        ];
        Assert.DoesNotContain(one, others);
        Assert.Distinct(others);
    }

    public static TheoryData<object?, string> Cells => new()
    {
        { null, "" },
        { "text", "text" },
        { true, "true" },
        { 5, "5" },
        { 5L, "5" },
        { 5.0, "5" },
        { 5.00m, "5" },
        { 0.1, "0.1" },
        { Some.Noon, "2026-03-02T12:00:00Z" },
        { Some.Noon.ToOffset(TimeSpan.FromHours(2)).AddTicks(10), "2026-03-02T12:00:00.000001Z" },
        { TimeSpan.FromMinutes(90), "01:30:00" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" },
    };

    [Theory]
    [MemberData(nameof(Cells))]
    public void CellText_Of_IsTheSameForEqualValues(object? cell, string expected) => Assert.Equal(expected, CellText.Of(cell));

    [Theory]
    [InlineData("null", "")]
    [InlineData("\"x\"", "x")]
    [InlineData("true", "true")]
    [InlineData("5", "5")]
    [InlineData("""{ "b": [1, null], "a": "x" }""", """{"a":"x","b":[1,null]}""")]
    public void CellText_OfJson_IsCompactAndOrdered(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(expected, CellText.Of(document.RootElement));
    }

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", @"'it\'s'")]
    [InlineData("a\\", @"'a\\'")]
    [InlineData("a\n'; drop", @"'a\n\'; drop'")]
    [InlineData("\u0001\u2028", @"'\u0001\u2028'")]
    public void KqlLiteral_String_EscapesWhatEndsALiteral(string value, string expected) => Assert.Equal(expected, KqlLiteral.String(value));

    [Fact]
    public void KqlLiteral_OtherTypes_AreExact()
    {
        Assert.Equal("datetime(2026-03-02T10:00:00.0000001Z)", KqlLiteral.DateTime(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.FromHours(2)).AddTicks(1)));
        Assert.Equal("timespan(1.02:03:04.0000005)", KqlLiteral.TimeSpan(new TimeSpan(1, 2, 3, 4) + TimeSpan.FromTicks(5)));
        Assert.Equal("long(-5)", KqlLiteral.Long(-5));
        Assert.Equal(@"dynamic([""a\""b"", ""it's""])", KqlLiteral.Strings(["a\"b", "it's"]));
        Assert.Equal(@"['a\'b']", KqlLiteral.Name("a'b"));
    }

    [Fact]
    public void AlertText_ValueWithBraces_IsNotFilledAgain()
    {
        Assert.Equal("{{B}} and {{Gone}}", AlertText.Fill("{{ A }} and {{Gone}}", name => name == "A" ? "{{B}}" : null, 100));
        Assert.Equal("open {{ A", AlertText.Fill("open {{ A", _ => "x", 100));
        Assert.Equal("abcd…", AlertText.Fill("{{A}}", _ => "abcdefgh", 5));
        Assert.Equal("abc…", AlertText.Fill("{{A}}", _ => "abc\U0001F600def", 5));
    }

    private static Detection WithQuery(Detection detection, string text) =>
        detection with { Query = detection.Query with { Text = text } };

    private static async Task<IReadOnlyList<Alert>> EvaluateAsync(Detection detection, QueryTable table) =>
        Assert.IsType<Evaluated>(await OutcomeAsync(detection, _ => new QueryAnswer(table))).Alerts;

    private static async Task<EvaluationOutcome> OutcomeAsync(Detection detection, Func<QueryRequest, QueryOutcome> answer) =>
        await new DetectionEvaluator(new ScriptedQueryEngine(answer), Some.EmptyCatalogue)
            .EvaluateAsync(Request(detection), TestContext.Current.CancellationToken);

    private static async Task<QueryRequest> AskAsync(Detection detection, DetectionCatalogue catalogue)
    {
        var engine = new ScriptedQueryEngine(_ => new QueryAnswer(Some.Table(Columns)));
        await new DetectionEvaluator(engine, catalogue).EvaluateAsync(Request(detection), TestContext.Current.CancellationToken);
        return Assert.Single(engine.Requests);
    }

    private static EvaluationRequest Request(Detection detection) => new(
        detection, Now, DetectionEvaluator.IntervalOf(detection, Now.AddMinutes(-5), Now), new MonitoredWorkspace("main", "id", "/subscriptions/x"));
}
