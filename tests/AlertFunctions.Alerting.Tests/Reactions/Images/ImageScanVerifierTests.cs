using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Reactions.Images;

public sealed class ImageScanVerifierTests : IDisposable
{
    private readonly ReactionScenario _scenario = new();
    private readonly ScriptedEvidence _registry = new("the registry");
    private readonly ScriptedEvidence _graph = new("Resource Graph");
    private readonly ImageScanOptions _options = new();
    private readonly ImageScanStore _scans;
    private readonly RegistryReaction _reaction;

    public ImageScanVerifierTests()
    {
        _scans = new ImageScanStore(_scenario.Store);
        _reaction = new RegistryReaction(_scans, _options, _scenario.Time);
    }

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Deadline_WithoutEvidence_AlertsOnceAndSaysWhereItLooked()
    {
        await PushAsync(SomeImage.Push() with { PushedBy = "ci-pipeline", CallerIpAddress = "203.0.113.7" });
        await RunUntilAsync(TimeSpan.FromHours(5.9));
        Assert.Empty(_scenario.Told);

        await RunUntilAsync(TimeSpan.FromHours(7));

        var alert = Assert.Single(_scenario.Told);
        Assert.Equal(ReactionDetections.ImagePushedWithoutScan, alert.Detection);
        Assert.Equal("contoso.azurecr.io/shop/api:1.4 was pushed and never scanned", alert.Title);
        Assert.Contains("ci-pipeline (203.0.113.7) pushed", alert.Description, StringComparison.Ordinal);
        Assert.Contains("the registry at 18:00Z (nothing there); Resource Graph at 18:00Z (nothing there)", alert.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looks_ComeAtGrowingIntervalsAndAtTheDeadline()
    {
        await PushAsync(SomeImage.Push());

        await RunUntilAsync(TimeSpan.FromHours(12));

        Assert.Equal([10, 20, 40, 80, 160, 320, 360, 370, 380, 400, 440, 520, 680], _registry.AskedAt.Select(t => (int)(t - Some.Noon).TotalMinutes));
    }

    [Fact]
    public async Task Evidence_BeforeTheDeadline_IsQuietAndEndsTheLooking()
    {
        await PushAsync(SomeImage.Push());
        _registry.Answer = now => now >= Some.Noon.AddHours(2) ? EvidenceVerdict.Scanned : EvidenceVerdict.Absent;

        await RunUntilAsync(TimeSpan.FromDays(2));

        Assert.Empty(_scenario.Told);
        Assert.Equal(5, _registry.AskedAt.Count);
        // What one source decides no other is asked about.
        Assert.Equal(4, _graph.AskedAt.Count);
    }

    [Fact]
    public async Task Evidence_AfterTheAlert_ResolvesIt()
    {
        await PushAsync(SomeImage.Push());
        _graph.Answer = now => now >= Some.Noon.AddHours(8) ? EvidenceVerdict.Scanned : EvidenceVerdict.Absent;

        await RunUntilAsync(TimeSpan.FromHours(12));

        Assert.Equal([AlertState.Firing, AlertState.Resolved], _scenario.Told.Select(a => a.State));
        Assert.Contains("has been scanned: Resource Graph", _scenario.Told[^1].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletion_AfterTheAlert_ResolvesIt()
    {
        await PushAsync(SomeImage.Push());
        await RunUntilAsync(TimeSpan.FromHours(7));

        await PushAsync(SomeImage.Deletion(after: TimeSpan.FromHours(7)));
        await RunUntilAsync(TimeSpan.FromHours(7.2));

        Assert.Equal(AlertState.Resolved, _scenario.Told[^1].State);
        Assert.Contains("no longer in the registry", _scenario.Told[^1].Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EvidenceVerdict.Gone)]
    [InlineData(EvidenceVerdict.NotAnImage)]
    public async Task Registry_ThatKnowsNoSuchImage_EndsItQuietly(EvidenceVerdict verdict)
    {
        await PushAsync(SomeImage.Push());
        _registry.Answer = _ => verdict;

        await RunUntilAsync(TimeSpan.FromHours(12));

        Assert.Empty(_scenario.Told);
        Assert.Single(_registry.AskedAt);
    }

    [Fact]
    public async Task SevereFindings_RaiseAnAlertOfTheirOwn()
    {
        await PushAsync(SomeImage.Push());
        _registry.Answer = _ => EvidenceVerdict.Scanned;
        _registry.Findings = new ScanFindings(2, 5);

        await RunUntilAsync(TimeSpan.FromHours(1));

        var alert = Assert.Single(_scenario.Told);
        Assert.Equal(("acr/image-vulnerable", Severity.High), (alert.Detection, alert.Severity));
        Assert.Equal("contoso.azurecr.io/shop/api:1.4 has 2 critical and 5 high vulnerabilities", alert.Title);
    }

    [Fact]
    public async Task Deadline_WithASourceOutOfOrder_WaitsAnHourForItAndSaysSo()
    {
        await PushAsync(SomeImage.Push());
        _graph.Answer = _ => EvidenceVerdict.Unknown;
        _graph.IsTransient = true;

        await RunUntilAsync(TimeSpan.FromHours(6.9));
        Assert.Empty(_scenario.Told);

        await RunUntilAsync(TimeSpan.FromHours(7.2));
        Assert.Contains("Resource Graph at 19:00Z (could not be asked: nothing there)", Assert.Single(_scenario.Told).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventAndLog_InEitherOrder_GiveOneAlert()
    {
        await PushAsync(SomeImage.Push());
        await RunUntilAsync(TimeSpan.FromHours(6.1));
        var first = Assert.Single(_scenario.Told);

        await _scenario.FindAsync(ReactionDetections.ImagePushedWithoutScan, [FromLog()]);

        Assert.Equal(first.Fingerprint, FromLog().Fingerprint);
        Assert.Single(_scenario.Told);
    }

    [Fact]
    public async Task Candidate_WhoseEventWasLost_IsLookedForAndAlertsWithinTheDetectionsInterval()
    {
        _candidates = Some.Table(
            ["TimeGenerated:datetime", "Registry", "Repository", "Digest", "PushedBy"],
            [Some.Noon.AddHours(-7), "contoso.azurecr.io", "shop/lost", SomeImage.Reference('f').Digest, "ci-pipeline"]);

        await RunUntilAsync(TimeSpan.FromMinutes(35));

        Assert.Contains("shop/lost was pushed and never scanned", Assert.Single(_scenario.Told).Title, StringComparison.Ordinal);
        Assert.Single(_registry.AskedAt, t => t == Some.Noon);
    }

    [Fact]
    public async Task Candidate_ThatTheRegistryHasEvidenceOf_IsQuiet()
    {
        _candidates = Some.Table(
            ["TimeGenerated:datetime", "Registry", "Repository", "Digest"],
            [Some.Noon.AddHours(-7), "contoso.azurecr.io", "shop/lost", SomeImage.Reference('f').Digest]);
        _registry.Answer = _ => EvidenceVerdict.Scanned;

        await RunUntilAsync(TimeSpan.FromHours(2));

        Assert.Empty(_scenario.Told);
        Assert.Single(_registry.AskedAt);
    }

    [Fact]
    public async Task Context_OfTheWorkspace_SaysWhoPushedAndWhereItRuns()
    {
        _pushes = Some.Table(
            ["Registry", "Repository", "Digest", "PushedBy", "CallerIpAddress", "UserAgent"],
            ["contoso.azurecr.io", "shop/api", SomeImage.Reference().Digest, "anna@contoso.com", "198.51.100.4", "docker/27.0"]);
        _running = Some.Table(
            ["ImageId", "ImageName", "Cluster", "Namespace", "Pod", "Computer"],
            [SomeImage.Reference().Digest, "", "prod", "shop", "api-1", "node-1"],
            ["", "contoso.azurecr.io/shop/api:1.4", "prod", "shop", "api-2", "node-2"],
            ["", "contoso.azurecr.io/shop/other:1.4", "prod", "shop", "other-1", "node-2"]);
        await PushAsync(SomeImage.Push());

        await RunUntilAsync(TimeSpan.FromHours(6.1));

        var description = Assert.Single(_scenario.Told).Description;
        Assert.Contains("anna@contoso.com (198.51.100.4) pushed", description, StringComparison.Ordinal);
        Assert.Contains("Runs in: prod: shop/api-1, prod: shop/api-2.", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_Names_ReachQueriesOnlyAsLiterals()
    {
        const string Hostile = "a'; ContainerInventory | take 1 //\n<b>[x](http://e)";
        await PushAsync(SomeImage.Push(tag: Hostile, repository: Hostile));

        await RunUntilAsync(TimeSpan.FromHours(6.1));

        Assert.Single(_scenario.Told);
        var literal = KqlLiteral.Strings([$"contoso.azurecr.io/{Hostile}:{Hostile}"]);
        Assert.Contains(_queries, q => q.Contains(literal, StringComparison.Ordinal));
        Assert.DoesNotContain(_queries, q => q.Replace(literal, "", StringComparison.Ordinal).Contains("take 1 //", StringComparison.Ordinal));
    }

    private readonly List<string> _queries = [];
    private QueryTable _candidates = Some.Table(["TimeGenerated:datetime", "Registry", "Repository", "Digest"]);
    private QueryTable _pushes = Some.Table(["Digest"]);
    private QueryTable _running = Some.Table(["ImageId"]);

    private Task<RegistryReceipt> PushAsync(params RegistryEvent[] events) => _reaction.HandleAsync(events, TestContext.Current.CancellationToken);

    /// <summary>Runs the timer every five minutes until so long after noon.</summary>
    private async Task RunUntilAsync(TimeSpan until)
    {
        var engine = new ScriptedQueryEngine(request =>
        {
            _queries.Add(request.Query);
            return new QueryAnswer(request.Query.TrimStart() switch
            {
                var text when text.Contains("ImagePushes(dynamic", StringComparison.Ordinal) => _pushes,
                var text when text.Contains("RunningImages(dynamic", StringComparison.Ordinal) => _running,
                _ => _candidates,
            });
        });
        var workspaces = new WorkspaceQueries(engine, ReactionScenario.Catalogue, []);
        var alerts = new ImageScanAlerts(_scenario.Detections[ReactionDetections.ImagePushedWithoutScan], workspaces);
        var candidates = new ImageScanCandidates(
            new DetectionEvaluator(engine, ReactionScenario.Catalogue), alerts, workspaces, _scans, _scenario.Store, _options);
        var verifier = new ImageScanVerifier(_scans, [_registry, _graph], alerts, candidates, _scenario.Inbox, _options);
        for (; _scenario.Time.GetUtcNow() <= Some.Noon + until; _scenario.Time.Advance(TimeSpan.FromMinutes(5)))
        {
            await verifier.VerifyAsync(_scenario.Time.GetUtcNow(), TestContext.Current.CancellationToken);
            await _scenario.DeliverAsync();
        }
    }

    /// <summary>The alert as the scheduled detection finds it in the log.</summary>
    private static Alert FromLog() => Some.Alert(detection: ReactionDetections.ImagePushedWithoutScan) with
    {
        Fingerprint = Fingerprint.Of(
            ReactionDetections.ImagePushedWithoutScan,
            [new("Registry", "contoso.azurecr.io"), new("Repository", "shop/api"), new("Digest", SomeImage.Reference().Digest)]),
    };

    private sealed class ScriptedEvidence(string source) : IImageScanEvidence
    {
        public string Source => source;

        public Func<DateTimeOffset, EvidenceVerdict> Answer { get; set; } = _ => EvidenceVerdict.Absent;

        public ScanFindings? Findings { get; set; }

        public bool IsTransient { get; set; }

        public List<DateTimeOffset> AskedAt { get; } = [];

        public Task<IReadOnlyList<EvidenceAnswer>> FindAsync(IReadOnlyList<ImageScan> images, DateTimeOffset now, CancellationToken cancellationToken)
        {
            AskedAt.Add(now);
            return Task.FromResult<IReadOnlyList<EvidenceAnswer>>(
                [.. images.Select(_ => new EvidenceAnswer(source, now, Answer(now), "nothing there") { Findings = Findings, IsTransient = IsTransient })]);
        }
    }
}
