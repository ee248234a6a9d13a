using AlertFunctions.Alerting;
using AlertFunctions.Workspace.DetectionTests;

namespace AlertFunctions.Detections.Tests.DetectionTests;

public sealed class DetectionTestReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_RelativeTimes_AreResolvedAgainstNow()
    {
        var test = Assert.Single(Read("""
            tests:
              - name: times
                now: 2026-05-01T08:30:00Z
                tables:
                  KubePodInventory:
                    - { TimeGenerated: -1h30m, Name: -10m, ContainerLastStatus: 'at {{-11m}}, not {{Name}}' }
                expect: []
            """).Tests);

        var record = Assert.Single(test.Records);
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 7, 2, 0, TimeSpan.Zero), record.IngestedAt);
        Assert.Equal("at 2026-05-01T08:19:00Z, not {{Name}}", Value(record, "ContainerLastStatus"));
        // Whether a bare time is one depends on the column, which only the workspace knows.
        Assert.Equal("-10m", Value(record, "Name"));
    }

    [Theory]
    [InlineData("TimeGenerated: -10m", "-8m", false, "two minutes after the event")]
    [InlineData("TimeGenerated: -1m", "-1s", false, "never after now, whose instant belongs to the next run")]
    [InlineData("TimeGenerated: -5h, _ingested: -1m", "-1m", true, "as written")]
    [InlineData("TimeGenerated: -10m, _ingested: -9m", "-9m", false, "as written, and no later than usual")]
    [InlineData("TimeGenerated: -10m, _ingested: 2026-03-02T11:59:00Z", "-1m", true, "as an absolute time")]
    public void Read_Record_BecomesVisible(string fields, string expected, bool late, string reason)
    {
        var test = Assert.Single(Read($$"""
            tests:
              - name: t
                tables: { Perf: [{ {{fields}} }] }
                expect: []
            """).Tests);

        Assert.True(RelativeTimeOf(expected) == test.Records[0].IngestedAt, reason);
        Assert.Equal(late, test.Records[0].Late);
    }

    [Fact]
    public void Read_MergedRecord_OwnFieldsWin()
    {
        var records = Assert.Single(Read("""
            tests:
              - name: merges
                tables:
                  AKSAudit:
                    - &first { TimeGenerated: -10m, Verb: create, User: { username: anna } }
                    - { <<: *first, Verb: delete, _repeat: 3 }
                    - &other { UserAgent: kubectl, Verb: get }
                    - { <<: [*first, *other], AuditId: a }
                expect: []
            """, faults: 1).Tests.DefaultIfEmpty(null!));

        Assert.Null(records);

        var test = Assert.Single(Read("""
            tests:
              - name: merges
                tables:
                  AKSAudit:
                    - &first { TimeGenerated: -10m, Verb: create, User: { username: anna } }
                    - { <<: *first, Verb: delete, _repeat: 3 }
                    - &other { TimeGenerated: -9m, UserAgent: kubectl, Verb: get }
                    - { <<: [*first, *other], AuditId: a }
                expect: []
            """).Tests);
        Assert.Equal(["create", "delete", "get", "create"], test.Records.Select(r => Value(r, "Verb")));
        Assert.Equal([1, 3, 1, 1], test.Records.Select(r => r.Repeat));
        Assert.Equal("kubectl", Value(test.Records[3], "UserAgent"));
        Assert.Equal("""{"username":"anna"}""", Value(test.Records[1], "User"));
    }

    [Fact]
    public void Read_Values_KeepTheirTypes()
    {
        var test = Assert.Single(Read("""
            tests:
              - name: t
                tables:
                  Perf:
                    - { TimeGenerated: -1m, A: 1, B: 1.5, C: true, D: '1', E: ~, F: 1.0.0, G: [1, x], H: nan }
                expect: []
            """).Tests);

        Assert.Equal(
            ["1", "1.5", "true", "\"1\"", "null", "\"1.0.0\"", "[1,\"x\"]", "\"nan\""],
            test.Records[0].Fields.Skip(1).Select(f => f.Value?.ToJsonString() ?? "null"));
    }

    [Fact]
    public void Read_Expectation_NamesPartOfTheIdentity()
    {
        var expected = Assert.Single(Assert.Single(Read("""
            tests:
              - name: t
                tables: {}
                expect:
                  - { identity: { Pod: api-1, FinishedAt: -32m }, labels: { Cause: unknown }, severity: High, count: 2 }
            """).Tests).Expected);

        Assert.Equal((Severity.High, 2L), (expected.Severity, expected.Count));
        Assert.True(expected.Identity["FinishedAt"].Matches("2026-03-02T11:28:00.000Z"));
        Assert.False(expected.Identity["FinishedAt"].Matches("2026-03-02T11:28:01Z"));
        Assert.True(expected.Identity["Pod"].Matches("api-1"));
        Assert.False(expected.Identity["Pod"].Matches("API-1"));
    }

    [Theory]
    [InlineData("tests: []", "1:8", "The list of tests is empty.")]
    [InlineData("{}", "1:1", "Field 'tests' is missing.")]
    [InlineData("- x", "1:1", "The file must be a mapping")]
    [InlineData("tests:\n  - { name: t, tables: {}, expect: [], now: noon }", "2:45", "'noon' is not a time.")]
    [InlineData("tests:\n  - { name: t, tables: {} }", "2:5", "Field 'expect' is missing.")]
    [InlineData("tests:\n  - { name: t, tables: [], expect: [] }", "2:24", "Field 'tables' must be a mapping")]
    [InlineData("tests:\n  - { name: t, tables: { Perf: {} }, expect: [] }", "2:26", "The records of Perf must be a list.")]
    [InlineData("tests:\n  - { name: t, tables: { Perf: [{ Val: 1 }] }, expect: [] }", "2:33", "has no TimeGenerated")]
    [InlineData("tests:\n  - { name: t, tables: { Perf: [{ TimeGenerated: 10m }] }, expect: [] }", "2:50", "TimeGenerated is not a time.")]
    [InlineData("tests:\n  - { name: t, tables: { Perf: [{ TimeGenerated: -1m, _repeat: 0 }] }, expect: [] }", "2:64", "_repeat must be a whole number")]
    [InlineData("tests:\n  - { name: t, tables: {}, expect: [{ identity: { Podd: x } }] }", "2:51", "'Podd' is no identity column")]
    [InlineData("tests:\n  - { name: t, tables: {}, expect: [{ identity: {}, severity: Hihg }] }", "2:63", "Field 'severity' cannot be 'Hihg'.")]
    [InlineData("tests:\n  - { name: t, tables: {}, expect: [{ severity: High }] }", "2:37", "Field 'identity' is missing.")]
    [InlineData("tests:\n  - { name: t, tables: {}, expect: [], expects: [] }", "2:40", "Field 'expects' is not known.")]
    [InlineData("tests:\n  - { name: t, tables: {}, expect: [] }\n  - { name: t, tables: {}, expect: [] }", "3:5", "Two tests are called 't'.")]
    public void Read_Fault_IsReportedWithItsPlace(string text, string place, string message)
    {
        var file = DetectionTestReader.Read(Corpus.Detection("aks/container-oom-killed"), "x.tests.yaml", text);

        var diagnostic = Assert.Single(file.Diagnostics);
        Assert.Equal($"x.tests.yaml:{place}", diagnostic.Position.ToString());
        Assert.Contains(message, diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TestWithAFault_LeavesTheOthers()
    {
        var file = Read("""
            tests:
              - { name: bad, tables: { Perf: [{ Val: 1 }] }, expect: [{ identity: { Podd: x } }] }
              - { name: good, tables: {}, expect: [] }
            """, faults: 2);

        Assert.Equal("good", Assert.Single(file.Tests).Name);
    }

    private static DetectionTestFile Read(string text, int faults = 0)
    {
        var file = DetectionTestReader.Read(Corpus.Detection("aks/container-oom-killed"), "x.tests.yaml", text);
        Assert.True(file.Diagnostics.Length == faults, string.Join('\n', file.Diagnostics));
        return file;
    }

    private static DateTimeOffset RelativeTimeOf(string text) => text switch
    {
        "-8m" => Noon.AddMinutes(-8),
        "-9m" => Noon.AddMinutes(-9),
        "-1m" => Noon.AddMinutes(-1),
        "-1s" => Noon.AddSeconds(-1),
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };

    private static string? Value(TestRecord record, string name) =>
        record.Fields.Single(f => f.Name == name).Value switch
        {
            System.Text.Json.Nodes.JsonValue value when value.TryGetValue<string>(out var text) => text,
            var other => other?.ToJsonString(),
        };
}
