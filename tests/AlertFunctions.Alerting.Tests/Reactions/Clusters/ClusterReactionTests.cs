using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Reactions.Clusters;

public sealed class ClusterReactionTests : IDisposable
{
    private const string Cluster = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/Shop";

    private readonly ReactionScenario _scenario = new();
    private readonly ClusterReaction _reaction;

    public ClusterReactionTests() => _reaction = new ClusterReaction(_scenario.Store, _scenario.Inbox, _scenario.Detections);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Support_EndingThenEnded_IsOneAlertThatBecomesWorse()
    {
        await HandleAsync(new SupportEnds(Cluster, At(0), "1.31.2", HasEnded: false));
        await HandleAsync(new SupportEnds(Cluster, At(0), "1.31.2", HasEnded: false));
        _scenario.Time.Advance(TimeSpan.FromDays(30));
        await HandleAsync(new SupportEnds(Cluster, Some.Noon.AddDays(30), "1.31.2", HasEnded: true));

        Assert.Equal(
            [("Support of Kubernetes 1.31.2 ends soon on shop", Severity.Medium), ("Support of Kubernetes 1.31.2 has ended on shop", Severity.High)],
            _scenario.Told.Select(a => (a.Title, a.Severity)));
        Assert.Single(_scenario.Told.Select(a => a.Fingerprint).Distinct());
    }

    [Fact]
    public async Task NewVersion_IsToldOnceForWhatItSays()
    {
        await HandleAsync(new VersionAvailable(Cluster, At(0), "1.34.1", "1.33.5", "1.35.0", "1.32.0"));
        await HandleAsync(new VersionAvailable(Cluster, At(3), "1.34.1", "1.33.5", "1.35.0", "1.32.0"));

        Assert.Equal((Severity.Informational, "Kubernetes 1.34.1 is available for shop"), (Assert.Single(_scenario.Told).Severity, _scenario.Told[0].Title));
    }

    [Fact]
    public async Task Rolling_FiresWhileItLastsAndResolves()
    {
        await HandleAsync(Rolling(0, RollingStage.Started));
        await HandleAsync(Rolling(9, RollingStage.Succeeded));

        Assert.Equal([AlertState.Firing, AlertState.Resolved], _scenario.Told.Select(a => a.State));
        Assert.Equal("Node pool blue of Shop has been rolled.", _scenario.Told[1].Description);
    }

    [Fact]
    public async Task Rolling_StartToldAfterItsEnd_DoesNotBeginAnew()
    {
        await HandleAsync(Rolling(9, RollingStage.Succeeded));
        await HandleAsync(Rolling(0, RollingStage.Started));

        Assert.Empty(_scenario.Told);
    }

    [Fact]
    public async Task Rolling_WhoseEndIsNeverTold_EndsAfterHalfADay()
    {
        await HandleAsync(Rolling(0, RollingStage.Started));

        _scenario.Time.Advance(TimeSpan.FromHours(13));
        await _scenario.DeliverAsync();

        Assert.Equal(AlertState.Resolved, _scenario.Told[^1].State);
    }

    [Fact]
    public async Task Rolling_ThatFails_ResolvesAndAlertsOnceForEventAndLog()
    {
        await HandleAsync(Rolling(0, RollingStage.Started));
        await HandleAsync(Rolling(9, RollingStage.Failed));
        _scenario.Time.Advance(TimeSpan.FromMinutes(20));

        await _scenario.FindAsync(ReactionDetections.NodePoolUpdateFailed, [Some.Alert(detection: ReactionDetections.NodePoolUpdateFailed) with
        {
            Fingerprint = Fingerprint.Of(ReactionDetections.NodePoolUpdateFailed, [new("ClusterId", Cluster.ToLowerInvariant()), new("NodePool", "blue")]),
        }]);

        var failed = Assert.Single(_scenario.Told, a => a.Detection == ReactionDetections.NodePoolUpdateFailed);
        Assert.Equal("Update of node pool blue of shop failed", failed.Title);
    }

    [Fact]
    public async Task Maintenance_IsScheduledStartedAndDone()
    {
        await HandleAsync(Maintenance(0, MaintenanceStage.Scheduled));
        await HandleAsync(Maintenance(1, MaintenanceStage.Started));
        await HandleAsync(Maintenance(2, MaintenanceStage.Completed));

        Assert.Equal([AlertState.Firing, AlertState.Resolved], _scenario.Told.Select(a => a.State));
        Assert.Contains("Start to upgrade security vhd (AutoUpgrader), scheduled for 2026-03-02 14:00Z.", _scenario.Told[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maintenance_ThatFails_IsWorse()
    {
        await HandleAsync(Maintenance(0, MaintenanceStage.Started));
        await HandleAsync(Maintenance(1, MaintenanceStage.Failed));

        Assert.Equal([Severity.Informational, Severity.High], _scenario.Told.Select(a => a.Severity));
        Assert.Equal("Maintenance of shop failed", _scenario.Told[1].Title);
    }

    [Fact]
    public async Task Alert_ThatOnlyAnEventRaised_IsForgottenWhenItCanBeMetNoMore()
    {
        await HandleAsync(Rolling(0, RollingStage.Started));
        await HandleAsync(Rolling(9, RollingStage.Failed));
        Assert.Equal(2, _scenario.Book.Entries.Count);

        _scenario.Time.Advance(TimeSpan.FromDays(6));
        await _scenario.DeliverAsync();
        Assert.Equal(2, _scenario.Book.Entries.Count);

        _scenario.Time.Advance(TimeSpan.FromDays(2));
        await _scenario.DeliverAsync();
        Assert.Empty(_scenario.Book.Entries);
    }

    private static NodePoolRolling Rolling(int minute, RollingStage stage) => new(Cluster, At(minute), "blue", stage);

    private static Maintenance Maintenance(int minute, MaintenanceStage stage) => new(Cluster, At(minute), "m-1", stage)
    {
        Details = "Start to upgrade security vhd",
        Origin = "AutoUpgrader",
        ScheduledFor = Some.Noon.AddHours(2),
    };

    private static DateTimeOffset At(int minute) => Some.Noon.AddMinutes(minute);

    private async Task HandleAsync(ClusterEvent happened)
    {
        if (happened.At > _scenario.Time.GetUtcNow())
        {
            _scenario.Time.SetUtcNow(happened.At);
        }

        await _reaction.HandleAsync(happened, TestContext.Current.CancellationToken);
        await _scenario.DeliverAsync();
    }
}
