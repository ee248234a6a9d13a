namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>What a source says of an image.</summary>
public enum EvidenceVerdict
{
    /// <summary>It was looked for and is not there.</summary>
    Absent,

    /// <summary>The image was scanned.</summary>
    Scanned,

    /// <summary>It could not be looked for: no right, no connection, throttled.</summary>
    Unknown,

    /// <summary>The registry no longer has the image.</summary>
    Gone,

    /// <summary>It is no image but a chart, a signature or another artifact.</summary>
    NotAnImage,
}

/// <summary>One source's answer about one image.</summary>
/// <param name="Source">Who was asked, in words for people: <c>referrers in the registry</c>.</param>
/// <param name="At">When.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Detail">What was found or why it could not be looked for: plain text with outside values.</param>
public sealed record EvidenceAnswer(string Source, DateTimeOffset At, EvidenceVerdict Verdict, string Detail)
{
    /// <summary>When the scan was, where the evidence says so.</summary>
    public DateTimeOffset? EvidenceAt { get; init; }

    /// <summary>What the scan found; null where the evidence does not say.</summary>
    public ScanFindings? Findings { get; init; }

    /// <summary>How long a source that could not answer wants to be left alone; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same question may be answered soon: the source was throttled or out of order, not closed to us.</summary>
    public bool IsTransient { get; init; }
}

/// <summary>How many vulnerabilities of the two severities that matter a scan found.</summary>
public sealed record ScanFindings(int Critical, int High)
{
    public static ScanFindings operator +(ScanFindings a, ScanFindings b) => new(a.Critical + b.Critical, a.High + b.High);

    public static ScanFindings Add(ScanFindings left, ScanFindings right) => left + right;
}
