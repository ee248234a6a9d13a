using System.Text.RegularExpressions;

namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>What a pushed manifest is.</summary>
public enum PushedKind
{
    /// <summary>An image or the index of one for several platforms: something that runs.</summary>
    Image,

    /// <summary>A manifest without a tag: a single platform of an index, or something attached to an image. What it belongs to stands for it.</summary>
    Untagged,
    Signature,
    Attestation,
    Sbom,
    Chart,

    /// <summary>Anything else that OCI registries hold.</summary>
    Artifact,
}

/// <summary>Tells pushes apart by what an event says of them: media type and tag.</summary>
public static partial class PushedKinds
{
    // Source: github.com/opencontainers/image-spec, media-types.md, and Docker's manifest types before it.
    private static readonly HashSet<string> Manifests = new(StringComparer.OrdinalIgnoreCase)
    {
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
    };

    // A word of a media or artifact type → what it is; the first that is found decides.
    private static readonly (string Word, PushedKind Kind)[] Words =
    [
        ("helm", PushedKind.Chart),
        ("signature", PushedKind.Signature),
        ("notary", PushedKind.Signature),
        ("simplesigning", PushedKind.Signature),
        ("attestation", PushedKind.Attestation),
        ("in-toto", PushedKind.Attestation),
        ("sbom", PushedKind.Sbom),
        ("spdx", PushedKind.Sbom),
        ("cyclonedx", PushedKind.Sbom),
    ];

    public static PushedKind Of(string? mediaType, string? tag)
    {
        // What cosign, and registries without referrers, attach to an image by a tag made of its digest.
        if (tag is not null && AttachedTag().Match(tag) is { Success: true } attached)
        {
            return attached.Groups["what"].Value switch
            {
                "sig" => PushedKind.Signature,
                "att" => PushedKind.Attestation,
                "sbom" => PushedKind.Sbom,
                _ => PushedKind.Artifact,
            };
        }

        return mediaType is { Length: > 0 } && !Manifests.Contains(mediaType) ? OfType(mediaType)
            : string.IsNullOrEmpty(tag) ? PushedKind.Untagged
            : PushedKind.Image;
    }

    /// <summary>What the type of an artifact or of a manifest's configuration says that it is.</summary>
    public static PushedKind OfType(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var found = Words.FirstOrDefault(w => type.Contains(w.Word, StringComparison.OrdinalIgnoreCase));
        return found.Word is null ? PushedKind.Artifact : found.Kind;
    }

    [GeneratedRegex(@"^sha256-[0-9a-f]{64}(\.(?<what>sig|att|sbom))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AttachedTag();
}
