using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Evaluation;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>The alerts about scans, with what the workspaces know of the push and of where the image runs.</summary>
public sealed class ImageScanAlerts(Detection overdue, WorkspaceQueries workspaces)
{
    private const int MostPods = 5;
    private static readonly TimeSpan RunsWithin = TimeSpan.FromDays(1);

    /// <summary>The detection whose alert a missing scan is.</summary>
    public Detection Overdue => overdue;

    /// <summary>Of an image whose deadline passed: the alert that the detection would raise as well, with the same fingerprint.</summary>
    public async Task<IReadOnlyList<Alert>> OverdueAsync(IReadOnlyList<ImageScan> scans, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scans);
        if (scans.Count == 0)
        {
            return [];
        }

        var since = now - scans.Min(s => s.PushedAt) + TimeSpan.FromDays(1);
        var pushes = (await workspaces.AskAsync(
                $"ImagePushes({KqlLiteral.Strings(scans.Select(s => s.Image.Digest).Distinct())}, {KqlLiteral.TimeSpan(since)})", now, since, cancellationToken))
            .Rows.ToLookup(row => row["Digest"] as string ?? "", StringComparer.Ordinal);
        var (running, unasked) = await workspaces.AskAsync(
            $"RunningImages({KqlLiteral.Strings(scans.Select(s => s.Image.Digest).Distinct())}, {KqlLiteral.Strings(scans.SelectMany(NamesOf).Distinct())}, {KqlLiteral.TimeSpan(RunsWithin)})",
            now, RunsWithin, cancellationToken);
        return [.. scans.Select(scan => Of(scan, pushes[scan.Image.Digest].FirstOrDefault(p => IsOf(p, scan)), RunsIn(scan, running, unasked.Count > 0), now))];
    }

    /// <summary>Of an image whose scan found critical or high vulnerabilities.</summary>
    public static Alert Vulnerable(ImageScan scan, EvidenceAnswer evidence, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scan);
        ArgumentNullException.ThrowIfNull(evidence);
        var findings = evidence.Findings ?? new ScanFindings(0, 0);
        return ReactionAlerts.Of(
            ReactionDetections.ImageVulnerable, evidence.EvidenceAt is { } at && at <= now ? at : now,
            ("Registry", scan.Image.Registry),
            ("Repository", scan.Image.Repository),
            ("Digest", scan.Image.Digest),
            ("Image", NameOf(scan)),
            ("PushedBy", scan.PushedBy ?? ""),
            ("Critical", findings.Critical),
            ("High", findings.High),
            ("Source", evidence.Source),
            ("Evidence", evidence.Detail),
            ("AlertSeverity", findings.Critical > 0 ? nameof(Severity.High) : nameof(Severity.Medium)));
    }

    /// <summary>Why the alert is over, for people.</summary>
    public static string EndOf(ImageScan scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        return scan.State switch
        {
            ImageScanState.Scanned => scan.Answers.FirstOrDefault(a => a.Verdict == EvidenceVerdict.Scanned) is { } found
                ? $"{NameOf(scan)} has been scanned: {found.Source}, {found.Detail}."
                : $"{NameOf(scan)} has been scanned.",
            ImageScanState.Deleted => $"{NameOf(scan)} is no longer in the registry.",
            ImageScanState.NotAnImage => $"{NameOf(scan)} turned out to be no image.",
            ImageScanState.GivenUp => $"No scan of {NameOf(scan)} was found, and it is no longer looked for. Digest {scan.Image.Digest}.",
            _ => throw new InvalidOperationException($"A scan that is {scan.State} has not ended."),
        };
    }

    private Alert Of(ImageScan scan, IReadOnlyDictionary<string, object?>? push, string runsIn, DateTimeOffset now)
    {
        var pushedBy = Text(push, "PushedBy") ?? scan.PushedBy ?? "someone unknown";
        var alert = ReactionAlerts.Of(
            overdue, scan.PushedAt,
            ("Registry", scan.Image.Registry),
            ("Repository", scan.Image.Repository),
            ("Digest", scan.Image.Digest),
            ("Image", NameOf(scan)),
            ("Tags", JsonSerializer.SerializeToElement([.. scan.Tags], ReactionsJson.Default.StringArray)),
            ("PushedBy", pushedBy),
            ("CallerIpAddress", Text(push, "CallerIpAddress") ?? scan.CallerIpAddress ?? "address unknown"),
            ("UserAgent", Text(push, "UserAgent") ?? scan.UserAgent ?? ""),
            ("PushedAt", scan.PushedAt),
            ("WaitedHours", (long)(now - scan.PushedAt).TotalHours),
            ("LookedAt", string.Join("; ", scan.Answers.Select(LookedAt))),
            ("RunsIn", runsIn),
            ("RegistryId", scan.RegistryId ?? ""));
        return alert with { LastSeenAt = now };
    }

    private static string LookedAt(EvidenceAnswer answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{answer.Source} at {answer.At.UtcDateTime:HH:mm'Z'} ({(answer.Verdict == EvidenceVerdict.Unknown ? "could not be asked: " : "")}{answer.Detail})");

    private static string RunsIn(ImageScan scan, IReadOnlyList<IReadOnlyDictionary<string, object?>> running, bool isPartial)
    {
        var names = NamesOf(scan).ToHashSet(StringComparer.Ordinal);
        var pods = running
            .Where(row => (Text(row, "ImageId") ?? "").Contains(scan.Image.Digest, StringComparison.Ordinal) || names.Contains(Text(row, "ImageName") ?? ""))
            .Select(row => $"{Text(row, "Cluster") ?? "a cluster"}: {Text(row, "Namespace") ?? "?"}/{Text(row, "Pod") ?? Text(row, "Computer") ?? "?"}")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        return pods.Length > 0
            ? string.Join(", ", pods.Take(MostPods)) + (pods.Length > MostPods ? $" and {pods.Length - MostPods} more" : "")
            : isPartial ? "not known: the inventory could not be read" : "no pod that the inventory shows";
    }

    /// <summary>Repositories are the same in different registries' records: the push must be of this one.</summary>
    private static bool IsOf(IReadOnlyDictionary<string, object?> push, ImageScan scan) =>
        Text(push, "Registry") == scan.Image.Registry && Text(push, "Repository") == scan.Image.Repository;

    private static IEnumerable<string> NamesOf(ImageScan scan) => scan.Tags.Select(tag => $"{scan.Image.Registry}/{scan.Image.Repository}:{tag}");

    private static string NameOf(ImageScan scan) => NamesOf(scan).FirstOrDefault() ?? $"{scan.Image.Registry}/{scan.Image.Repository}";

    private static string? Text(IReadOnlyDictionary<string, object?>? row, string column) =>
        row is not null && row.TryGetValue(column, out var cell) && CellText.Of(cell) is { Length: > 0 } text ? text : null;
}
