using System.Globalization;
using System.Text.Json;
using AlertFunctions.Alerting.Evaluation;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Http;
using AlertFunctions.AzureServices.ResourceManager;

namespace AlertFunctions.AzureServices.ResourceGraph;

/// <summary>
/// Evidence in Defender's assessments, one row a vulnerable software of an image. A row proves a scan; no row proves nothing, since a clean image has none.
/// Source: learn.microsoft.com/azure/defender-for-cloud/transition-grouped-individual-recommendations.
/// </summary>
public sealed class ResourceGraphEvidence(ResourceGraphClient graph) : IImageScanEvidence
{
    public string Source => "Defender's assessments in Resource Graph";

    public async Task<IReadOnlyList<EvidenceAnswer>> FindAsync(IReadOnlyList<ImageScan> images, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        var digests = string.Join(", ", images.Select(i => i.Image.Digest).Distinct().Select(KqlLiteral.String));
        var outcome = await graph.QueryAsync(
            $"""
            securityresources
            | where type =~ 'microsoft.security/assessments'
            | where tostring(properties.resourceDetails.ResourceType) =~ '.containerimage' or isnotempty(properties.resourceAdditionalData)
            | extend image = parse_json(tostring(properties.resourceAdditionalData))
            | extend digest = coalesce(tostring(image.Digest), tostring(image.digest))
            | where digest in ({digests})
            | summarize assessments = count(), critical = countif(tostring(properties.metadata.severity) =~ 'Critical'),
                high = countif(tostring(properties.metadata.severity) =~ 'High') by digest
            """,
            cancellationToken);
        return outcome is ResourceItems { Items: var rows }
            ? [.. images.Select(image => Answer(rows.FirstOrDefault(r => r.Text("digest") == image.Image.Digest), now))]
            : [.. images.Select(_ => Unknown(outcome, now))];
    }

    private EvidenceAnswer Answer(JsonElement row, DateTimeOffset now)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            return new EvidenceAnswer(Source, now, EvidenceVerdict.Absent, "no assessment, which alone proves nothing: a clean image has none");
        }

        var findings = new ScanFindings(Number(row, "critical"), Number(row, "high"));
        return new EvidenceAnswer(
            Source, now, EvidenceVerdict.Scanned,
            string.Create(CultureInfo.InvariantCulture, $"{Number(row, "assessments")} assessments, {findings.Critical} critical and {findings.High} high"))
        {
            Findings = findings,
        };
    }

    private EvidenceAnswer Unknown(ResourceOutcome outcome, DateTimeOffset now) => new(Source, now, EvidenceVerdict.Unknown, outcome.Detail)
    {
        IsTransient = outcome is ResourceUnavailable,
        RetryAfter = (outcome as ResourceUnavailable)?.RetryAfter,
    };

    private static int Number(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
}
