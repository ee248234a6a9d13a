using System.Globalization;
using System.Text.Json;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>
/// A descriptor of an index, of a list of referrers or of a manifest's layers. Source: github.com/opencontainers/image-spec, descriptor.md.
/// </summary>
internal sealed record Descriptor(string MediaType, string Digest, string? ArtifactType, IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>The operating system of a platform's manifest; <c>unknown</c> is what builders write for attestations.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>When it was made, where it says so.</summary>
    public DateTimeOffset? CreatedAt => Annotation("org.opencontainers.image.created", "org.opencontainers.artifact.created") is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>What an attestation is about, as in-toto, cosign and Sigstore's bundles write it.</summary>
    public string? PredicateType => Annotation("in-toto.io/predicate-type", "predicateType", "dev.sigstore.bundle.predicateType");

    private string? Annotation(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Annotations.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>Reads manifests and lists of them; what is not as the specification has it is left out.</summary>
internal static class ManifestJson
{
    /// <summary>The descriptors under a member: <c>manifests</c>, <c>layers</c>, <c>blobs</c>.</summary>
    public static IReadOnlyList<Descriptor> Descriptors(JsonElement document, string member) =>
        [.. document.Items(member).Select(Read).OfType<Descriptor>()];

    private static Descriptor? Read(JsonElement json)
    {
        if (json.Text("digest") is not { } digest)
        {
            return null;
        }

        var annotations = json.Member("annotations");
        return new Descriptor(
            json.Text("mediaType") ?? "",
            digest,
            json.Text("artifactType") is { Length: > 0 } type ? type : null,
            annotations.ValueKind == JsonValueKind.Object
                ? annotations.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value.GetString()!)
                : new Dictionary<string, string>())
        {
            OperatingSystem = json.Member("platform").Text("os"),
        };
    }
}
