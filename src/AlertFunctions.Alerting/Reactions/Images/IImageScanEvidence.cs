namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>
/// A place where evidence of an image's scan may lie: the registry, Resource Graph, the workspace. Implementations do not throw for what the world does
/// (no right, throttling, no connection): that is the verdict <see cref="EvidenceVerdict.Unknown"/>.
/// </summary>
public interface IImageScanEvidence
{
    /// <summary>The place, in words for people.</summary>
    string Source { get; }

    /// <summary>Looks for evidence of all of these images.</summary>
    /// <returns>An answer for each, in their order.</returns>
    Task<IReadOnlyList<EvidenceAnswer>> FindAsync(IReadOnlyList<ImageScan> images, DateTimeOffset now, CancellationToken cancellationToken);
}
