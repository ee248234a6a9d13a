using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Principals;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Kql;
using AlertFunctions.Testing;
using AlertFunctions.Workspace;

namespace AlertFunctions.Detections.Tests;

/// <summary>What Event Grid tells within seconds and the log minutes later is one alert: the detections' own queries run over the log's records here.</summary>
public sealed class EventAndLogTests : IDisposable
{
    private const string Subscription = "/subscriptions/5d1a0000-0000-0000-0000-000000000001";
    private const string Assignment = $"{Subscription}/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments/AAAA0000-0000-0000-0000-000000000001";
    private const string Owner = $"{Subscription}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    private const string Principal = "0B0B0000-0000-0000-0000-00000000000B";
    private const string Cluster = $"{Subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/Shop";

    private readonly ReactionScenario _scenario = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _scenario.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Grant_ByEventAndByLog_IsOneAlert(bool eventFirst)
    {
        var log = await AlertsAsync(ReactionDetections.PrivilegedRoleAssigned, "AzureActivity", Activity("write", "Start", Request()), Activity("write", "Success", "{}"));

        await BothAsync(eventFirst, () => GrantAsync(isDeletion: false), log);

        Assert.Equal("Owner assigned on a resource group by anna@contoso.com", Assert.Single(_scenario.Told).Title);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removal_ByEventAndByLog_IsOneAlert(bool eventFirst)
    {
        await GrantAsync(isDeletion: false);
        await _scenario.DeliverAsync();
        var log = await AlertsAsync(ReactionDetections.PrivilegedRoleRemoved, "AzureActivity", Activity("delete", "Success", Response()));

        await BothAsync(eventFirst, () => GrantAsync(isDeletion: true), log);

        Assert.Single(_scenario.Told, a => a.Detection == ReactionDetections.PrivilegedRoleRemoved);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FailedUpdate_ByEventAndByLog_IsOneAlert(bool eventFirst)
    {
        var log = await AlertsAsync(ReactionDetections.NodePoolUpdateFailed, "AzureActivity", $$"""
            {"TimeGenerated":"2026-03-02T11:50:00Z","OperationNameValue":"MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/AGENTPOOLS/WRITE","ActivityStatusValue":"Failure",
            "Authorization":"{\"scope\":\"{{Cluster}}/agentPools/blue\"}","Properties":"{}","Caller":"anna@contoso.com"}
            """);

        await BothAsync(
            eventFirst,
            () => new ClusterReaction(_scenario.Store, _scenario.Inbox, _scenario.Detections)
                .HandleAsync(new NodePoolRolling(Cluster, Some.Noon, "blue", RollingStage.Failed), Token),
            log);

        Assert.Equal("Update of node pool blue of shop failed", Assert.Single(_scenario.Told).Title);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MissingScan_ByEventAndByLog_IsOneAlert(bool eventFirst)
    {
        var image = new ImageReference("contoso.azurecr.io", "shop/api", "sha256:" + new string('a', 64));
        var log = await AlertsAsync(ReactionDetections.ImagePushedWithoutScan, "ContainerRegistryRepositoryEvents", $$"""
            {"TimeGenerated":"2026-03-02T04:00:00Z","OperationName":"Push","LoginServer":"Contoso.azurecr.io","Repository":"shop/api","Tag":"1.4","Digest":"{{image.Digest}}",
            "MediaType":"application/vnd.oci.image.manifest.v1+json","Identity":"ci-pipeline","CallerIpAddress":"203.0.113.7","ResultDescription":"201"}
            """);
        var workspaces = new WorkspaceQueries(new ScriptedQueryEngine(_ => new QueryAnswer(Some.Table(["Digest"]))), ReactionScenario.Catalogue, []);
        var alerts = new ImageScanAlerts(_scenario.Detections[ReactionDetections.ImagePushedWithoutScan], workspaces);
        var scan = ImageScanLife.Pushed(null, new ImagePushed(image, Some.Noon.AddHours(-8)) { Tag = "1.4" }, new ImageScanOptions());

        await BothAsync(
            eventFirst,
            async () => await _scenario.Inbox.RaiseAsync((await alerts.OverdueAsync([scan], Some.Noon, Token))[0], isEvent: false, Some.Noon, Token),
            log);

        Assert.Equal("contoso.azurecr.io/shop/api:1.4 was pushed and never scanned", Assert.Single(_scenario.Told).Title);
    }

    [Fact]
    public async Task Functions_ThatSayWhoPushedAndWhatRuns_FindItInTheRecords()
    {
        const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        await using var workspace = await WorkspaceAsync(
            ("ContainerRegistryRepositoryEvents", [
                $$"""{"TimeGenerated":"2026-03-02T05:00:00Z","OperationName":"Push","LoginServer":"Contoso.azurecr.io","Repository":"shop/api","Tag":"2","Digest":"{{Digest}}","Identity":"second"}""",
                $$"""{"TimeGenerated":"2026-03-02T04:00:00Z","OperationName":"Push","LoginServer":"Contoso.azurecr.io","Repository":"shop/api","Tag":"1","Digest":"{{Digest}}","Identity":"first","CallerIpAddress":"203.0.113.7"}""",
                $$"""{"TimeGenerated":"2026-03-02T03:00:00Z","OperationName":"Pull","LoginServer":"Contoso.azurecr.io","Repository":"shop/api","Tag":"1","Digest":"{{Digest}}","Identity":"puller"}"""]),
            ("ContainerInventory", [
                $$"""{"TimeGenerated":"2026-03-02T11:00:00Z","ContainerState":"Running","ContainerID":"c1","Computer":"n1","Repository":"contoso.azurecr.io","Image":"shop/other","ImageTag":"9","ImageID":"docker://x@{{Digest}}"}""",
                """{"TimeGenerated":"2026-03-02T11:00:00Z","ContainerState":"Running","ContainerID":"c2","Computer":"n1","Repository":"contoso.azurecr.io","Image":"shop/api","ImageTag":"1","ImageID":""}""",
                """{"TimeGenerated":"2026-03-02T11:00:00Z","ContainerState":"Terminated","ContainerID":"c3","Computer":"n1","Repository":"contoso.azurecr.io","Image":"shop/api","ImageTag":"1"}"""]),
            ("KubePodInventory", ["""{"TimeGenerated":"2026-03-02T11:00:00Z","ContainerID":"c2","ClusterName":"prod","Namespace":"shop","Name":"api-1"}"""]));
        var queries = new WorkspaceQueries(workspace, Corpus.Catalogue, []);

        var pushes = await queries.AskAsync($"ImagePushes(dynamic(['{Digest}']), 2d)", Some.Noon, TimeSpan.FromDays(2), Token);
        var running = await queries.AskAsync($"RunningImages(dynamic(['{Digest}']), dynamic(['contoso.azurecr.io/shop/api:1']), 1d)", Some.Noon, TimeSpan.FromDays(2), Token);

        Assert.Empty(pushes.Faults);
        Assert.Equal(("contoso.azurecr.io", "first", "203.0.113.7"), (pushes.Rows[0]["Registry"], pushes.Rows[0]["PushedBy"], pushes.Rows[0]["CallerIpAddress"]));
        Assert.Empty(running.Faults);
        Assert.Equal(["", "api-1"], running.Rows.Select(r => CellText.Of(r["Pod"])).Order());
    }

    [Fact]
    public async Task Functions_OverAWorkspaceWithoutTheirTables_GiveNoRows()
    {
        await using var workspace = await WorkspaceAsync();
        var queries = new WorkspaceQueries(workspace, Corpus.Catalogue, []);

        var (rows, faults) = await queries.AskAsync("RunningImages(dynamic(['x']), dynamic(['y']), 1d)", Some.Noon, TimeSpan.FromDays(1), Token);

        Assert.Empty(rows);
        Assert.Empty(faults);
    }

    private static string Request() => $$"""
        {\"requestbody\":\"{\\\"Properties\\\":{\\\"PrincipalId\\\":\\\"{{Principal}}\\\",\\\"PrincipalType\\\":\\\"User\\\",\\\"RoleDefinitionId\\\":\\\"{{Owner}}\\\" } }\" }
        """;

    private static string Response() => Request().Replace("requestbody", "responseBody", StringComparison.Ordinal);

    private static string Activity(string operation, string status, string properties) => $$"""
        {"TimeGenerated":"2026-03-02T11:50:00Z","OperationNameValue":"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/{{operation.ToUpperInvariant()}}","ActivityStatusValue":"{{status}}",
        "CorrelationId":"6f1b1a52-3a0b-4a3e-9a52-3a6d6f3c1a11","Caller":"anna@contoso.com","CallerIpAddress":"203.0.113.7","Authorization":"{\"scope\":\"{{Assignment}}\"}","Properties":"{{properties}}"}
        """.ReplaceLineEndings("");

    private Task<RoleAssignmentOutcome> GrantAsync(bool isDeletion)
    {
        var access = new MemoryAccessControl().With(new RoleAssignment(Assignment, "", Owner, Principal, "User"));
        return new RoleAssignmentReaction(access, new MemoryDirectory(), _scenario.Store, _scenario.Inbox, _scenario.Detections)
            .HandleAsync(new RoleAssignmentEvent(Assignment, isDeletion, Some.Noon.AddMinutes(isDeletion ? 1 : 0)) { Caller = "anna@contoso.com" }, Token);
    }

    private async Task BothAsync(bool eventFirst, Func<Task> happen, IReadOnlyList<Alert> log)
    {
        var detection = Assert.Single(log).Detection;
        if (!eventFirst)
        {
            await _scenario.FindAsync(detection, log);
        }

        await happen();
        await _scenario.DeliverAsync();
        _scenario.Time.Advance(TimeSpan.FromMinutes(15));
        await _scenario.FindAsync(detection, log);
    }

    private static async Task<IReadOnlyList<Alert>> AlertsAsync(string id, string table, params string[] records)
    {
        await using var workspace = await WorkspaceAsync((table, [.. records.Select(r => r.ReplaceLineEndings(""))]));
        var detection = Corpus.Detection(id);
        var request = new EvaluationRequest(detection, Some.Noon, new TimeRange(Some.Noon.AddDays(-2), Some.Noon.AddDays(1000)));
        var outcome = await new DetectionEvaluator(workspace, Corpus.Catalogue).EvaluateAsync(request, Token);
        return Assert.IsType<Evaluated>(outcome).Alerts;
    }

    private static async Task<EmbeddedWorkspace> WorkspaceAsync(params (string Table, string[] Records)[] tables)
    {
        var workspace = EmbeddedWorkspace.Open(new WorkspaceOptions
        {
            SchemaFolder = Corpus.SchemaFolder,
            Functions = [.. Corpus.Catalogue.Functions.Select(f => new FunctionSymbol(f.Name, f.Text))],
        });
        var folder = Directory.CreateTempSubdirectory("alertfn-").FullName;
        try
        {
            foreach (var (table, records) in tables)
            {
                await File.WriteAllLinesAsync(Path.Combine(folder, $"{table}.jsonl"), records, Token);
            }

            await workspace.IngestAsync([folder], progress: null, Token);
            return workspace;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
