using AlertFunctions.Alerting.Detections;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Detections;

public sealed class CatalogueCheckerTests : IDisposable
{
    private readonly CatalogueFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_FaultInTheQuery_PointsIntoTheFile()
    {
        _folder.With("detections/a/b.kql", "Heartbeat\n| where TimeGenerated > ago(1h)\n| where Nme")
            .WithDetection("a/b", CatalogueFolder.Detection("a/b", query: null));
        var compiler = new ScriptedCompiler(["Computer", "TimeGenerated"], new QueryFault(3, 9, CatalogueSeverity.Error, "KQL104", "No column Nme.", "Name?"));

        var fault = Assert.Single(Check(compiler));

        Assert.Equal($"{_folder.Path}/detections/a/b.kql:3:9: error KQL104: No column Nme. (Name?)", fault.ToString());
    }

    [Fact]
    public void Check_ColumnsThatTheResultLacks_AreReportedWhereTheyAreNamed()
    {
        _folder.WithDetection("a/b", CatalogueFolder.Detection("a/b").Replace("[Computer]", "[Computer, Pod]", StringComparison.Ordinal) + """
              labels: [Zone]
            customDetails: { Os: OSType }
            entityMappings:
              - entityType: Host
                fieldMappings: [{ identifier: HostName, columnName: Compute }]
            alertDetailsOverride:
              alertDisplayNameFormat: "{{Computer}} {{Nothing}}"
              alertSeverityColumnName: Level
            """);

        var faults = Check(new ScriptedCompiler(["Computer", "TimeGenerated", "Level:long"])).Select(f => $"{f.Position.Line}:{f.Position.Column} {f.Message} {f.Hint}");

        Assert.Equal(
            [
                "10:24 The query's result has no column 'Pod', which 'alertFunctions.identity[1]' names. it has Computer, TimeGenerated, Level",
                "12:12 The query's result has no column 'Zone', which 'alertFunctions.labels[0]' names. it has Computer, TimeGenerated, Level",
                "13:22 The query's result has no column 'OSType', which 'customDetails.Os' names. it has Computer, TimeGenerated, Level",
                "16:57 The query's result has no column 'Compute', which 'entityMappings[0].fieldMappings[0].columnName' names. did you mean 'Computer'?",
                "18:27 The query's result has no column 'Nothing', which 'alertDetailsOverride.alertDisplayNameFormat' names. it has Computer, TimeGenerated, Level",
                "19:28 Column 'Level' holds a long; a severity is text. ",
            ],
            faults);
    }

    [Theory]
    [InlineData("event", "Heartbeat | take 5", "1:1 error AFN020")]
    [InlineData("event", "Heartbeat | where TimeGenerated == datetime(2026-01-01)", "1:1 error AFN020")]
    [InlineData("event", "// TimeGenerated > ago(1h)\nHeartbeat | extend x = 'TimeGenerated > ago(1h)'", "2:1 error AFN020")]
    [InlineData("event", "Heartbeat | where TimeGenerated > ago(1h)", null)]
    [InlineData("event", "Heartbeat | where ago(1h) <= TimeGenerated", null)]
    [InlineData("event", "Heartbeat | where TimeGenerated between (ago(1h) .. now())", null)]
    [InlineData("event", "Heartbeat | where ingestion_time() > ago(1h)", null)]
    [InlineData("event", "let span = 1h;\nHeartbeat | where TimeGenerated > ago(span)", null)]
    [InlineData("event", "Recent()", null)]
    [InlineData("event", "Heartbeat\n| where TimeGenerated > ago(2m)", "2:25 error AFN018")]
    [InlineData("event", "let span = 30m;\nHeartbeat\n| where TimeGenerated > ago(span)", "3:25 warning AFN018")]
    [InlineData("condition", "Heartbeat\n| where TimeGenerated > ago(3d)", "2:25 error AFN018")]
    [InlineData("event", "Heartbeat\n| where TimeGenerated > ago(3d)", null)]
    public void Check_LookBack_FitsTheSchedule(string signal, string query, string? expected)
    {
        _folder.With("detections/a/b.kql", query)
            .With("functions/Recent.kql", "{ Heartbeat | where TimeGenerated > ago(1h) }")
            .WithDetection("a/b", CatalogueFolder.Detection("a/b", query: null).Replace("signal: event", $"signal: {signal}", StringComparison.Ordinal));

        var faults = Check(new ScriptedCompiler(["Computer", "TimeGenerated"]))
            .Select(f => $"{f.Position.Line}:{f.Position.Column} {(f.IsError ? "error" : "warning")} {f.Code}");

        Assert.Equal(expected is null ? [] : [expected], faults);
    }

    [Theory]
    [InlineData("event", "Heartbeat | where TimeGenerated > ago(1h)", "Heartbeat", false)]
    [InlineData("event", "let Heartbeat = Heartbeat | where TimeGenerated > ago(1h);\nHeartbeat", "Heartbeat", true)]
    [InlineData("condition", "let Heartbeat = Heartbeat | where TimeGenerated > ago(1h);\nHeartbeat", "Heartbeat", false)]
    [InlineData("event", "union Heart* | where TimeGenerated > ago(1h)", "Heartbeat", true)]
    [InlineData("event", "table('Heartbeat') | where TimeGenerated > ago(1h)", "Heartbeat", false)]
    [InlineData("event", "Recent()", "Heartbeat", false)]
    [InlineData("event", "Unheard_CL | where TimeGenerated > ago(1h)", "Unheard_CL", true)]
    public void Check_TableOfAnEventThatCannotBeNarrowed_IsAWarning(string signal, string query, string table, bool expected)
    {
        _folder.With("detections/a/b.kql", query)
            .With("schemas/Heartbeat.json", """{ "columns": [{ "name": "TimeGenerated", "type": "datetime" }, { "name": "Computer", "type": "string" }] }""")
            .With("functions/Recent.kql", "{ Heartbeat | where TimeGenerated > ago(1h) }")
            .WithDetection("a/b", CatalogueFolder.Detection("a/b", query: null).Replace("signal: event", $"signal: {signal}", StringComparison.Ordinal));

        var faults = Check(new ScriptedCompiler(["Computer", "TimeGenerated"]) { Tables = [table] });

        Assert.Equal(expected ? ["AFN028"] : [], faults.Select(f => f.Code));
    }

    private System.Collections.Immutable.ImmutableArray<CatalogueDiagnostic> Check(IQueryCompiler compiler) =>
        CatalogueChecker.Check(DetectionLoader.Load(_folder.Path), compiler, Some.Noon);

    private sealed class ScriptedCompiler(string[] columns, params QueryFault[] faults) : IQueryCompiler
    {
        public string[] Tables { get; init; } = [];

        public QueryAnalysis Analyse(string query, DateTimeOffset now) => new([.. Some.Table(columns).Columns], [.. Tables], [.. faults]);
    }
}
