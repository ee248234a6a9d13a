using System.Text.Json;
using AlertFunctions.Alerting.AlertRules;

namespace AlertFunctions.Alerting.Tests.AlertRules;

public sealed class AlertRuleFormTests
{
    private const string Sent = """
        {"displayName":"Node not ready","description":"a\nb","severity":1,"enabled":true,"scopes":["/subscriptions/S/workspaces/Law"],
         "evaluationFrequency":"PT5M","windowSize":"PT1H","autoMitigate":true,"ruleResolveConfiguration":{"autoResolved":true,"timeToResolve":"PT10M"},
         "criteria":{"allOf":[{"query":"T\n| where x","timeAggregation":"Count","operator":"GreaterThan","threshold":0,
           "dimensions":[{"name":"B","operator":"Include","values":["*"]},{"name":"A","operator":"Include","values":["*"]}],
           "failingPeriods":{"numberOfEvaluationPeriods":1,"minFailingPeriodsToAlert":1}}]},
         "actions":{"actionGroups":["/subscriptions/S/actionGroups/Ag"],"customProperties":{"detection":"a/b"}}}
        """;

    [Theory]
    [InlineData("\"PT5M\"", "\"PT300S\"", "a duration in other units")]
    [InlineData("\"PT1H\"", "\"PT60M\"", "a duration in other units")]
    [InlineData("/subscriptions/S/workspaces/Law", "/subscriptions/s/workspaces/law", "a resource id in lower case")]
    [InlineData("\"threshold\":0,", "\"threshold\":0.0,\"metricMeasureColumn\":null,\"criterionType\":\"StaticThresholdCriterion\",", "defaults filled in")]
    [InlineData("\"enabled\":true,", "", "a default left out")]
    [InlineData("\"autoMitigate\":true,", "\"muteActionsDuration\":\"PT0S\",", "defaults exchanged")]
    [InlineData("\"failingPeriods\":{\"numberOfEvaluationPeriods\":1,\"minFailingPeriodsToAlert\":1}", "\"failingPeriods\":null", "a default left out")]
    [InlineData("\"displayName\"", "\"createdWithApiVersion\":\"2023-12-01\",\"isLegacyLogAnalyticsRule\":false,\"etag\":\"x\",\"DisplayName\"", "what the service reports, and another case")]
    [InlineData("\"severity\"", "\"targetResourceTypes\":[\"Microsoft.OperationalInsights/workspaces\"],\"severity\"", "the type of the scope")]
    [InlineData("a\\nb", "a\\r\\nb", "other line ends")]
    [InlineData("| where x\"", "| where x\\n\"", "a line end at the end")]
    [InlineData("\"ruleResolveConfiguration\":{\"autoResolved\":true,", "\"resolveConfiguration\":{", "a later version's name, and a default left out")]
    [InlineData("\"PT10M\"", "\"PT600S\"", "a duration in other units")]
    public void Compare_SameRuleInOtherWords_FindsNoDifference(string part, string other, string why)
    {
        Assert.Contains(part, Sent, StringComparison.Ordinal);

        var stored = Parse(Sent.Replace(part, other, StringComparison.Ordinal));

        Assert.True(AlertRuleForm.Compare(stored, Parse(Sent)).IsEmpty, why);
        Assert.Equal(AlertRuleForm.ContentOf(Parse(Sent)), AlertRuleForm.ContentOf(stored));
    }

    [Theory]
    [InlineData("\"severity\":1", "\"severity\":2", "severity: 2 → 1")]
    [InlineData("\"enabled\":true", "\"enabled\":false", "enabled: false → ")]
    [InlineData("\"PT5M\"", "\"PT10M\"", "evaluationFrequency: PT10M → PT5M")]
    [InlineData("| where x", "| where y", "condition.query: T\n| where y → T\n| where x")]
    [InlineData("\"threshold\":0", "\"threshold\":3", "condition.threshold: 3 → 0")]
    [InlineData("\"name\":\"B\",\"operator\":\"Include\",\"values\":[\"*\"]", "\"name\":\"B\",\"operator\":\"Exclude\",\"values\":[\"x\"]", "condition.dimensions: A, B not in (x) → A, B")]
    [InlineData("\"autoMitigate\":true", "\"muteActionsDuration\":\"PT30M\"", "muteActionsDuration: PT30M → ")]
    [InlineData("\"PT10M\"", "\"PT30M\"", "resolve.timeToResolve: PT30M → PT10M")]
    [InlineData("{\"autoResolved\":true,", "{\"autoResolved\":false,", "resolve.autoResolved: false → ")]
    [InlineData("{\"detection\":\"a/b\"}", "{\"detection\":\"a/b\",\"team\":\"x\"}", "actions.customProperties.team: x → ")]
    [InlineData("actionGroups/Ag", "actionGroups/Other", "actions.actionGroups: /subscriptions/s/actiongroups/other → /subscriptions/s/actiongroups/ag")]
    [InlineData("\"numberOfEvaluationPeriods\":1", "\"numberOfEvaluationPeriods\":2", "condition.failingPeriods.numberOfEvaluationPeriods: 2 → ")]
    public void Compare_SomebodyChangedIt_SaysWhat(string part, string other, string expected)
    {
        Assert.Contains(part, Sent, StringComparison.Ordinal);

        var difference = Assert.Single(AlertRuleForm.Compare(Parse(Sent.Replace(part, other, StringComparison.Ordinal)), Parse(Sent)));

        Assert.Equal(expected, $"{difference.Property}: {difference.Before} → {difference.After}");
    }

    [Fact]
    public void Compare_SecondCondition_IsADifference()
    {
        var stored = Parse(Sent.Replace("\"allOf\":[", "\"allOf\":[{\"query\":\"U\"},", StringComparison.Ordinal));

        Assert.Contains(AlertRuleForm.Compare(stored, Parse(Sent)), difference => difference.Property == "condition2.query");
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
