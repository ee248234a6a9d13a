using System.Collections.Immutable;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;
using AlertFunctions.AzureServices.Notifications;

namespace AlertFunctions.Settings;

/// <summary>Which of Azure's clouds the app runs in.</summary>
internal enum AzureCloud
{
    Public,
    Government,
    China,
}

/// <summary>The app's settings, read and checked. infra/README.md describes each by name.</summary>
internal sealed record AppSettings
{
    /// <summary>Resource ids of the Log Analytics workspaces that detections read. At least one where there is no fault.</summary>
    public ImmutableArray<string> Workspaces { get; init; } = [];

    /// <summary>Tables on the Basic or Auxiliary plan, whose silence is not watched.</summary>
    public ImmutableArray<string> BasicTables { get; init; } = [];

    /// <summary>Resource ids of the container registries whose pushes are watched.</summary>
    public ImmutableArray<string> Registries { get; init; } = [];

    /// <summary>How the scans of images pushed there are waited for.</summary>
    public ImageScanSettings ImageScans { get; init; } = new();

    /// <summary>Name of a receiver with people to tell → who they are.</summary>
    public ImmutableSortedDictionary<string, TeamsActivityOptions> OnCall { get; init; } = ImmutableSortedDictionary<string, TeamsActivityOptions>.Empty;

    /// <summary>Name of an Event Grid receiver → its topic.</summary>
    public ImmutableSortedDictionary<string, Uri> Topics { get; init; } = ImmutableSortedDictionary<string, Uri>.Empty;

    /// <summary>Name of a webhook receiver in routes.yaml → its address.</summary>
    public ImmutableSortedDictionary<string, SecretUri> Receivers { get; init; } = ImmutableSortedDictionary<string, SecretUri>.Empty;

    /// <summary>Hosts that receivers may lie on.</summary>
    /// <value>The default value is the hosts of Teams' Workflows webhooks.</value>
    public ImmutableArray<string> AllowedHosts { get; init; } = [.. new WebhookOptions().AllowedHosts];

    /// <summary>Whether detections marked <c>deliver: alertRule</c> are kept as Azure Monitor rules.</summary>
    public bool ManageAlertRules { get; init; }

    /// <summary>Resource id of the resource group that holds the rules.</summary>
    public string? RuleResourceGroup { get; init; }

    /// <summary>Resource id of the action group that the rules notify.</summary>
    public string? ActionGroup { get; init; }

    /// <summary>The links of the cards' buttons; null where no public address is set.</summary>
    public AlertLinks? Links { get; init; }

    public AzureCloud Cloud { get; init; } = AzureCloud.Public;

    /// <summary>The folder with detections/, functions/ and schemas/.</summary>
    /// <value>The default value is <c>kql</c> beside the executable.</value>
    public string Catalogue { get; init; } = Path.Combine(AppContext.BaseDirectory, "kql");

    /// <summary>Where Log Analytics is asked instead of the cloud's own address: a proxy, or the embedded workspace on this machine.</summary>
    public Uri? LogAnalyticsEndpoint { get; init; }

    /// <summary>Where Azure Resource Manager is asked instead of the cloud's own address: a proxy, or a server on this machine.</summary>
    public Uri? ResourceManagerEndpoint { get; init; }

    /// <summary>Likewise for Microsoft Graph.</summary>
    public Uri? GraphEndpoint { get; init; }

    /// <summary>The client id of the user-assigned identity, from <c>AZURE_CLIENT_ID</c>; null on a developer's machine.</summary>
    public string? ClientId { get; init; }

    /// <summary>Where the state lies. Null where there is a fault about it.</summary>
    public StorageSettings? Storage { get; init; }

    /// <summary>routes.yaml of the catalogue. Null where there is a fault about it.</summary>
    public Routes? Routes { get; init; }

    /// <summary>Every fault, in the order of the settings' names. The app with a fault runs no detection.</summary>
    public ImmutableArray<SettingFault> Faults { get; init; } = [];

    /// <summary>All faults in one message; null where there is none.</summary>
    public string? Problem => Faults.IsEmpty
        ? null
        : $"The app is not configured; until it is, no detection runs.\n{string.Join('\n', Faults.Select(fault => $"  {fault}"))}";

    /// <exception cref="InvalidOperationException">There are faults; the message holds all of them.</exception>
    public void ThrowIfFaulty()
    {
        if (Problem is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
