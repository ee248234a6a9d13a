using AlertFunctions.Alerting.Detections;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Detections;

public sealed class DetectionLoaderTests : IDisposable
{
    private readonly CatalogueFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_CataloguesOwnDetections_HasNoFaults()
    {
        var catalogue = DetectionLoader.Load(Repository.Kql);

        Assert.Empty(catalogue.Diagnostics.Select(d => d.ToString()));
        Assert.NotEmpty(catalogue.Detections);
        Assert.All(catalogue.Detections, d => Assert.NotNull(d.TestsPath));
    }

    [Fact]
    public void Load_DetectionWithEveryField_ReadsThemAll()
    {
        _folder.With("detections/aks/node.kql", "Heartbeat\n| take 1\n").With("schemas/Heartbeat.json", "{}")
            .With("functions/Nodes.kql", "{ Heartbeat }")
            .WithDetection("aks/node", """
                id: aks/node
                name: A node
                version: 2.1.0
                kind: Scheduled
                description: Says something.
                severity: high
                status: Available
                requiredDataConnectors:
                  - connectorId: AzureKubernetes
                    dataTypes: [Heartbeat]
                queryFrequency: PT10M
                queryPeriod: 1h30m
                triggerOperator: ge
                """.Replace("triggerOperator: ge", "triggerOperator: gt", StringComparison.Ordinal) + "\n" + """
                triggerThreshold: 2
                tactics: [Impact]
                relevantTechniques: [T1499.001]
                tags: [one, Schema: ASim]
                entityMappings:
                  - entityType: Host
                    fieldMappings:
                      - { identifier: HostName, columnName: Computer }
                customDetails: { Os: OSType }
                alertDetailsOverride:
                  alertDisplayNameFormat: "{{Computer}} is down"
                  alertDescriptionFormat: "{{Computer}}"
                  alertSeverityColumnName: Level
                eventGroupingSettings: { aggregationKind: SingleAlert }
                suppressionEnabled: true
                suppressionDuration: PT5H
                incidentConfiguration: { createIncident: true }
                alertFunctions:
                  signal: condition
                  identity: [Computer, OSType]
                  labels: [Zone]
                  lateness: 20m
                  resolveAfter: 25m
                  runbook: |
                    Do it.

                """);

        var catalogue = DetectionLoader.Load(_folder.Path);

        Assert.Empty(catalogue.Diagnostics.Select(d => d.ToString()));
        var detection = Assert.Single(catalogue.Detections);
        Assert.Equal("aks/node", detection.Id);
        Assert.Equal("aks", detection.Area);
        Assert.Equal(Severity.High, detection.Severity);
        Assert.Equal(TimeSpan.FromMinutes(10), detection.QueryFrequency);
        Assert.Equal(TimeSpan.FromMinutes(90), detection.QueryPeriod);
        Assert.Equal(2, detection.TriggerThreshold);
        Assert.Equal(["one", "Schema: ASim"], detection.Tags);
        Assert.Equal("OSType", detection.CustomDetails["Os"]);
        Assert.Equal("{{Computer}} is down", detection.TitleFormat);
        Assert.Equal("Level", detection.SeverityColumn);
        Assert.Equal(EventGrouping.SingleAlert, detection.EventGrouping);
        Assert.Equal(TimeSpan.FromHours(5), detection.SuppressionDuration);
        Assert.Equal(SignalKind.Condition, detection.Signal);
        Assert.Equal(["Computer", "OSType"], detection.Identity);
        Assert.Equal(["Zone"], detection.Labels);
        Assert.Equal(TimeSpan.FromMinutes(20), detection.Lateness);
        Assert.Equal(TimeSpan.FromMinutes(25), detection.ResolveAfter);
        Assert.Equal("Do it.", detection.Runbook);
        Assert.Equal("Heartbeat\n| take 1\n", detection.Query.Text);
        Assert.Equal(["Heartbeat"], catalogue.Tables);
        Assert.Equal("Nodes", Assert.Single(catalogue.Functions).Name);
    }

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "severity: Medium", "severity: Hihg", "5:11: error AFN010", "did you mean 'High'?" },
        { "severity: Medium", "severty: Medium", "5:1: error AFN004: Field 'severty' is not known.", "did you mean 'severity'?" },
        { "severity: Medium", "severty: Medium", "2:1: error AFN006: Field 'severity' is missing.", "" },
        { "name: A computer is here", "name: [A computer]", "3:7: error AFN005: Field 'name' must be text, not a list.", "" },
        { "name: A computer is here", "name:", "3:1: error AFN006: Field 'name' is missing its value.", "" },
        { "name: A computer is here", "name: {{Computer}}", "3:7: error AFN005", "needs quotes" },
        { "queryPeriod: 1h", "queryPeriod: 1 hour", "7:14: error AFN011", "PT5M" },
        { "queryPeriod: 1h", "queryPeriod: 1m", "7:14: error AFN018", "at least queryFrequency" },
        { "queryFrequency: 5m", "queryFrequency: 30s", "6:17: error AFN018", "every minute" },
        { "severity: Medium", "severity: Medium\ntriggerThreshold: '1'", "6:19: error AFN005", "a whole number" },
        { "identity: [Computer]", "identity: []", "11:13: error AFN012", "no column" },
        { "identity: [Computer]", "identity: [Computer, Computer]", "11:24: error AFN012", "twice" },
        { "identity: [Computer]", "identity: [severity]", "11:14: error AFN012", "rename the column" },
        { "identity: [Computer]", "identity: Computer", "11:13: error AFN005", "a list" },
        { "signal: event", "signal: event\n  resolveAfter: 5m", "11:17: error AFN010", "does not resolve" },
        { "signal: event", "signal: condition\n  resolveAfter: 1m", "11:17: error AFN018", "at least queryFrequency" },
        { "  runbook: Look at it.", "", "10:3: error AFN007: Field 'runbook' is missing.", "" },
        { "  runbook: Look at it.", "  runbook: ' '", "12:12: error AFN007", "blank" },
        { "id: a/b", "id: a/c", "2:5: error AFN009", "'a/b'" },
        { "query: Heartbeat | where TimeGenerated > ago(1h)", "", "2:1: error AFN013", "b.kql is not beside it" },
        { "id: a/b", "id: a/b\nid: a/b", "3:1: error AFN003", "first on line 2" },
        { "severity: Medium", "tactics: [Impct]\nseverity: Medium", "5:11: warning AFN010", "did you mean 'Impact'?" },
        { "severity: Medium", "severity: Medium  ", "5:17: warning AFN016", "trailing blanks" },
        { "description: Something was seen.", "description: a: b", "4:15: error AFN002", "invalid mapping" },
        { "description: Something was seen.", "description: [a, b", "error AFN002", "not closed" },
        { "description: Something was seen.", "description: *nothing", "4:14: error AFN002", "No anchor" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Load_FaultyDetection_PointsToTheFault(string written, string faulty, string place, string words)
    {
        // A comment in front shows that lines are counted.
        var yaml = "# A test's.\n" + CatalogueFolder.Detection("a/b").Replace(written, faulty, StringComparison.Ordinal);
        _folder.WithDetection("a/b", yaml).WithDetection("a/good", CatalogueFolder.Detection("a/good"));

        var catalogue = DetectionLoader.Load(_folder.Path);

        var lines = catalogue.Diagnostics.Select(d => d.ToString()).ToArray();
        Assert.Contains(lines, line =>
            line.Contains("b.yaml:", StringComparison.Ordinal) && line.Contains(place, StringComparison.Ordinal)
            && line.Contains(words, StringComparison.Ordinal));
        Assert.Contains(catalogue.Detections, d => d.Id == "a/good");
        Assert.Equal(lines.Any(l => l.Contains(": error ", StringComparison.Ordinal)), catalogue.Detections.All(d => d.Id != "a/b"));
    }

    [Fact]
    public void Load_SeveralFaultsInOneFile_ReportsThemAll()
    {
        _folder.WithDetection("a/b", """
            id: a/x
            nam: Wrong
            severity: Terrible
            queryFrequency: often
            queryPeriod: 1h
            alertFunctions:
              signal: maybe
              identity: []
            """);

        var codes = DetectionLoader.Load(_folder.Path).Diagnostics.Select(d => d.Code).ToArray();

        Assert.Equal(
            ["AFN006", "AFN006", "AFN013", "AFN009", "AFN004", "AFN010", "AFN011", "AFN007", "AFN010", "AFN012"], codes);
    }

    [Fact]
    public void Load_TwoDetectionsWithOneId_ReportsTheSecond()
    {
        _folder.WithDetection("a/a", CatalogueFolder.Detection("a/a")).WithDetection("a/b", CatalogueFolder.Detection("a/a"));

        var catalogue = DetectionLoader.Load(_folder.Path);

        var fault = Assert.Single(catalogue.Diagnostics);
        Assert.Equal("AFN008", fault.Code);
        Assert.EndsWith("b.yaml", fault.Position.Path, StringComparison.Ordinal);
        Assert.Equal("a/a", Assert.Single(catalogue.Detections).Id);
    }

    [Fact]
    public void Load_FilesWithoutTheirDetection_ReportsEach()
    {
        _folder.With("detections/a/lost.kql", "Heartbeat").With("detections/a/gone.tests.yaml", "tests: []")
            .With("detections/a/other.yml", "id: x").With("functions/no-name.kql", "{ Heartbeat }");

        var catalogue = DetectionLoader.Load(_folder.Path);

        Assert.Equal(["AFN014", "AFN014", "AFN014", "AFN026"], catalogue.Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Load_NoTests_IsAnErrorForOurs()
    {
        _folder.With("detections/a/b.yaml", CatalogueFolder.Detection("a/b"));

        Assert.Equal("AFN015", Assert.Single(DetectionLoader.Load(_folder.Path).Diagnostics).Code);
    }

    [Fact]
    public void Load_NotUtf8_ReportsAndKeepsTheRest()
    {
        _folder.WithDetection("a/good", CatalogueFolder.Detection("a/good")).WithDetection("a/bad", "");
        File.WriteAllBytes(Path.Combine(_folder.Path, "detections/a/bad.yaml"), [0x69, 0x64, 0x3A, 0xFF]);

        var catalogue = DetectionLoader.Load(_folder.Path);

        Assert.Equal("AFN001", Assert.Single(catalogue.Diagnostics).Code);
        Assert.Single(catalogue.Detections);
    }

    [Fact]
    public void Load_MissingFolder_Reports() =>
        Assert.Equal("AFN001", Assert.Single(DetectionLoader.Load(Path.Combine(_folder.Path, "none")).Diagnostics).Code);

    [Fact]
    public void Load_SentinelRule_LoadsWithAWarning()
    {
        _folder.With("Rules/Moved subscription.yaml", """
            id: 0a4e0b5c-9c3a-4f0e-8a51-3f5f6f0a0001
            kind: Scheduled
            name: Subscription left
            description: |
              'A subscription was moved.'
            severity: High
            requiredDataConnectors:
              - connectorId: AzureActivity
                dataTypes:
                  - AzureActivity
            queryPeriod: 10m
            queryFrequency: 5m
            triggerOperator: gt
            triggerThreshold: 0
            tactics:
              - Impact
            relevantTechniques:
              - T1496
            query: |
              AzureActivity
              | where OperationNameValue == "Move"
            eventGroupingSettings:
              aggregationKind: SingleAlert
            entityMappings:
              - entityType: Account
                fieldMappings:
                  - identifier: Name
                    columnName: UserName
                  - identifier: UPNSuffix
                    columnName: Suffix
            incidentConfiguration:
              createIncident: true
              groupingConfiguration:
                enabled: true
                lookbackDuration: 5h
            metadata:
              source:
                kind: Community
            version: 1.0.0
            """);

        var catalogue = DetectionLoader.Load(_folder.Path);

        Assert.Equal("AFN017", Assert.Single(catalogue.Diagnostics).Code);
        var detection = Assert.Single(catalogue.Detections);
        Assert.Equal("Rules/Moved subscription", detection.Id);
        Assert.Equal(SignalKind.Event, detection.Signal);
        Assert.Equal(["UserName", "Suffix"], detection.Identity);
        Assert.Equal(TimeSpan.FromMinutes(10), detection.Settle);
        Assert.Equal("'A subscription was moved.'", detection.Runbook);
    }

    [Theory]
    [InlineData("query: |\n  Heartbeat\n  | where X", 2, 9, 4, 11)]
    [InlineData("query: |\n\n    Heartbeat\n    | where X", 3, 9, 5, 13)]
    [InlineData("query: |2\n    Heartbeat\n  | where X", 2, 9, 4, 11)]
    [InlineData("query: Heartbeat | where X", 1, 19, 2, 26)]
    [InlineData("query: \"Heartbeat\\n| where X\"", 2, 9, 2, 8)]
    public void Query_InYaml_KnowsItsPlaceOnFile(string query, int line, int column, int fileLine, int fileColumn)
    {
        _folder.WithDetection("a/b", "id: a/b\n" + query + "\n" + CatalogueFolder.Detection("a/b", query: null)
            .Replace("id: a/b\n", "", StringComparison.Ordinal));

        var detection = Assert.Single(DetectionLoader.Load(_folder.Path).Detections);

        var position = detection.Query.PositionAt(line, column);
        Assert.Equal((fileLine, fileColumn), (position.Line, position.Column));
        Assert.Equal('X', query.Contains('"', StringComparison.Ordinal) ? 'X' : LineOf(position)[fileColumn - 1]);
    }

    [Fact]
    public void PositionOf_UnknownField_IsThatOfTheFieldAround()
    {
        _folder.WithDetection("a/b", CatalogueFolder.Detection("a/b"));
        var source = Assert.Single(DetectionLoader.Load(_folder.Path).Detections).Source;

        Assert.Equal(10, source.PositionOf("alertFunctions.identity[0]").Line);
        Assert.Equal(10, source.PositionOf("alertFunctions.identity[7]").Line);
        Assert.Equal(1, source.PositionOf("nothing.at.all").Line);
    }

    private static string LineOf(SourcePosition position) => File.ReadAllLines(position.Path)[position.Line - 1];
}
