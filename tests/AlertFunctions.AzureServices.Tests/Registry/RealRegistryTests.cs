using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.AzureServices.Registry;
using AlertFunctions.Testing;

namespace AlertFunctions.AzureServices.Tests.Registry;

/// <summary>From a push to a real registry, told by its own notifications, to the card or to silence.</summary>
public sealed class RealRegistryTests : IAsyncLifetime
{
    private const string Sarif = """
        {"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy","rules":[{"id":"CVE-2024-1","properties":{"security-severity":"5.3"}}]}},"results":[{"ruleId":"CVE-2024-1"}]}]}
        """;

    private readonly ReactionScenario _scenario = new();
    private OciRegistry? _registry;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await OciRegistry.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        _scenario.Dispose();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task PushedAndScanned_IsQuiet()
    {
        var digest = await _registry!.PushImageAsync("shop/api", "1.4", "scanned");
        await _registry.AttachAsync("shop/api", digest, "application/sarif+json", Sarif);
        await HandleAsync(awaited: 3);

        await RunAsync(TimeSpan.FromHours(8));

        Assert.Empty(_scenario.Told);
        Assert.Equal(ImageScanState.Scanned, Assert.Single(await ScansAsync()).State);
    }

    [Fact]
    public async Task PushedAndSignedOnly_AlertsAfterTheDeadline()
    {
        var digest = await _registry!.PushImageAsync("shop/api", "1.4", "signed");
        await _registry.AttachAsync("shop/api", digest, "application/vnd.cncf.notary.signature", "{}");
        await HandleAsync(awaited: 3);

        await RunAsync(TimeSpan.FromHours(5));
        Assert.Empty(_scenario.Told);
        await RunAsync(TimeSpan.FromHours(2));

        var alert = Assert.Single(_scenario.Told);
        Assert.Contains("a signature is there, which proves no scan", alert.Description, StringComparison.Ordinal);
        Assert.Equal(digest, alert.Labels["Digest"]);
    }

    [Fact]
    public async Task TagMoved_IsOnePendingADigest()
    {
        var first = await _registry!.PushImageAsync("shop/api", "1.4", "first");
        var second = await _registry.PushImageAsync("shop/api", "1.4", "second");
        await HandleAsync(awaited: 2);

        Assert.Equal(new[] { first, second }.Order(), (await ScansAsync()).Select(s => s.Image.Digest).Order());
    }

    [Fact]
    public async Task IndexOfTwoPlatforms_IsOnePending_AndScannedWhenBothAre()
    {
        var amd = await _registry!.PushImageAsync("shop/api", null, "amd64");
        var arm = await _registry.PushImageAsync("shop/api", null, "arm64");
        var index = await _registry.PushIndexAsync("shop/api", "1.4", amd, arm);
        await _registry.AttachAsync("shop/api", amd, "application/sarif+json", Sarif);
        await HandleAsync(awaited: 5);
        Assert.Equal(index, Assert.Single(await ScansAsync()).Image.Digest);

        await RunAsync(TimeSpan.FromHours(7));
        Assert.Contains("1 of 2 platforms have one", Assert.Single(_scenario.Told).Description, StringComparison.Ordinal);

        await _registry.AttachAsync("shop/api", arm, "application/sarif+json", Sarif);
        await RunAsync(TimeSpan.FromHours(2));
        Assert.Equal(AlertState.Resolved, _scenario.Told[^1].State);
    }

    [Fact]
    public async Task DeletedBeforeTheDeadline_IsQuiet()
    {
        var digest = await _registry!.PushImageAsync("shop/api", "1.4", "deleted");
        await HandleAsync(awaited: 1);
        await RunAsync(TimeSpan.FromHours(1));

        await _registry.DeleteAsync("shop/api", digest);
        await HandleAsync(awaited: 1);
        await RunAsync(TimeSpan.FromHours(8));

        Assert.Empty(_scenario.Told);
    }

    [Fact]
    public async Task DeletedAndNeverTold_IsQuiet()
    {
        var digest = await _registry!.PushImageAsync("shop/api", "1.4", "gone");
        await HandleAsync(awaited: 1);

        await _registry.DeleteAsync("shop/api", digest);
        await RunAsync(TimeSpan.FromHours(8));

        Assert.Empty(_scenario.Told);
    }

    [Fact]
    public async Task HelmChart_TaggedLikeAnImage_IsToldApartByItsConfiguration()
    {
        await _registry!.PushChartAsync("charts/shop", "1.0.0");
        await HandleAsync(awaited: 1);

        await RunAsync(TimeSpan.FromHours(8));

        Assert.Empty(_scenario.Told);
        Assert.Equal(ImageScanState.NotAnImage, Assert.Single(await ScansAsync()).State);
    }

    private ImageScanStore Scans => new(_scenario.Store);

    private async Task HandleAsync(int awaited)
    {
        var events = new RegistryEvents(".azurecr.io", _scenario.Time).Read(await _registry!.EventsAsync(awaited, Token));
        Assert.Empty(events.Faults);
        await new RegistryReaction(Scans, new ImageScanOptions(), _scenario.Time).HandleAsync(events.Events, Token);
    }

    private async Task RunAsync(TimeSpan duration)
    {
        var options = new RegistryOptions { Names = [], AllowLoopback = true };
        var engine = new ScriptedQueryEngine(_ => new QueryTableNotFound("no such table"));
        var workspaces = new WorkspaceQueries(engine, ReactionScenario.Catalogue, []);
        var alerts = new ImageScanAlerts(_scenario.Detections[ReactionDetections.ImagePushedWithoutScan], workspaces);
        var verifier = new ImageScanVerifier(
            Scans,
            [new ReferrersEvidence(new RegistryClient(options, new NoCredential(), TimeProvider.System), options), new WorkspaceEvidence(workspaces)],
            alerts,
            new ImageScanCandidates(new DetectionEvaluator(engine, ReactionScenario.Catalogue), alerts, workspaces, Scans, _scenario.Store, new ImageScanOptions()),
            _scenario.Inbox,
            new ImageScanOptions());
        for (var end = _scenario.Time.GetUtcNow() + duration; _scenario.Time.GetUtcNow() < end;)
        {
            _scenario.Time.Advance(TimeSpan.FromMinutes(15));
            await verifier.VerifyAsync(_scenario.Time.GetUtcNow(), Token);
            await _scenario.DeliverAsync();
        }
    }

    private async Task<List<ImageScan>> ScansAsync()
    {
        var all = new List<ImageScan>();
        await foreach (var scan in Scans.ReadRegistryAsync(_registry!.Host, Token))
        {
            all.Add(scan);
        }

        return all;
    }
}
