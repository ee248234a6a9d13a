using System.Collections.Immutable;
using AlertFunctions.Alerting.AlertRules;

namespace AlertFunctions.Testing;

/// <summary>What every store of alert rules does, whatever keeps the rules.</summary>
public abstract class AlertRuleStoreContract
{
    public const string Group = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-alerts";
    public const string Workspace = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-prod";

    public static AlertRuleTarget Target { get; } = new(Group, $"{Group}/providers/Microsoft.Insights/actionGroups/ag-platform");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_NothingThere_IsEmpty() => Assert.Empty(await RulesAsync());

    [Fact]
    public async Task PutAsync_NewRule_IsListedAndMeansTheSame()
    {
        Assert.IsType<RuleWritten>(await Store.PutAsync(Rule(), null, Token));

        var stored = Assert.Single(await RulesAsync());
        Assert.Equal(Rule().Name, stored.Name);
        Assert.StartsWith(Group, stored.Id, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("alertfunctions", stored.Tags[AlertRuleTags.Owner]);
        Assert.Empty(AlertRuleForm.Compare(stored.Properties, Rule().Properties));
        Assert.Equal(stored.Tags[AlertRuleTags.Content], AlertRuleForm.ContentOf(stored.Properties));
    }

    [Fact]
    public async Task PutAsync_RuleOfBefore_ReplacesItAndKeepsOthersTagsAndPlace()
    {
        await Store.PutAsync(Rule(), null, Token);
        var first = Assert.Single(await RulesAsync());
        await Store.PutAsync(Rule(), first with { Tags = first.Tags.Add("cost-center", "42") }, Token);
        var second = Assert.Single(await RulesAsync());

        await Store.PutAsync(Rule("Node gone"), second, Token);

        var third = Assert.Single(await RulesAsync());
        Assert.Equal("42", third.Tags["cost-center"]);
        Assert.Equal(first.Location, third.Location);
        Assert.Equal("displayName", Assert.Single(AlertRuleForm.Compare(third.Properties, Rule().Properties)).Property);
    }

    [Fact]
    public async Task DeleteAsync_Twice_IsGone()
    {
        await Store.PutAsync(Rule(), null, Token);
        var stored = Assert.Single(await RulesAsync());

        Assert.IsType<RuleWritten>(await Store.DeleteAsync(stored, Token));
        Assert.IsType<RuleWritten>(await Store.DeleteAsync(stored, Token));

        Assert.Empty(await RulesAsync());
    }

    protected abstract IAlertRuleStore Store { get; }

    protected static AlertRule Rule(string name = "Node not ready") => new AlertRuleWriter(Some.EmptyCatalogue, Target)
        .Write(Some.Detection("aks/node-not-ready", Alerting.Detections.SignalKind.Condition, "ClusterId", "Node") with { Name = name }, Workspace);

    private async Task<ImmutableArray<StoredAlertRule>> RulesAsync() => Assert.IsType<RulesListed>(await Store.ListAsync(Token)).Rules;
}
