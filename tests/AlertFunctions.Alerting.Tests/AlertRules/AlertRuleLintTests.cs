using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.AlertRules;

public sealed class AlertRuleLintTests
{
    private static readonly Detection Fit = Some.Detection(signal: SignalKind.Condition);

    [Fact]
    public void Check_DetectionThatFits_FindsNothing() => Assert.Empty(Check(Fit));

    [Theory]
    [InlineData("T | where a | union U", 14, "cannot use 'union'")]
    [InlineData("// first\nunion T, U", 9, "cannot use 'union'")]
    [InlineData("let all = union T, U; all", 10, "cannot use 'union'")]
    [InlineData("T | join kind=inner (union U, V) on x", 21, "cannot use 'union'")]
    [InlineData("search 'x'", 0, "cannot use 'search'")]
    [InlineData("T | evaluate bag_unpack(d)", 13, "cannot use 'bag_unpack'")]
    [InlineData("T | evaluate pivot(a)", 13, "cannot use 'pivot'")]
    [InlineData("T | evaluate narrow()", 13, "cannot use 'narrow'")]
    [InlineData("T | extend AggregatedValue = 1", 11, "a name of the service's own")]
    [InlineData("let span = 1h; T | where TimeGenerated > ago(span)", 41, "only a duration itself")]
    [InlineData("T | where TimeGenerated > ago(2 * 1h)", 26, "only a duration itself")]
    [InlineData("arg('').resources", 0, "an identity of its own")]
    [InlineData("Audit | take 5", 0, "It calls 'Audit'")]
    public void Check_QueryThatTheServiceRefuses_SaysWhere(string query, int offset, string message)
    {
        var asked = Fit.Query with { Text = query };

        var fault = Assert.Single(Check(Fit with { Query = asked }));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(asked.PositionAt(offset), fault.Position);
    }

    [Theory]
    [InlineData("T | where Message == 'union select' // search\n| project union_id, search")]
    [InlineData("T | where d.pivot > 1 and TimeGenerated > ago(1h)")]
    [InlineData("T | take 5 | where ingestion_time() > ago(90m)")]
    [InlineData("let Audit = T; Audit")]
    [InlineData("Plain | where TimeGenerated > ago( 1d )")]
    [InlineData("T | join (U | distinct x) on x")]
    public void Check_NamesThatOnlyLookLikeIt_AreNoFaults(string query) =>
        Assert.Empty(Check(Fit with { Query = Fit.Query with { Text = query } }));

    [Theory]
    [InlineData("T | take 5", "'take'")]
    [InlineData("T | limit 5", "'limit'")]
    [InlineData("T | where ingestion_time() > ago(5m)", "'ingestion_time'")]
    [InlineData("Plain", "'Plain', which reads tables")]
    public void Check_RuleOfEveryMinute_IsRefusedMore(string query, string message)
    {
        var everyMinute = Fit with { QueryFrequency = TimeSpan.FromMinutes(1), QueryPeriod = TimeSpan.FromMinutes(5), Query = Fit.Query with { Text = query } };

        Assert.Contains(message, Assert.Single(Check(everyMinute)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5m", "2h", null)]
    [InlineData("5m", "2d", null)]
    [InlineData("1m", "1m", null)]
    [InlineData("5m", "14d", "does not look back 14d")]
    [InlineData("5m", "49h", "does not look back 2d1h")]
    [InlineData("5m", "20m", "does not look back 20m")]
    [InlineData("1m", "1d", "does not look back 1d")]
    [InlineData("7m", "1h", "does not run every 7m")]
    [InlineData("1d", "1d", "does not run every 1d")]
    public void Check_Schedule_IsOneThatTheServiceHas(string frequency, string period, string? message)
    {
        Assert.True(Alerting.Yaml.Durations.TryParse(frequency, out var every));
        Assert.True(Alerting.Yaml.Durations.TryParse(period, out var back));

        var faults = Check(Fit with { QueryFrequency = every, QueryPeriod = back });

        Assert.Equal(message is null ? 0 : 1, faults.Count);
        Assert.All(faults, fault => Assert.Contains(message!, fault.Message, StringComparison.Ordinal));
    }

    public static TheoryData<string> Meanings => ["event", "threshold", "severity", "exceptions", "suppression", "identity"];

    [Theory]
    [MemberData(nameof(Meanings))]
    public void Check_MeaningThatARuleCannotHave_IsRefused(string what)
    {
        var detection = what switch
        {
            "event" => Fit with { Signal = SignalKind.Event },
            "threshold" => Fit with { TriggerThreshold = 3 },
            "severity" => Fit with { SeverityColumn = "Level" },
            "exceptions" => Fit with { Exceptions = [new AlertException([], "anna", "expected", Some.Noon, new SourcePosition("x.exceptions.yaml", 1, 1))] },
            "suppression" => Fit with { SuppressionDuration = TimeSpan.FromHours(1) },
            _ => Fit with { Identity = ["A", "B", "C", "D", "E", "F", "G"] },
        };

        Assert.Single(Check(detection));
    }

    private static List<AlertRuleFault> Check(Detection detection) =>
    [
        .. new AlertRuleLint(Some.EmptyCatalogue with
        {
            Functions =
            [
                new SavedFunction("Audit", "{ union isfuzzy=true AKSAudit, AKSAuditAdmin }", "Audit.kql"),
                new SavedFunction("Plain", "{ T | where TimeGenerated > ago(1d) }", "Plain.kql"),
            ],
        }).Check(detection),
    ];
}
