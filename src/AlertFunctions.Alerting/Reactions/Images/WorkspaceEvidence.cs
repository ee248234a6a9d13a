using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>Evidence in the workspaces' records: what <c>kql/functions/ImageScanEvidence.kql</c> finds there.</summary>
public sealed class WorkspaceEvidence(WorkspaceQueries workspaces) : IImageScanEvidence
{
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(7);

    public string Source => "records in the workspace";

    public async Task<IReadOnlyList<EvidenceAnswer>> FindAsync(IReadOnlyList<ImageScan> images, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        var digests = KqlLiteral.Strings(images.Select(i => i.Image.Digest).Distinct());
        var query = $"""
            ImageScanEvidence({KqlLiteral.TimeSpan(LookBack)})
            | where Digest in ({digests})
            | summarize EvidenceAt = max(EvidenceAt), Source = take_any(Source) by Digest
            """;
        var (rows, faults) = await workspaces.AskAsync(query, now, LookBack, cancellationToken);
        var found = rows.ToLookup(row => row["Digest"] as string ?? "", StringComparer.Ordinal);
        return [.. images.Select(image => Answer([.. found[image.Image.Digest]], faults, now))];
    }

    private EvidenceAnswer Answer(IReadOnlyList<IReadOnlyDictionary<string, object?>> rows, IReadOnlyList<QueryOutcome> faults, DateTimeOffset now)
    {
        if (rows is [var row, ..])
        {
            return new EvidenceAnswer(Source, now, EvidenceVerdict.Scanned, CellText.Of(row["Source"])) { EvidenceAt = row["EvidenceAt"] as DateTimeOffset? };
        }

        // A table that is not there holds no evidence; a workspace that cannot be asked may.
        return faults.FirstOrDefault(f => f is not QueryTableNotFound) is { } fault
            ? new EvidenceAnswer(Source, now, EvidenceVerdict.Unknown, WorkspaceQueries.DetailOf(fault))
            {
                RetryAfter = (fault as QueryThrottled)?.RetryAfter,
                IsTransient = fault is QueryThrottled or QueryFailed { Retryable: true },
            }
            : new EvidenceAnswer(Source, now, EvidenceVerdict.Absent, "no pull by a scanner's identity and no finding of Defender");
    }
}
