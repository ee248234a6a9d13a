using System.Text.Json;
using System.Text.Json.Nodes;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.AlertRules;

public sealed class AlertRulePlannerTests
{
    private const string Group = AlertRuleStoreContract.Group;
    private const string Workspace = AlertRuleStoreContract.Workspace;

    private static readonly AlertRuleTarget Target = AlertRuleStoreContract.Target;
    private static readonly Detection Marked = Some.Detection("aks/node", SignalKind.Condition, "Node") with { Delivery = DeliveryKind.AlertRule };

    [Fact]
    public void Plan_MarkedDetection_IsARuleForEachWorkspace()
    {
        var plan = Plan([Marked, Some.Detection("aks/other", SignalKind.Condition)], [], Workspace, Workspace + "-2");

        var rules = plan.Steps.Cast<CreateRule>().Select(step => step.Rule).ToArray();
        Assert.Equal(2, rules.Length);
        Assert.NotEqual(rules[0].Name, rules[1].Name);
        Assert.All(rules, rule => Assert.Matches("^alertfn-aks-node-[0-9a-f]{8}$", rule.Name));
        var form = AlertRuleForm.Of(Rule(Marked).Properties);
        Assert.Equal("A thing (law-prod)", form["displayName"]);
        Assert.Equal("2", form["severity"]);
        Assert.Equal("Node", form["condition.dimensions"]);
        Assert.Equal("PT15M", form["resolve.timeToResolve"]);
        Assert.Equal("PT5M PT1H", $"{form["evaluationFrequency"]} {form["windowSize"]}");
        Assert.Equal("Heartbeat | where TimeGenerated > ago(1h)", form["condition.query"]);
        Assert.Equal("Something is wrong.\n\nLook at it.", form["description"]);
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void Plan_QueryCallsFunctions_CarriesThem()
    {
        var catalogue = Catalogue(Marked with { Query = Marked.Query with { Text = "Beats | where x" } }) with
        {
            Functions = [new SavedFunction("Beats", "{ Heartbeat }", "Beats.kql")],
        };

        var rule = Assert.IsType<CreateRule>(Assert.Single(AlertRulePlanner.Plan(catalogue, [Workspace], Target, []).Steps)).Rule;

        Assert.Equal("let Beats = () { Heartbeat }\n;\nBeats | where x", AlertRuleForm.Of(rule.Properties)["condition.query"]);
    }

    [Fact]
    public void Plan_RuleIsAsItShouldBe_IsKept()
    {
        var plan = Plan([Marked], [Stored(Rule(Marked))]);

        Assert.IsType<KeepRule>(Assert.Single(plan.Steps));
        Assert.False(plan.HasChanges);
    }

    [Fact]
    public void Plan_ServiceDoesNotTellHowItResolves_IsKeptUntilThatChanges()
    {
        var stored = Stored(Rule(Marked), properties => properties.Remove("ruleResolveConfiguration"));

        Assert.IsType<KeepRule>(Assert.Single(Plan([Marked], [stored]).Steps));
        Assert.IsType<UpdateRule>(Assert.Single(Plan([Marked with { ResolveAfter = TimeSpan.FromHours(1) }], [stored]).Steps));
    }

    [Fact]
    public void Plan_DetectionChanged_UpdatesWhatWeWrote()
    {
        var update = Assert.IsType<UpdateRule>(Assert.Single(Plan([Marked with { Severity = Severity.High }], [Stored(Rule(Marked))]).Steps));

        Assert.False(update.ChangedElsewhere);
        Assert.Equal(new AlertRuleDifference("severity", "2", "1"), Assert.Single(update.Differences));
    }

    [Fact]
    public void Plan_SomebodyChangedTheRule_UpdatesAndSaysSo()
    {
        var update = Assert.IsType<UpdateRule>(Assert.Single(Plan([Marked], [Stored(Rule(Marked), properties => properties["enabled"] = false)]).Steps));

        Assert.True(update.ChangedElsewhere);
        Assert.Equal("enabled", Assert.Single(update.Differences).Property);
    }

    [Fact]
    public void Plan_NoLongerMarked_RemovesOnlyOurOwnOfThisGroup()
    {
        var ours = Stored(Rule(Marked));
        var anothers = ours with { Name = "theirs", Tags = ours.Tags.SetItem(AlertRuleTags.Owner, "another-app") };
        var untagged = ours with { Name = "plain", Tags = ours.Tags.Clear() };
        var elsewhere = ours with { Id = ours.Id.Replace("rg-alerts", "rg-alerts-2", StringComparison.Ordinal), Name = "elsewhere" };

        var plan = Plan([], [ours, anothers, untagged, elsewhere]);

        Assert.Equal(ours.Name, Assert.IsType<DeleteRule>(Assert.Single(plan.Steps)).Name);
        Assert.Empty(plan.Refusals);
    }

    [Fact]
    public void Plan_CatalogueHasFaults_RemovesNothing()
    {
        var faulty = Some.EmptyCatalogue with
        {
            Diagnostics = [new CatalogueDiagnostic(new SourcePosition("x.yaml", 1, 1), CatalogueSeverity.Error, CatalogueCodes.Yaml, "Broken.")],
        };

        var plan = AlertRulePlanner.Plan(faulty, [Workspace], Target, [Stored(Rule(Marked))]);

        Assert.Empty(plan.Steps);
        Assert.Contains("catalogue has faults", Assert.Single(plan.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_ForeignRuleHasTheName_IsLeftAlone()
    {
        var plan = Plan([Marked], [Stored(Rule(Marked)) with { Tags = Rule(Marked).Tags.Clear() }]);

        Assert.Empty(plan.Steps);
        Assert.Contains("not ours", Assert.Single(plan.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_DetectionThatCannotBeARule_IsRefusedAndItsRuleRemoved()
    {
        var union = Marked with { Query = Marked.Query with { Text = "union T, U" } };

        var plan = Plan([union], [Stored(Rule(Marked))]);

        Assert.IsType<DeleteRule>(Assert.Single(plan.Steps));
        Assert.Contains("thing.kql:1:1: A rule's query cannot use 'union'.", Assert.Single(plan.Refusals).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000, "PT10M", Workspace, "1000 rules, and the service allows 1000")]
    [InlineData(5000, "PT10M", "/another", "5000 active")]
    [InlineData(100, "PT1M", "/another", "100 rules that run every minute")]
    public void Plan_QuotaIsUsedUp_RefusesWhatIsNewAndKeepsWhatIs(int count, string frequency, string workspace, string reason)
    {
        var everyMinute = Marked with { QueryFrequency = TimeSpan.FromMinutes(1), QueryPeriod = TimeSpan.FromMinutes(5) };
        var example = Stored(Rule(everyMinute), properties =>
        {
            properties["evaluationFrequency"] = frequency;
            properties["scopes"] = new JsonArray(workspace);
        });
        var others = Enumerable.Range(0, count - 1).Select(i => example with { Id = $"/subscriptions/x/resourceGroups/y/{i}", Name = $"r{i}" });
        var kept = Stored(Rule(everyMinute), properties => properties["severity"] = 4);
        var second = everyMinute with { Id = "aks/second" };

        var plan = Plan([everyMinute, second], [.. others, kept]);

        Assert.Equal(kept.Name, Assert.IsType<UpdateRule>(Assert.Single(plan.Steps)).Name);
        var refusal = Assert.Single(plan.Refusals);
        Assert.Contains(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("aks/second", refusal.Subject);
    }

    [Fact]
    public void Plan_RuleTooLong_IsRefused()
    {
        var plan = Plan([Marked with { Query = Marked.Query with { Text = $"T | where x == '{new string('x', 70_000)}'" } }], []);

        Assert.Empty(plan.Steps);
        Assert.Contains("and the service takes 65536", Assert.Single(plan.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_OneRuleRefused_WritesTheOthers()
    {
        var store = new Scripted(name => name.Contains("aks-a", StringComparison.Ordinal) ? new RuleRefused("HTTP 400: no such table") : new RuleWritten());

        var report = await ApplyAsync(store);

        Assert.Equal(["aks/b", "aks/c"], report.Done.Select(step => step.Detection));
        Assert.Equal(["aks/b", "aks/c"], report.Kept.Select(rule => rule.Detection));
        Assert.Equal("HTTP 400: no such table", Assert.Single(report.Failures).Reason);
    }

    [Fact]
    public async Task ApplyAsync_ServiceThrottles_StopsAndTheRestWaits()
    {
        var store = new Scripted(name => name.Contains("aks-b", StringComparison.Ordinal) ? new RuleNotWritten("HTTP 429") : new RuleWritten());

        var report = await ApplyAsync(store);

        Assert.Equal(["aks/a"], report.Done.Select(step => step.Detection));
        Assert.Equal(2, store.Written.Count);
    }

    private static async Task<AlertRuleReport> ApplyAsync(IAlertRuleStore store)
    {
        var sync = new AlertRuleSync(store, Catalogue([.. new[] { "aks/a", "aks/b", "aks/c" }.Select(id => Marked with { Id = id })]), [Workspace], Target);
        var (plan, _) = await sync.PlanAsync(TestContext.Current.CancellationToken);
        return await sync.ApplyAsync(plan!, TestContext.Current.CancellationToken);
    }

    private static AlertRulePlan Plan(Detection[] detections, StoredAlertRule[] stored, params string[] workspaces) =>
        AlertRulePlanner.Plan(Catalogue(detections), workspaces.Length == 0 ? [Workspace] : workspaces, Target, stored);

    private static DetectionCatalogue Catalogue(params Detection[] detections) => Some.EmptyCatalogue with { Detections = [.. detections] };

    private static AlertRule Rule(Detection detection) => new AlertRuleWriter(Some.EmptyCatalogue, Target).Write(detection, Workspace);

    private static StoredAlertRule Stored(AlertRule rule, Action<JsonObject>? change = null) => new()
    {
        Id = $"{Group}/providers/microsoft.insights/scheduledqueryrules/{rule.Name}",
        Name = rule.Name,
        Location = "westeurope",
        Tags = rule.Tags,
        Properties = change is null ? rule.Properties : Change(rule.Properties, change),
    };

    private static JsonElement Change(JsonElement properties, Action<JsonObject> change)
    {
        var node = (JsonObject)JsonNode.Parse(properties.GetRawText())!;
        change(node);
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    private sealed class Scripted(Func<string, AlertRuleWrite> write) : IAlertRuleStore
    {
        public List<string> Written { get; } = [];

        public Task<AlertRuleListing> ListAsync(CancellationToken cancellationToken) => Task.FromResult<AlertRuleListing>(new RulesListed([]));

        public Task<AlertRuleWrite> PutAsync(AlertRule rule, StoredAlertRule? stored, CancellationToken cancellationToken)
        {
            Written.Add(rule.Name);
            return Task.FromResult(write(rule.Name));
        }

        public Task<AlertRuleWrite> DeleteAsync(StoredAlertRule stored, CancellationToken cancellationToken) => Task.FromResult(write(stored.Name));
    }
}
