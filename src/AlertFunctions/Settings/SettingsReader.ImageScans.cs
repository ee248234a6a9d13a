using System.Collections.Immutable;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Yaml;
using AlertFunctions.AzureServices.Registry;
using AlertFunctions.AzureServices.ResourceManager;

namespace AlertFunctions.Settings;

internal sealed partial class SettingsReader
{
    private static readonly string[] ImageScanNames = ["Grace", "Evidence", "ArtifactTypes"];

    private ImageScanSettings ImageScans(ImmutableArray<string> registries, AzureCloud cloud)
    {
        foreach (var other in _configuration.GetSection($"{Section}:ImageScans").GetChildren()
            .Where(child => !ImageScanNames.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            Fault($"ImageScans:{other.Key}", $"there is no such setting; known are {string.Join(", ", ImageScanNames)}.");
        }

        var settings = new ImageScanSettings
        {
            Registry = new RegistryOptions
            {
                Names = [.. registries.Select(ResourceId.Name)],
                Suffix = cloud switch
                {
                    AzureCloud.Government => ".azurecr.us",
                    AzureCloud.China => ".azurecr.cn",
                    _ => ".azurecr.io",
                },
                Audience = cloud switch
                {
                    AzureCloud.Government => ResourceManagerOptions.AzureGovernment.Audience,
                    AzureCloud.China => ResourceManagerOptions.AzureChina.Audience,
                    _ => ResourceManagerOptions.AzurePublic.Audience,
                },
                ArtifactTypes = Value("ImageScans:ArtifactTypes") is { } types ? Split(types) : RegistryOptions.DefaultArtifactTypes,
            },
        };
        if (Value("ImageScans:Grace") is { } grace)
        {
            if (Durations.TryParse(grace, out var duration) && duration >= TimeSpan.FromMinutes(10) && duration <= TimeSpan.FromDays(14))
            {
                settings = settings with { Options = settings.Options with { Grace = duration } };
            }
            else
            {
                Fault("ImageScans:Grace", "is not a time from 10m to 14d, such as 6h.");
            }
        }

        return Value("ImageScans:Evidence") is { } evidence ? settings with { Evidence = Sources(evidence) } : settings;
    }

    private ImmutableArray<EvidenceSource> Sources(string text)
    {
        var sources = ImmutableArray.CreateBuilder<EvidenceSource>();
        foreach (var name in Split(text))
        {
            var known = Enum.GetValues<EvidenceSource>().Where(s => s.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)).ToArray();
            if (known is [var source] && !sources.Contains(source))
            {
                sources.Add(source);
            }
            else
            {
                Fault("ImageScans:Evidence", $"entry {sources.Count + 1} is none of {string.Join(", ", Enum.GetNames<EvidenceSource>())}, or is there twice.");
                break;
            }
        }

        return sources.ToImmutable();
    }
}
