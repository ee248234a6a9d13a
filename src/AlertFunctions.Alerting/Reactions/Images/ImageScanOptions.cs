namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>How long scans of pushed images are waited for.</summary>
public sealed record ImageScanOptions
{
    /// <summary>How long after its push an image may be without evidence of a scan. Defender's scans take up to a few hours.</summary>
    /// <value>The default value is 6 hours, as in kql/detections/acr/image-pushed-without-scan.kql.</value>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(6);

    /// <summary>When evidence is first looked for. The time to the next look doubles.</summary>
    /// <value>The default value is 10 minutes.</value>
    public TimeSpan FirstCheck { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest time between two looks.</summary>
    /// <value>The default value is 12 hours.</value>
    public TimeSpan LongestInterval { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long past the deadline the alert waits for a source that is only out of order for a moment.</summary>
    /// <value>The default value is 1 hour.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long after its push an image without evidence is looked after: Defender scans images again that were pushed in the last 30 days.</summary>
    /// <value>The default value is 30 days.</value>
    public TimeSpan WatchFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long what has ended is remembered: longer than Event Grid delivers an event again (a day), and than the detection looks back (two).</summary>
    /// <value>The default value is 3 days.</value>
    public TimeSpan Memory { get; init; } = TimeSpan.FromDays(3);
}
