using AlertFunctions.Alerting.Principals;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.Directory;
using AlertFunctions.AzureServices.LogAnalytics;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.AzureServices.Storage;
using AlertFunctions.Settings;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;

namespace AlertFunctions.Composition;

/// <summary>Azure's services as the settings name them, with the app's identity.</summary>
internal static class AzureClients
{
    /// <summary>The table that infra/modules/storage.bicep makes.</summary>
    public const string StateTable = "alertstate";

    /// <summary>The queues that infra/modules/storage.bicep makes, and their poison queues with them.</summary>
    public const string EvaluationsQueue = "evaluations";

    public const string DeliveriesQueue = "deliveries";

    /// <summary>The app's managed identity; on a developer's machine whoever is signed in.</summary>
    public static TokenCredential Credential(AppSettings settings) => settings.ClientId is { } client
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client))
        : new DefaultAzureCredential();

    public static IStateStore StateStore(StorageSettings storage, TokenCredential credential) => new TableStateStore(
        storage.ConnectionString is { } secret
            ? new TableClient(secret, StateTable)
            : new TableClient(storage.TableEndpoint!, StateTable, credential));

    /// <summary>A queue that the host's triggers read too: both write Base64, as host.json says.</summary>
    public static IWorkQueue WorkQueue(StorageSettings storage, TokenCredential credential, string name)
    {
        return new StorageWorkQueue(Client(name), Client($"{name}-poison"));

        QueueClient Client(string queue)
        {
            var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
            return storage.ConnectionString is { } secret
                ? new QueueClient(secret, queue, options)
                : new QueueClient(new Uri(storage.QueueEndpoint!, queue), credential, options);
        }
    }

    public static ResourceManagerClient ResourceManager(AppSettings settings, TokenCredential credential, TimeProvider time)
    {
        var options = settings.Cloud switch
        {
            AzureCloud.Government => ResourceManagerOptions.AzureGovernment,
            AzureCloud.China => ResourceManagerOptions.AzureChina,
            _ => ResourceManagerOptions.AzurePublic,
        };
        return new ResourceManagerClient(
            settings.ResourceManagerEndpoint is { } endpoint ? options with { Endpoint = endpoint } : options, credential, time);
    }

    public static GraphOptions GraphOptions(AppSettings settings)
    {
        var options = settings.Cloud switch
        {
            AzureCloud.Government => AzureServices.Directory.GraphOptions.AzureGovernment,
            AzureCloud.China => AzureServices.Directory.GraphOptions.AzureChina,
            _ => AzureServices.Directory.GraphOptions.AzurePublic,
        };
        return settings.GraphEndpoint is { } endpoint ? options with { Endpoint = endpoint } : options;
    }

    /// <summary>Names for principals, as far as the app may read the directory.</summary>
    public static CachedDirectory Directory(AppSettings settings, TokenCredential credential, TimeProvider time)
    {
        var options = GraphOptions(settings);
#pragma warning disable CA2000 // It lives as long as the process.
        return new CachedDirectory(new GraphDirectory(GraphClient.Create(options, credential), options), time);
#pragma warning restore CA2000
    }

    public static LogAnalyticsQueryEngine LogAnalytics(AppSettings settings, TokenCredential credential, TimeProvider time)
    {
        var options = settings.Cloud switch
        {
            AzureCloud.Government => LogAnalyticsOptions.AzureGovernment,
            AzureCloud.China => LogAnalyticsOptions.AzureChina,
            _ => LogAnalyticsOptions.AzurePublic,
        };
        if (settings.LogAnalyticsEndpoint is { } endpoint)
        {
            options = options with { Endpoint = endpoint };
        }

        return new LogAnalyticsQueryEngine(new LogAnalyticsClient(options, credential, time), options, settings.Workspaces[0]);
    }
}
