using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.Alerting.State;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.Alerting.Tests.Reactions.Images;

public sealed class RegistryReactionTests
{
    private readonly ImageScanStore _scans = new(new MemoryStateStore());
    private readonly FakeTimeProvider _time = new(Some.Noon.AddMinutes(1));
    private readonly RegistryReaction _reaction;

    public RegistryReactionTests() => _reaction = new RegistryReaction(_scans, new ImageScanOptions(), _time);

    [Fact]
    public async Task Push_ToldTwiceAndUnderAnotherTag_IsOnePendingScanWithBothTags()
    {
        await HandleAsync(SomeImage.Push(), SomeImage.Push());
        await HandleAsync(SomeImage.Push());
        await HandleAsync(SomeImage.Push(tag: "latest", after: TimeSpan.FromSeconds(5)));

        var scan = Assert.Single(await AllAsync());
        Assert.Equal(ImageScanState.Pending, scan.State);
        Assert.Equal(["1.4", "latest"], scan.Tags);
        Assert.Equal(Some.Noon.AddHours(6), scan.Deadline);
    }

    [Fact]
    public async Task Push_ToldAgain_WritesNothing()
    {
        var store = new CountingStore();
        var reaction = new RegistryReaction(new ImageScanStore(store), new ImageScanOptions(), _time);
        await reaction.HandleAsync([SomeImage.Push()], TestContext.Current.CancellationToken);

        await reaction.HandleAsync([SomeImage.Push()], TestContext.Current.CancellationToken);

        Assert.Equal(1, store.Writes);
    }

    [Fact]
    public async Task Tag_MovedToAnotherImage_IsOnePendingScanADigest()
    {
        await HandleAsync(SomeImage.Push('a'), SomeImage.Push('b', after: TimeSpan.FromSeconds(3)));

        Assert.Equal([SomeImage.Reference('a'), SomeImage.Reference('b')], (await AllAsync()).Select(s => s.Image));
    }

    [Fact]
    public async Task Delete_EndsWhatIsPending_AndAPushAfterItBeginsAnew()
    {
        await HandleAsync(SomeImage.Push());

        await HandleAsync(SomeImage.Deletion(after: TimeSpan.FromSeconds(10)));
        Assert.Equal(ImageScanState.Deleted, Assert.Single(await AllAsync()).State);

        await HandleAsync(SomeImage.Push(after: TimeSpan.FromSeconds(20)));
        Assert.Equal((ImageScanState.Pending, Some.Noon.AddSeconds(20)), (await AllAsync()).Select(s => (s.State, s.PushedAt)).Single());
    }

    [Fact]
    public async Task Delete_ToldBeforeItsPush_LeavesNothingPending()
    {
        await HandleAsync(SomeImage.Deletion(after: TimeSpan.FromSeconds(10)));

        await HandleAsync(SomeImage.Push());

        Assert.Equal(ImageScanState.Deleted, Assert.Single(await AllAsync()).State);
    }

    [Fact]
    public async Task Delete_ToldAfterALaterPush_LeavesThatPushPending()
    {
        await HandleAsync(SomeImage.Push(), SomeImage.Push(after: TimeSpan.FromSeconds(30)));

        await HandleAsync(SomeImage.Deletion(after: TimeSpan.FromSeconds(10)));

        Assert.Equal(ImageScanState.Pending, Assert.Single(await AllAsync()).State);
    }

    [Fact]
    public async Task Delete_OfATag_LeavesTheImageAndOfARepositoryEndsAllOfIt()
    {
        await HandleAsync(SomeImage.Push('a'), SomeImage.Push('b', tag: "2.0"), SomeImage.Push('c', repository: "shop/web"));

        await HandleAsync(new ImageDeleted("contoso.azurecr.io", "shop/api", Some.Noon.AddSeconds(5)) { Tag = "2.0" });
        Assert.Equal([1, 0, 1], (await AllAsync()).Select(s => s.Tags.Length));

        await HandleAsync(new ImageDeleted("contoso.azurecr.io", "shop/api", Some.Noon.AddSeconds(5)));
        Assert.Equal([ImageScanState.Deleted, ImageScanState.Deleted, ImageScanState.Pending], (await AllAsync()).Select(s => s.State));
    }

    [Theory]
    [InlineData("application/vnd.oci.image.index.v1+json", "1.4", PushedKind.Image)]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json", "1.4", PushedKind.Image)]
    [InlineData(null, "1.4", PushedKind.Image)]
    [InlineData("application/vnd.oci.image.manifest.v1+json", null, PushedKind.Untagged)]
    [InlineData("application/vnd.oci.image.manifest.v1+json", "sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.sig", PushedKind.Signature)]
    [InlineData("application/vnd.oci.image.manifest.v1+json", "sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.att", PushedKind.Attestation)]
    [InlineData("application/vnd.oci.image.manifest.v1+json", "sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.sbom", PushedKind.Sbom)]
    [InlineData("application/vnd.oci.image.index.v1+json", "sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", PushedKind.Artifact)]
    [InlineData("application/vnd.acr.helm.chart", "mychart-1.0.0.tgz", PushedKind.Chart)]
    [InlineData("application/vnd.cncf.helm.config.v1+json", "1.0.0", PushedKind.Chart)]
    [InlineData("application/vnd.cncf.notary.signature", null, PushedKind.Signature)]
    [InlineData("application/spdx+json", "1.4", PushedKind.Sbom)]
    [InlineData("application/vnd.wasm.config.v1+json", "1.4", PushedKind.Artifact)]
    public async Task Push_OfWhatIsNoImage_DoesNotBecomePending(string? mediaType, string? tag, PushedKind kind)
    {
        Assert.Equal(kind, PushedKinds.Of(mediaType, tag));

        var receipt = await HandleAsync(SomeImage.Push(tag: tag) with { MediaType = mediaType });

        Assert.Equal(kind == PushedKind.Image ? (1, 0) : (0, 1), (receipt.Images, receipt.Others));
        Assert.Equal(kind == PushedKind.Image, (await AllAsync()).Count == 1);
    }

    [Fact]
    public async Task Batch_OfFiveThousand_IsFiveThousandPendingScans()
    {
        var pushes = Enumerable.Range(0, 5000).Select(i => (RegistryEvent)SomeImage.Push(repository: $"shop/api-{i}")).ToArray();

        await _reaction.HandleAsync(pushes, TestContext.Current.CancellationToken);
        await _reaction.HandleAsync(pushes, TestContext.Current.CancellationToken);

        Assert.Equal(5000, (await AllAsync()).Count);
    }

    [Fact]
    public async Task Push_FromTheFuture_CountsFromNow()
    {
        await HandleAsync(SomeImage.Push(after: TimeSpan.FromDays(400)));

        Assert.Equal(_time.GetUtcNow().AddHours(6), Assert.Single(await AllAsync()).Deadline);
    }

    [Fact]
    public async Task Pushes_OfOneImageAtOnce_LoseNoTag()
    {
        var tags = Enumerable.Range(0, 12).Select(i => $"t{i}").ToArray();

        await Task.WhenAll(tags.Select(tag => Task.Run(() => HandleAsync(SomeImage.Push(tag: tag)))));

        Assert.Equal(tags.Order(), Assert.Single(await AllAsync()).Tags.Order());
    }

    [Fact]
    public async Task Due_IsReadByTimeAndForgottenWithTheImage()
    {
        await HandleAsync(SomeImage.Push('a'), SomeImage.Push('b', after: TimeSpan.FromSeconds(30)));

        Assert.Empty(await DueAsync(Some.Noon.AddMinutes(9)));
        Assert.Equal(SomeImage.Reference('a'), Assert.Single(await DueAsync(Some.Noon.AddMinutes(10))).Image);
        Assert.Equal(2, (await DueAsync(Some.Noon.AddHours(1))).Count);

        await _scans.ChangeAsync([SomeImage.Reference('a')], (_, _) => null, TestContext.Current.CancellationToken);
        Assert.Single(await DueAsync(Some.Noon.AddHours(1)));
    }

    private Task<RegistryReceipt> HandleAsync(params RegistryEvent[] events) => _reaction.HandleAsync(events, TestContext.Current.CancellationToken);

    private async Task<List<ImageScan>> AllAsync()
    {
        var all = new List<ImageScan>();
        await foreach (var scan in _scans.ReadRegistryAsync("contoso.azurecr.io", TestContext.Current.CancellationToken))
        {
            all.Add(scan);
        }

        return [.. all.OrderBy(s => s.Image.Repository, StringComparer.Ordinal).ThenBy(s => s.Image.Digest, StringComparer.Ordinal)];
    }

    private async Task<List<ImageScan>> DueAsync(DateTimeOffset now)
    {
        var due = new List<ImageScan>();
        await foreach (var scan in _scans.ReadDueAsync(now, TestContext.Current.CancellationToken))
        {
            due.Add(scan);
        }

        return due;
    }

    private sealed class CountingStore : IStateStore
    {
        private readonly MemoryStateStore _inner = new();

        public int Writes { get; private set; }

        public Task<StateDocument?> ReadAsync(string partition, string row, CancellationToken cancellationToken) =>
            _inner.ReadAsync(partition, row, cancellationToken);

        public IAsyncEnumerable<StateDocument> ReadRangeAsync(string partition, string? from, string? to, CancellationToken cancellationToken) =>
            _inner.ReadRangeAsync(partition, from, to, cancellationToken);

        public Task<StateWriteResult> WriteAsync(string partition, IReadOnlyList<StateChange> changes, CancellationToken cancellationToken)
        {
            Writes++;
            return _inner.WriteAsync(partition, changes, cancellationToken);
        }
    }
}
