using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Alerting.Routing;

namespace AlertFunctions.Settings;

/// <summary>Reads the app settings that begin with <c>AlertFunctions__</c>. Every fault is found in one pass.</summary>
internal sealed partial class SettingsReader
{
    private const string Section = "AlertFunctions";

    /// <summary>What may follow <c>AlertFunctions__</c>.</summary>
    public static ImmutableArray<string> KnownNames { get; } =
        ["Workspaces", "BasicTables", "Registries", "Receivers", "AllowedHosts", "ManageAlertRules", "AlertRules", "Cloud", "Catalogue", "LogAnalyticsEndpoint", "ResourceManagerEndpoint", "GraphEndpoint", "ImageScans", "PublicAddress", "LinkKey"];

    private const string Unresolved = "the Key Vault reference has not been resolved: the secret is missing, or the app's identity may not read it.";

    private readonly IConfiguration _configuration;
    private readonly List<SettingFault> _faults = [];

    private SettingsReader(IConfiguration configuration) => _configuration = configuration;

    public static AppSettings Read(IConfiguration configuration) => new SettingsReader(configuration).Read();

    private AppSettings Read()
    {
        CheckNames();
        var cloud = Cloud();
        var settings = new AppSettings
        {
            Storage = Storage(cloud),
            LogAnalyticsEndpoint = Endpoint("LogAnalyticsEndpoint"),
            ResourceManagerEndpoint = Endpoint("ResourceManagerEndpoint"),
            GraphEndpoint = Endpoint("GraphEndpoint"),
            ClientId = _configuration["AZURE_CLIENT_ID"] is { Length: > 0 } client ? client : null,
            Workspaces = ResourceIds("Workspaces", WorkspaceId(), "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.OperationalInsights/workspaces/<name>"),
            Registries = ResourceIds("Registries", RegistryId(), "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.ContainerRegistry/registries/<name>"),
            Receivers = Receivers(),
            OnCall = OnCall(),
            ManageAlertRules = Flag("ManageAlertRules"),
            Links = Links(),
            Cloud = cloud,
        };
        settings = settings with { ImageScans = ImageScans(settings.Registries, cloud) };
        if (Value("AllowedHosts") is { } hosts)
        {
            settings = settings with { AllowedHosts = Split(hosts) };
        }

        if (Value("BasicTables") is { } tables)
        {
            settings = settings with { BasicTables = Split(tables) };
        }

        if (Value("Catalogue") is { } catalogue)
        {
            settings = settings with { Catalogue = Path.Combine(AppContext.BaseDirectory, catalogue) };
        }

        if (settings.Workspaces.IsEmpty && Value("Workspaces") is null)
        {
            Fault("Workspaces", "names no Log Analytics workspace; write the resource ids of those that detections read, with ';' between them.");
        }

        if (!Directory.Exists(settings.Catalogue))
        {
            Fault("Catalogue", $"there is no folder {settings.Catalogue}; it comes with the package.");
        }
        else
        {
            settings = settings with { Routes = Routes(settings.Catalogue) };
            settings = settings with { Topics = Topics(settings) };
        }

        if (settings.ManageAlertRules)
        {
            settings = settings with
            {
                RuleResourceGroup = Required("AlertRules:ResourceGroup", GroupId(), "/subscriptions/<id>/resourceGroups/<name>"),
                ActionGroup = Required("AlertRules:ActionGroup", ActionGroupId(), "/subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.Insights/actionGroups/<name>"),
            };
        }

        return settings with { Faults = [.. _faults.OrderBy(fault => fault.Name, StringComparer.Ordinal)] };
    }

    private void CheckNames()
    {
        foreach (var child in _configuration.GetSection(Section).GetChildren())
        {
            if (!KnownNames.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                Fault(child.Key, $"there is no such setting; known are {string.Join(", ", KnownNames)}.");
            }
        }
    }

    private StorageSettings? Storage(AzureCloud cloud)
    {
        var section = _configuration.GetSection("AzureWebJobsStorage");
        if (section.Value is { Length: > 0 } secret)
        {
            return new StorageSettings(secret, null, null);
        }

        var suffix = cloud switch
        {
            AzureCloud.Government => "core.usgovcloudapi.net",
            AzureCloud.China => "core.chinacloudapi.cn",
            _ => "core.windows.net",
        };
        if (section["tableServiceUri"] is not { Length: > 0 } && section["accountName"] is not { Length: > 0 })
        {
            StorageFault("names no storage account; write AzureWebJobsStorage__accountName, or __blobServiceUri, __queueServiceUri and __tableServiceUri.");
            return null;
        }

        var (tables, queues) = (Address("table"), Address("queue"));
        return tables is null || queues is null ? null : new StorageSettings(null, tables, queues);

        Uri? Address(string service)
        {
            var text = section[$"{service}ServiceUri"] is { Length: > 0 } given ? given
                : section["accountName"] is { Length: > 0 } account ? $"https://{account}.{service}.{suffix}"
                : null;
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps)
            {
                return address;
            }

            StorageFault(text is null ? $"names no address of its {service}s; write AzureWebJobsStorage__{service}ServiceUri." : $"the address of its {service}s is not https.");
            return null;
        }

        void StorageFault(string message) => _faults.Add(new SettingFault("AzureWebJobsStorage", message));
    }

    private Uri? Endpoint(string name)
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback))
        {
            return endpoint;
        }

        Fault(name, "is not an https address; plain http is for this machine only.");
        return null;
    }

    private AlertLinks? Links()
    {
        var (text, key) = (Value("PublicAddress"), Value("LinkKey"));
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback) || address.PathAndQuery != "/")
        {
            Fault("PublicAddress", "is not an https address without a path; write https://<host name of the app>.");
        }
        else if (key is null)
        {
            Fault("LinkKey", "is missing: the links that PublicAddress asks for are signed with it.");
        }
        else if (IsUnresolved(key))
        {
            Fault("LinkKey", Unresolved);
        }
        else if (key.Length < AlertLinks.LeastKeyLength)
        {
            Fault("LinkKey", $"is shorter than {AlertLinks.LeastKeyLength} characters.");
        }
        else
        {
            return new AlertLinks(address, key);
        }

        return null;
    }

    private Routes? Routes(string catalogue)
    {
        var path = Path.Combine(catalogue, "routes.yaml");
        var loaded = RoutesLoader.Load(path);
        foreach (var fault in loaded.Diagnostics.Where(diagnostic => diagnostic.IsError))
        {
            _faults.Add(new SettingFault("routes.yaml", $"{fault.Position.Line}:{fault.Position.Column}: {fault.Message}"));
        }

        foreach (var receiver in loaded.Routes?.Receivers ?? [])
        {
            CheckReceiver(receiver);
        }

        return loaded.Routes;
    }

    private ImmutableSortedDictionary<string, SecretUri> Receivers()
    {
        var receivers = ImmutableSortedDictionary.CreateBuilder<string, SecretUri>(StringComparer.OrdinalIgnoreCase);
        foreach (var receiver in _configuration.GetSection($"{Section}:Receivers").GetChildren())
        {
            var name = $"Receivers:{receiver.Key}:Url";
            foreach (var other in receiver.GetChildren().Where(child => !ReceiverSettings.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            {
                Fault($"Receivers:{receiver.Key}:{other.Key}", "there is no such setting; a receiver has a Url, or Users and a Link.");
            }

            if (receiver["Url"] is null && receiver["Users"] is not null)
            {
                continue;
            }

            if (receiver["Url"] is { } reference && IsUnresolved(reference))
            {
                Fault(name, Unresolved);
            }
            else if (SecretUri.TryCreate(receiver["Url"], out var address))
            {
                receivers[receiver.Key] = address!;
            }
            else
            {
                Fault(name, "is not an absolute address.");
            }
        }

        return receivers.ToImmutable();
    }

    private ImmutableArray<string> ResourceIds(string name, Regex shape, string example)
    {
        var ids = Value(name) is { } text ? Split(text) : [];
        for (var i = 0; i < ids.Length; i++)
        {
            if (!shape.IsMatch(ids[i]))
            {
                Fault(name, $"entry {i + 1} is not a resource id like {example}.");
            }
        }

        return ids;
    }

    private string? Required(string name, Regex shape, string example)
    {
        var value = Value(name);
        if (value is null || !shape.IsMatch(value))
        {
            Fault(name, $"is {(value is null ? "missing" : "not a resource id")}, and ManageAlertRules needs it; write it like {example}.");
            return null;
        }

        return value;
    }

    private bool Flag(string name)
    {
        var value = Value(name);
        if (value is null || bool.TryParse(value, out _))
        {
            return value is not null && bool.Parse(value);
        }

        Fault(name, "is neither true nor false.");
        return false;
    }

    private AzureCloud Cloud()
    {
        var value = Value("Cloud");
        foreach (var cloud in Enum.GetValues<AzureCloud>())
        {
            if (cloud.ToString().Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return cloud;
            }
        }

        if (value is not null)
        {
            Fault("Cloud", $"is none of {string.Join(", ", Enum.GetNames<AzureCloud>())}.");
        }

        return AzureCloud.Public;
    }

    /// <summary>What the platform could not look up it leaves as it was written.</summary>
    private static bool IsUnresolved(string value) => value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal);

    private string? Value(string name) => _configuration[$"{Section}:{name}"]?.Trim() is { Length: > 0 } value ? value : null;

    private void Fault(string name, string message) => _faults.Add(new SettingFault($"{Section}__{name.Replace(":", "__", StringComparison.Ordinal)}", message));

    private static ImmutableArray<string> Split(string text) => [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    [GeneratedRegex(@"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.OperationalInsights/workspaces/[^/]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WorkspaceId();

    [GeneratedRegex(@"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.ContainerRegistry/registries/[^/]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RegistryId();

    [GeneratedRegex(@"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GroupId();

    [GeneratedRegex(@"^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Insights/actionGroups/[^/]+\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ActionGroupId();
}
