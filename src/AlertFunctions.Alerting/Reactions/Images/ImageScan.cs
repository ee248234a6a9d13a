using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>Where the scan of a pushed image stands.</summary>
public enum ImageScanState
{
    /// <summary>Pushed; evidence of a scan is looked for.</summary>
    Pending,

    /// <summary>The deadline passed without evidence, and the alert was raised; evidence is still looked for.</summary>
    Overdue,

    /// <summary>Evidence was found.</summary>
    Scanned,

    /// <summary>The image is gone. Kept so that a push told late does not bring it back.</summary>
    Deleted,

    /// <summary>The registry says that it is no image: a chart, a signature, something attached.</summary>
    NotAnImage,

    /// <summary>No evidence came for as long as it was looked for.</summary>
    GivenUp,
}

/// <summary>The scan of one image, however often it is pushed and under however many tags.</summary>
public sealed record ImageScan
{
    public required ImageReference Image { get; init; }

    public ImageScanState State { get; init; } = ImageScanState.Pending;

    /// <summary>The first push that is known.</summary>
    public required DateTimeOffset PushedAt { get; init; }

    /// <summary>The last push that is known: a deletion before it has not taken the image away.</summary>
    public required DateTimeOffset LastPushedAt { get; init; }

    /// <summary>When the lack of evidence becomes an alert.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When there is something to do: look for evidence, or forget.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How often evidence was looked for.</summary>
    public int Checks { get; init; }

    /// <summary>The tags it was pushed under, in the order of their pushes.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    public string? PushedBy { get; init; }

    public string? CallerIpAddress { get; init; }

    public string? UserAgent { get; init; }

    public string? RegistryId { get; init; }

    /// <summary>When it left <see cref="ImageScanState.Pending"/> and <see cref="ImageScanState.Overdue"/>; null where it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether its alert was raised and has not been resolved.</summary>
    public bool IsAlerting { get; init; }

    /// <summary>The latest answer of each source of evidence, in the order they were asked.</summary>
    public ImmutableArray<EvidenceAnswer> Answers { get; init; } = [];

    /// <summary>Whether evidence is still looked for.</summary>
    public bool IsOpen => State is ImageScanState.Pending or ImageScanState.Overdue;
}
