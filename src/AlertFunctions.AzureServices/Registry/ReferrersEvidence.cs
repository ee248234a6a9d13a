using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>
/// Evidence that scanners attach to an image in its registry: OCI referrers, the tag that stands for them in registries without, and cosign's
/// attestation tag. A signature says who made an image and nothing of what is in it. An index is scanned where it, or each of its platforms, is.
/// Source: github.com/opencontainers/distribution-spec, spec.md (listing referrers).
/// </summary>
public sealed class ReferrersEvidence(RegistryClient registry, RegistryOptions options) : IImageScanEvidence
{
    private const int AtATime = 4;
    private const int MostPages = 50;
    private const int MostReports = 20;

    // Configurations of what runs; any other makes a manifest an artifact. github.com/opencontainers/image-spec, manifest.md (artifact usage).
    private static readonly HashSet<string> ImageConfigurations = new(StringComparer.Ordinal)
    {
        "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json", "application/vnd.docker.container.image.rootfs.diff+x-gtar", "",
    };

    public string Source => "reports attached in the registry";

    public async Task<IReadOnlyList<EvidenceAnswer>> FindAsync(IReadOnlyList<ImageScan> images, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        var answers = new EvidenceAnswer[images.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, images.Count, parallel, async (i, token) => answers[i] = await FindAsync(images[i].Image, now, token));
        return answers;
    }

    private async Task<EvidenceAnswer> FindAsync(ImageReference image, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (registry.RefusalOf(image) is { } refusal)
        {
            return new EvidenceAnswer(Source, now, EvidenceVerdict.Unknown, refusal);
        }

        switch (await registry.ManifestAsync(image, image.Digest, cancellationToken))
        {
            case RegistryMissing:
                return new EvidenceAnswer(Source, now, EvidenceVerdict.Gone, "the registry no longer has the image");
            case RegistryFault fault:
                return Unknown(fault, now);
            case RegistryDocument manifest when KindOf(manifest.Body) is { } kind:
                return new EvidenceAnswer(Source, now, EvidenceVerdict.NotAnImage, kind);
            case RegistryDocument manifest:
                return await FindAsync(image, manifest.Body, now, cancellationToken);
            default:
                throw new System.Diagnostics.UnreachableException("An answer of a registry.");
        }
    }

    private async Task<EvidenceAnswer> FindAsync(ImageReference image, JsonElement manifest, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var own = await AttachedAsync(image, now, cancellationToken);
        var platforms = ManifestJson.Descriptors(manifest, "manifests").Where(p => p.OperatingSystem is not "unknown").ToArray();
        if (own.Verdict != EvidenceVerdict.Absent || platforms.Length == 0)
        {
            return own;
        }

        var parts = new List<EvidenceAnswer>();
        foreach (var platform in platforms)
        {
            parts.Add(await AttachedAsync(image with { Digest = platform.Digest }, now, cancellationToken));
        }

        var scanned = parts.Where(p => p.Verdict == EvidenceVerdict.Scanned).ToArray();
        return scanned.Length == parts.Count
            ? scanned[0] with
            {
                Detail = $"{scanned[0].Detail} (each of {parts.Count} platforms)",
                Findings = scanned.Select(s => s.Findings).OfType<ScanFindings>().Aggregate((ScanFindings?)null, (sum, f) => sum is null ? f : sum + f),
            }
            : parts.FirstOrDefault(p => p.Verdict == EvidenceVerdict.Unknown)
                ?? own with { Detail = $"{own.Detail}; {scanned.Length} of {parts.Count} platforms have one" };
    }

    /// <summary>What is attached to one manifest.</summary>
    private async Task<EvidenceAnswer> AttachedAsync(ImageReference image, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (attached, fault) = await ListAsync(image, cancellationToken);
        if (fault is not null)
        {
            return Unknown(fault, now);
        }

        var candidates = new List<Descriptor>();
        var signatures = 0;
        foreach (var descriptor in attached)
        {
            var (typed, typeFault) = await WithTypeAsync(image, descriptor, cancellationToken);
            if (typeFault is not null)
            {
                return Unknown(typeFault, now);
            }

            var isSignature = PushedKinds.OfType(typed.ArtifactType ?? "") == PushedKind.Signature;
            signatures += isSignature ? 1 : 0;
            if (!isSignature && Matches(typed))
            {
                candidates.Add(typed);
            }
        }

        foreach (var candidate in candidates.OrderByDescending(c => c.CreatedAt).Take(MostReports))
        {
            if (await ReadAsync(image, candidate, now, cancellationToken) is { } answer)
            {
                return answer;
            }
        }

        return new EvidenceAnswer(Source, now, EvidenceVerdict.Absent, "no report of a scan" + signatures switch
        {
            0 => "",
            1 => "; a signature is there, which proves no scan",
            _ => $"; {signatures} signatures are there, which prove no scan",
        });
    }

    /// <summary>All pages of the referrers; without that API the index under the tag that stands for it; and what cosign attests under a tag of its own.</summary>
    private async Task<(IReadOnlyList<Descriptor> Attached, RegistryFault? Fault)> ListAsync(ImageReference image, CancellationToken cancellationToken)
    {
        var attached = new List<Descriptor>();
        var hasReferrers = false;
        string? page = null;
        for (var pages = 0; pages < MostPages; pages++)
        {
            var answer = await registry.ReferrersAsync(image, page, cancellationToken);
            if (answer is not RegistryDocument { Body: var list, Next: var next })
            {
                if (answer is RegistryFault fault)
                {
                    return (attached, fault);
                }

                break;
            }

            hasReferrers = true;
            attached.AddRange(ManifestJson.Descriptors(list, "manifests"));
            page = next;
            if (page is null)
            {
                break;
            }
        }

        var tag = image.Digest.Replace(':', '-');
        if (!hasReferrers)
        {
            switch (await registry.ManifestAsync(image, tag, cancellationToken))
            {
                case RegistryFault fault:
                    return (attached, fault);
                case RegistryDocument { Body: var index }:
                    attached.AddRange(ManifestJson.Descriptors(index, "manifests"));
                    break;
            }
        }

        switch (await registry.ManifestAsync(image, $"{tag}.att", cancellationToken))
        {
            case RegistryFault fault:
                return (attached, fault);
            case RegistryDocument { Body: var attestations }:
                // Each layer is an attestation of its own, and the blob itself the report.
                attached.AddRange(ManifestJson.Descriptors(attestations, "layers").Select(layer => layer with { ArtifactType = layer.MediaType }));
                break;
        }

        return (attached, null);
    }

    /// <summary>Lists of older registries leave the type to the manifest, which says it itself or by its configuration.</summary>
    private async Task<(Descriptor Typed, RegistryFault? Fault)> WithTypeAsync(ImageReference image, Descriptor descriptor, CancellationToken cancellationToken)
    {
        if (descriptor.ArtifactType is not null)
        {
            return (descriptor, null);
        }

        return await registry.ManifestAsync(image, descriptor.Digest, cancellationToken) switch
        {
            RegistryDocument { Body: var manifest } => (descriptor with { ArtifactType = TypeOf(manifest) }, null),
            RegistryFault { IsTransient: true } fault => (descriptor, fault),
            _ => (descriptor, null),
        };
    }

    private bool Matches(Descriptor descriptor) => descriptor.ArtifactType is { } type
        && options.ArtifactTypes.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, type))
        && (descriptor.PredicateType is not { } predicate || ScanReport.IsAboutVulnerabilities(predicate));

    /// <summary>The evidence in an attached report; null where it is none.</summary>
    private async Task<EvidenceAnswer?> ReadAsync(ImageReference image, Descriptor attached, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var blob = attached.Digest;
        if (attached.ArtifactType != attached.MediaType)
        {
            if (await registry.ManifestAsync(image, attached.Digest, cancellationToken) is not RegistryDocument { Body: var manifest })
            {
                return null;
            }

            blob = ManifestJson.Descriptors(manifest, "layers").Concat(ManifestJson.Descriptors(manifest, "blobs")).Select(b => b.Digest).FirstOrDefault();
        }

        var report = blob is null ? null : await registry.BlobAsync(image, blob, cancellationToken) as RegistryDocument;
        var findings = report is null ? null : ScanReport.Read(report.Body);

        // A type that means a report whatever is in it, and that cannot be read, is still evidence; an SBOM or a statement must be read to be one.
        if (findings is null && !IsReportByType(attached, isRead: report is not null))
        {
            return null;
        }

        return new EvidenceAnswer(Source, now, EvidenceVerdict.Scanned, Describe(attached, findings)) { EvidenceAt = attached.CreatedAt, Findings = findings };
    }

    private static bool IsReportByType(Descriptor attached, bool isRead)
    {
        var type = attached.ArtifactType ?? "";
        return ScanReport.IsAboutVulnerabilities(type) || ScanReport.IsAboutVulnerabilities(attached.PredicateType)
            || type.Contains("defender", StringComparison.OrdinalIgnoreCase)
            || (!isRead && type == "application/sarif+json");
    }

    private static string Describe(Descriptor attached, ScanFindings? findings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{attached.ArtifactType}{(findings is null ? "" : $", {findings.Critical} critical and {findings.High} high findings")}");

    private static string? TypeOf(JsonElement manifest) =>
        manifest.Text("artifactType") is { Length: > 0 } type ? type : manifest.Member("config").Text("mediaType");

    /// <summary>What a manifest is that is no image, in words; null for an image or an index of images.</summary>
    private static string? KindOf(JsonElement manifest)
    {
        if (manifest.Member("subject").ValueKind == JsonValueKind.Object)
        {
            return $"it is attached to another image ({TypeOf(manifest)})";
        }

        var configuration = manifest.Member("config").Text("mediaType") ?? "";
        return ImageConfigurations.Contains(configuration) ? null : $"it is {PushedKinds.OfType(TypeOf(manifest)!).ToString().ToLowerInvariant()}: {TypeOf(manifest)}";
    }

    private EvidenceAnswer Unknown(RegistryFault fault, DateTimeOffset now) => new(Source, now, EvidenceVerdict.Unknown, fault.Detail)
    {
        IsTransient = fault.IsTransient,
        RetryAfter = fault.RetryAfter,
    };
}
