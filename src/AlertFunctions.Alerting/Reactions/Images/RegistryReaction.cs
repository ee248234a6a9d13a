namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>What came of a batch of registry events.</summary>
/// <param name="Images">Images that the batch was about.</param>
/// <param name="Others">Events about what is no image on its own: signatures, SBOMs, charts, single platforms.</param>
public sealed record RegistryReceipt(int Images, int Others);

/// <summary>
/// Keeps the set of pushed images whose scan is waited for. A push adds to it, once an image however often it is told; a deletion ends it, also one
/// that is told before its push. Nothing here is slower than the store: evidence is looked for later.
/// </summary>
public sealed class RegistryReaction(ImageScanStore scans, ImageScanOptions options, TimeProvider time)
{
    /// <summary>Takes events in any order, repeated or not.</summary>
    /// <exception cref="State.StateUnavailableException">The store cannot be reached; the events are to be delivered again, which does no harm.</exception>
    public async Task<RegistryReceipt> HandleAsync(IReadOnlyList<RegistryEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        var now = time.GetUtcNow();
        var byImage = new Dictionary<ImageReference, List<RegistryEvent>>();
        var wide = new List<ImageDeleted>();
        var others = 0;
        foreach (var happened in events)
        {
            switch (happened)
            {
                case ImagePushed push when PushedKinds.Of(push.MediaType, push.Tag) != PushedKind.Image:
                    others++;
                    break;
                case ImagePushed push:
                    Add(byImage, push.Image, push.At > now ? push with { At = now } : push);
                    break;
                case ImageDeleted { Digest: { } digest } deletion:
                    Add(byImage, new ImageReference(deletion.Registry, deletion.Repository, digest), deletion);
                    break;
                case ImageDeleted deletion:
                    wide.Add(deletion);
                    break;
            }
        }

        await ApplyAsync(byImage, now, cancellationToken);
        foreach (var deletion in wide)
        {
            await ApplyAsync(await ConcernedAsync(deletion, cancellationToken), now, cancellationToken);
        }

        return new RegistryReceipt(byImage.Count, others);
    }

    private async Task ApplyAsync(Dictionary<ImageReference, List<RegistryEvent>> byImage, DateTimeOffset now, CancellationToken cancellationToken) =>
        await scans.ChangeAsync(
            [.. byImage.Keys],
            (image, known) => byImage[image].OrderBy(e => e.At).Aggregate(known, (scan, happened) => Apply(image, scan, happened, now)),
            cancellationToken);

    private ImageScan? Apply(ImageReference image, ImageScan? scan, RegistryEvent happened, DateTimeOffset now) => happened switch
    {
        ImagePushed push => ImageScanLife.Pushed(scan, push, options),
        ImageDeleted { Digest: null, Tag: { } tag } => scan is null ? null : ImageScanLife.Untagged(scan, tag),
        ImageDeleted deletion => ImageScanLife.Deleted(scan, image, deletion.At > now ? now : deletion.At, now, options),
        _ => throw new System.Diagnostics.UnreachableException($"Registry event {happened.GetType().Name}."),
    };

    /// <summary>The images that a deletion without a digest is about: those of the repository, and of these those with the tag where there is one.</summary>
    private async Task<Dictionary<ImageReference, List<RegistryEvent>>> ConcernedAsync(ImageDeleted deletion, CancellationToken cancellationToken)
    {
        var concerned = new Dictionary<ImageReference, List<RegistryEvent>>();
        await foreach (var scan in scans.ReadRegistryAsync(deletion.Registry, cancellationToken))
        {
            if (scan.Image.Repository == deletion.Repository && (deletion.Tag is null || scan.Tags.Contains(deletion.Tag)))
            {
                concerned[scan.Image] = [deletion];
            }
        }

        return concerned;
    }

    private static void Add(Dictionary<ImageReference, List<RegistryEvent>> byImage, ImageReference image, RegistryEvent happened)
    {
        if (!byImage.TryGetValue(image, out var events))
        {
            byImage[image] = events = [];
        }

        events.Add(happened);
    }
}
