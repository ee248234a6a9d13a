using System.Collections.Immutable;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>What a look for evidence came to.</summary>
/// <param name="Checked">Images whose evidence was looked for.</param>
/// <param name="Scanned">Of these, how many have been scanned.</param>
/// <param name="Overdue">Alerts that were raised about missing scans.</param>
/// <param name="Unanswered">Questions that a source could not answer.</param>
/// <param name="Candidates">Images that only the scheduled detection knew of.</param>
public sealed record ScanReport(int Checked, int Scanned, int Overdue, int Unanswered, int Candidates);

/// <summary>
/// Looks for evidence of the scans that are due, and raises and resolves alerts about them. What is raised is left in the inbox before the scan is
/// changed: a crash between repeats it, which changes nothing.
/// </summary>
public sealed class ImageScanVerifier(
    ImageScanStore scans,
    ImmutableArray<IImageScanEvidence> sources,
    ImageScanAlerts alerts,
    ImageScanCandidates candidates,
    AlertInbox inbox,
    ImageScanOptions options)
{
    private const int AskedTogether = 50;
    private const int MostInARun = 1000;

    /// <summary>Does what is due at this time.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached; the next call goes on.</exception>
    public async Task<ScanReport> VerifyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var joined = await candidates.JoinAsync(now, cancellationToken);
        var due = new List<ImageScan>();
        await foreach (var scan in scans.ReadDueAsync(now, cancellationToken))
        {
            due.Add(scan);
            if (due.Count == MostInARun)
            {
                break;
            }
        }

        foreach (var ended in due.Where(s => !s.IsOpen).Chunk(AskedTogether))
        {
            await EndAsync(ended, now, cancellationToken);
        }

        var report = new ScanReport(0, 0, 0, 0, joined);
        foreach (var open in due.Where(s => s.IsOpen).Chunk(AskedTogether))
        {
            report = await VerifyAsync(open, report, now, cancellationToken);
        }

        return report;
    }

    private async Task<ScanReport> VerifyAsync(ImageScan[] open, ScanReport report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answers = await AskAsync(open, now, cancellationToken);
        var after = open.Select(scan => ImageScanLife.Checked(scan, answers[scan.Image], now, options)).ToArray();
        var overdue = after.Where(s => s is { State: ImageScanState.Overdue, IsAlerting: false }).ToArray();
        foreach (var alert in await alerts.OverdueAsync(overdue, now, cancellationToken))
        {
            await inbox.RaiseAsync(alert, isEvent: false, now, cancellationToken);
        }

        foreach (var scan in after)
        {
            await TellEndAsync(scan, now, cancellationToken);
        }

        var raised = overdue.Select(s => s.Image).ToHashSet();
        await scans.ChangeAsync(
            [.. open.Select(s => s.Image)],
            (image, known) => known is null ? null : Settled(ImageScanLife.Checked(known, answers[image], now, options), known, raised.Contains(image), now),
            cancellationToken);
        return report with
        {
            Checked = report.Checked + open.Length,
            Scanned = report.Scanned + after.Count(s => s.State == ImageScanState.Scanned),
            Overdue = report.Overdue + overdue.Length,
            Unanswered = report.Unanswered + answers.Values.Sum(a => a.Count(one => one.Verdict == EvidenceVerdict.Unknown)),
        };
    }

    /// <summary>Each source is asked about the images that those before it could not decide.</summary>
    private async Task<Dictionary<ImageReference, List<EvidenceAnswer>>> AskAsync(ImageScan[] open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answers = open.ToDictionary(s => s.Image, _ => new List<EvidenceAnswer>());
        foreach (var source in sources)
        {
            var undecided = open.Where(s => answers[s.Image].All(a => a.Verdict is EvidenceVerdict.Absent or EvidenceVerdict.Unknown)).ToArray();
            if (undecided.Length == 0)
            {
                break;
            }

            foreach (var (scan, answer) in undecided.Zip(await source.FindAsync(undecided, now, cancellationToken)))
            {
                answers[scan.Image].Add(answer);
            }
        }

        return answers;
    }

    private async Task TellEndAsync(ImageScan scan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (scan.IsOpen)
        {
            return;
        }

        if (scan.IsAlerting)
        {
            await inbox.ResolveAsync(FingerprintOf(scan), now, ImageScanAlerts.EndOf(scan), cancellationToken);
        }

        if (scan.Answers.FirstOrDefault(a => a.Findings is { Critical: > 0 } or { High: > 0 }) is { } severe)
        {
            await inbox.RaiseAsync(ImageScanAlerts.Vulnerable(scan, severe, now), isEvent: true, now, cancellationToken);
        }
    }

    /// <summary>The scan as it is stored after its alert was raised or resolved; one that somebody else ended meanwhile is due at once, so that its alert ends.</summary>
    private ImageScan Settled(ImageScan after, ImageScan known, bool isRaised, DateTimeOffset now) => (after.IsOpen, known.IsOpen) switch
    {
        (true, _) => isRaised ? after with { IsAlerting = true } : after,
        (false, true) => after with { IsAlerting = false, DueAt = now + options.Memory },
        (false, false) => isRaised ? after with { IsAlerting = true, DueAt = now } : after,
    };

    /// <summary>What has ended resolves its alert, and is forgotten when nothing can bring it back.</summary>
    private async Task EndAsync(ImageScan[] ended, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var scan in ended.Where(s => s.IsAlerting))
        {
            await inbox.ResolveAsync(FingerprintOf(scan), now, ImageScanAlerts.EndOf(scan), cancellationToken);
        }

        await scans.ChangeAsync(
            [.. ended.Select(s => s.Image)],
            (_, known) => known is null || known.IsOpen || known.DueAt > now ? known
                : known.IsAlerting ? known with { IsAlerting = false, DueAt = now + options.Memory }
                : null,
            cancellationToken);
    }

    private string FingerprintOf(ImageScan scan) => Evaluation.Fingerprint.Of(
        alerts.Overdue.Id, [new("Registry", scan.Image.Registry), new("Repository", scan.Image.Repository), new("Digest", scan.Image.Digest)]);
}
