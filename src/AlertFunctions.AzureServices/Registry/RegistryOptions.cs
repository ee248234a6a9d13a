using System.Collections.Immutable;

namespace AlertFunctions.AzureServices.Registry;

/// <summary>Which container registries may be asked, and what counts as proof of a scan there.</summary>
public sealed record RegistryOptions
{
    /// <summary>The names of the registries that the app may read: contoso. Any other is not asked, whatever an event says.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>What login servers of the cloud end in. Source: the suffixes of the Azure CLI's clouds (acrLoginServerEndpoint).</summary>
    /// <value>The default value is that of the public cloud.</value>
    public string Suffix { get; init; } = ".azurecr.io";

    /// <summary>What tokens are asked for, without the trailing /.default: Azure Resource Manager's audience, which registries exchange.</summary>
    /// <value>The default value is that of the public cloud.</value>
    public string Audience { get; init; } = "https://management.azure.com";

    /// <summary>Whether a registry on this machine may be asked, over plain HTTP and without a token.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>
    /// Artifact types that may hold what a scan found, <c>*</c> for any characters. A report is evidence by its type; an SBOM only where it lists
    /// vulnerabilities; an attestation only where its predicate is about them; a signature never.
    /// </summary>
    /// <value>The default value covers Defender for Containers, Trivy, Grype and cosign.</value>
    public ImmutableArray<string> ArtifactTypes { get; init; } = DefaultArtifactTypes;

    public static ImmutableArray<string> DefaultArtifactTypes { get; } =
    [
        "application/sarif+json",
        "application/vnd.cyclonedx+json",
        "application/spdx+json",
        "application/vnd.in-toto+json",
        "application/vnd.dsse.envelope.v1+json",
        "application/vnd.dev.sigstore.bundle*",
        "application/vnd.dev.cosign.attestation*",

        // Defender's own type is not documented; it attaches "vulnerability findings", signed by Microsoft.
        "*vulnerabilit*",
        "*defender*",
    ];

    /// <summary>The time one request may take.</summary>
    /// <value>The default value is 20 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a request is sent again that was throttled or met a fault of the service.</summary>
    /// <value>The default value is 2.</value>
    public int MaxRetries { get; init; } = 2;

    /// <summary>The wait before the first retry where the registry does not say; it doubles.</summary>
    /// <value>The default value is 0.5 seconds.</value>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>A Retry-After that is longer is not waited for: the next look comes later.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);
}
