using System.Collections.Immutable;
using AlertFunctions.Alerting.Reactions.Images;
using AlertFunctions.AzureServices.Registry;

namespace AlertFunctions.Settings;

/// <summary>Where evidence of a scan is looked for.</summary>
internal enum EvidenceSource
{
    Referrers,
    Workspace,
    ResourceGraph,
    Quarantine,
}

/// <summary>How the scans of pushed images are waited for: <c>AlertFunctions__ImageScans__...</c>.</summary>
internal sealed record ImageScanSettings
{
    public ImageScanOptions Options { get; init; } = new();

    public RegistryOptions Registry { get; init; } = new() { Names = [] };

    /// <summary>Where evidence is looked for, in this order.</summary>
    /// <value>The default value is every source that the deployment's rights open: quarantine is a preview, and needs a role of its own.</value>
    public ImmutableArray<EvidenceSource> Evidence { get; init; } = [EvidenceSource.Referrers, EvidenceSource.Workspace, EvidenceSource.ResourceGraph];
}
