using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>
/// Evidence in a registry's quarantine: a scanner let the image pass or held it back. Source: github.com/Azure/acr, docs/preview/quarantine.
/// </summary>
public sealed class QuarantineEvidence(RegistryClient registry) : IImageScanEvidence
{
    public string Source => "the registry's quarantine";

    public async Task<IReadOnlyList<EvidenceAnswer>> FindAsync(IReadOnlyList<ImageScan> images, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        var answers = new List<EvidenceAnswer>(images.Count);
        foreach (var scan in images)
        {
            answers.Add(await FindAsync(scan.Image, now, cancellationToken));
        }

        return answers;
    }

    private async Task<EvidenceAnswer> FindAsync(ImageReference image, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (registry.RefusalOf(image) is { } refusal)
        {
            return new EvidenceAnswer(Source, now, EvidenceVerdict.Unknown, refusal);
        }

        switch (await registry.MetadataAsync(image, cancellationToken))
        {
            case RegistryFault fault:
                return new EvidenceAnswer(Source, now, EvidenceVerdict.Unknown, fault.Detail) { IsTransient = fault.IsTransient, RetryAfter = fault.RetryAfter };
            case RegistryDocument { Body: var metadata }:
                // The attributes lie in the member manifest, those of quarantine there or beside it.
                var manifest = metadata.Member("manifest");
                var state = manifest.Text("quarantineState") ?? metadata.Text("quarantineState");
                var details = manifest.Text("quarantineDetails") ?? metadata.Text("quarantineDetails");
                return state is "Passed" or "Failed"
                    ? new EvidenceAnswer(Source, now, EvidenceVerdict.Scanned, $"state {state}") { Findings = FindingsOf(details) }
                    : new EvidenceAnswer(Source, now, EvidenceVerdict.Absent, state is null ? "the image has no state" : $"state {state}");
            default:
                return new EvidenceAnswer(Source, now, EvidenceVerdict.Absent, "the registry has no such state");
        }
    }

    /// <summary>Details are JSON in text: <c>{"result":{"summary":[{"severity":"High","count":"2"}]}}</c>.</summary>
    private static ScanFindings? FindingsOf(string? details)
    {
        if (details is null)
        {
            return null;
        }

        try
        {
            var summary = JsonElement.Parse(details).Member("result").Items("summary").ToArray();
            int Count(string severity) => summary
                .Where(s => severity.Equals(s.Text("severity"), StringComparison.OrdinalIgnoreCase))
                .Sum(s => int.TryParse(s.Text("count"), out var count) ? count : 1);
            return summary.Length == 0 ? null : new ScanFindings(Count("Critical"), Count("High"));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
