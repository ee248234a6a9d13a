using System.Collections.Immutable;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Pipeline;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.AlertRules;

/// <summary>A detection marked for a rule is watched by Azure Monitor or by the app, at every time by one of them.</summary>
public sealed class KeptRulesTests
{
    private static readonly Detection Marked = Some.Detection("aks/node", SignalKind.Condition, "Node") with { Delivery = DeliveryKind.AlertRule };
    private static readonly Detection Second = Marked with { Id = "aks/node-second" };
    private static readonly Detection Other = Some.Detection("aks/other", SignalKind.Condition);
    private static readonly DetectionCatalogue Catalogue = Some.EmptyCatalogue with { Detections = [Marked, Second, Other] };
    private static readonly ImmutableArray<MonitoredWorkspace> Workspaces =
    [
        new("law-prod", AlertRuleStoreContract.Workspace, AlertRuleStoreContract.Workspace),
        new("law-dev", $"{AlertRuleStoreContract.Workspace}-dev", $"{AlertRuleStoreContract.Workspace}-dev"),
    ];

    private readonly MemoryStateStore _store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BeforeTheFirstSync_TheAppEvaluatesAll() =>
        Assert.Equal(6, (await DueAsync()).Length);

    [Fact]
    public async Task RuleOverOneOfTwoWorkspaces_LeavesTheOtherToTheAppAndSaysWhy()
    {
        var dev = Rule(Marked, Workspaces[1]);
        await RecordAsync([Rule(Marked, Workspaces[0]), Rule(Second, Workspaces[0]), Rule(Second, Workspaces[1])], new AlertRuleRefusal(dev.Name, "HTTP 400: no such table"));

        Assert.Equal(["aks/node law-dev", "aks/other law-dev", "aks/other law-prod"], (await DueAsync()).Order(StringComparer.Ordinal));
        var alert = Assert.Single(await AlertsAsync(OwnDetections.RuleNotKept.Id));
        Assert.Equal(("aks/node", AlertState.Firing), (alert.Labels["Detection"], alert.State));
        Assert.EndsWith("until it is. HTTP 400: no such table", alert.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuotaIsUsedUp_IsEvaluatedUntilThereIsRoom()
    {
        await RecordAsync([.. Workspaces.Select(w => Rule(Second, w))], new AlertRuleRefusal(Marked.Id, "The subscription has 5000 active log search alert rules."));

        Assert.Contains("aks/node law-prod", await DueAsync());
        Assert.EndsWith("5000 active log search alert rules.", Assert.Single(await AlertsAsync(OwnDetections.RuleNotKept.Id)).Description, StringComparison.Ordinal);

        await RecordAsync([.. Workspaces.SelectMany(w => new[] { Rule(Marked, w), Rule(Second, w) })]);

        Assert.DoesNotContain("aks/node law-prod", await DueAsync());
        Assert.Equal(AlertState.Resolved, Assert.Single(await AlertsAsync(OwnDetections.RuleNotKept.Id)).State);
    }

    [Fact]
    public async Task RulesCannotBeRead_TheLastSyncCounts()
    {
        await RecordAsync([Rule(Marked, Workspaces[0]), Rule(Marked, Workspaces[1])]);

        await new KeptRules(_store).RecordAsync(null, [new AlertRuleRefusal("rg", "HTTP 403")], Catalogue, Workspaces, Some.Noon.AddMinutes(10), Token);

        Assert.DoesNotContain(await DueAsync(), due => due.StartsWith("aks/node ", StringComparison.Ordinal));
        Assert.Equal("aks/node-second", Assert.Single(await AlertsAsync(OwnDetections.RuleNotKept.Id)).Labels["Detection"]);
        var rules = new KeptRules(_store);
        await rules.LoadAsync(Token);
        Assert.Equal((2, KeyValuePair.Create("aks/node-second", "HTTP 403")), (rules.Count, Assert.Single(rules.NotKept)));
    }

    [Fact]
    public async Task BecomesARule_TheAppsOwnAlertOfItIsOver()
    {
        using (var book = new AlertBook(_store))
        {
            await book.LoadAsync(Token);
            foreach (var workspace in Workspaces)
            {
                var found = Some.Alert(workspace.Name, Marked.Id, Severity.Medium, $"{LabelNames.Workspace}={workspace.Name}");
                book.Set(AlertLife.Found(null, found, Marked, Some.Noon, Some.Noon, Some.Noon));
            }

            await book.FlushAsync(Token);
        }

        await RecordAsync([Rule(Marked, Workspaces[0])]);

        var alerts = (await AlertsAsync(Marked.Id)).ToDictionary(record => record.Labels[LabelNames.Workspace], StringComparer.Ordinal);
        Assert.Equal((AlertState.Resolved, AlertState.Firing), (alerts["law-prod"].State, alerts["law-dev"].State));
        Assert.Contains("Azure Monitor", alerts["law-prod"].Description, StringComparison.Ordinal);
    }

    private Task RecordAsync(AlertRule[] kept, params AlertRuleRefusal[] failures) =>
        new KeptRules(_store).RecordAsync(kept, failures, Catalogue, Workspaces, Some.Noon, Token);

    /// <summary>What the app would evaluate now, as <c>detection workspace</c>.</summary>
    private async Task<string[]> DueAsync()
    {
        using var book = new AlertBook(_store);
        var runner = new DetectionRunner(
            new DetectionEvaluator(new ScriptedQueryEngine(_ => throw new InvalidOperationException("Nothing is asked.")), Catalogue),
            Catalogue.Detections,
            book,
            new MarkBook(_store),
            QueryBudget.Unlimited(),
            new RunnerOptions { Workspaces = Workspaces, KeptRules = new KeptRules(_store) });
        return [.. (await runner.PlanAsync(Some.Noon.AddHours(1), Token)).Select(due => $"{due.Detection.Id} {due.Workspace?.Name}")];
    }

    private async Task<IReadOnlyList<AlertRecord>> AlertsAsync(string detection)
    {
        using var book = new AlertBook(_store, [detection]);
        await book.LoadAsync(Token);
        return [.. book.Entries.Select(entry => entry.Record)];
    }

    // The service spells ids of resources as it likes.
    private static AlertRule Rule(Detection detection, MonitoredWorkspace workspace) =>
        new AlertRuleWriter(Some.EmptyCatalogue, AlertRuleStoreContract.Target).Write(detection, workspace.Id) with { Workspace = workspace.Id.ToUpperInvariant() };
}
