using AlertFunctions.Alerting.Notifications;
using AlertFunctions.Settings;
using AlertFunctions.Testing;
using Azure.Identity;
using Microsoft.Extensions.Configuration;

namespace AlertFunctions.Tests.Settings;

public sealed class SettingsReaderTests
{
    private const string Subscription = "/subscriptions/00000000-0000-0000-0000-000000000001";
    private const string Workspace = $"{Subscription}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law";

    [Fact]
    public void Read_Complete_HasNoFault()
    {
        var settings = Read(new()
        {
            ["AzureWebJobsStorage:accountName"] = "store",
            ["AlertFunctions:Workspaces"] = $"{Workspace}; {Workspace}2;",
            ["AlertFunctions:Receivers:Platform:Url"] = "https://x.logic.azure.com/workflows/1",
            ["AlertFunctions:Receivers:security:Url"] = "https://x.logic.azure.com/workflows/2",
            ["AlertFunctions:ManageAlertRules"] = "True",
            ["AlertFunctions:AlertRules:ResourceGroup"] = $"{Subscription}/resourceGroups/rg",
            ["AlertFunctions:AlertRules:ActionGroup"] = $"{Subscription}/resourceGroups/rg/providers/microsoft.insights/actionGroups/ops",
            ["AlertFunctions:BasicTables"] = "ContainerLogV2; AKSAudit",
            ["AlertFunctions:Cloud"] = "government",
            ["AlertFunctions:Catalogue"] = Testing.Repository.Kql,
        });

        Assert.Null(settings.Problem);
        Assert.Equal(["ContainerLogV2", "AKSAudit"], settings.BasicTables);
        Assert.Equal((2, 2, AzureCloud.Government, true), (settings.Workspaces.Length, settings.Receivers.Count, settings.Cloud, settings.ManageAlertRules));
    }

    [Fact]
    public void Read_EverythingWrong_SaysAllOfItInOneMessageAndNoValue()
    {
        var problem = Read(new()
        {
            ["AlertFunctions:Workspaces"] = $"{Workspace};hunter2",
            ["AlertFunctions:Registries"] = "hunter2",
            ["AlertFunctions:Receivers:teams:Url"] = "@Microsoft.KeyVault(SecretUri=hunter2)",
            ["AlertFunctions:Receivers:other:Url"] = "hunter2",
            ["AlertFunctions:Receivers:third:Address"] = "hunter2",
            ["AlertFunctions:ManageAlertRules"] = "hunter2",
            ["AlertFunctions:Cloud"] = "hunter2",
            ["AlertFunctions:ImageScans:Grace"] = "hunter2",
            ["AlertFunctions:ImageScans:Evidence"] = "Referrers;hunter2",
            ["AlertFunctions:ImageScans:Deadline"] = "hunter2",
            ["AlertFunctions:Workspace"] = "hunter2",
            ["AlertFunctions:Catalogue"] = "no-such-folder",
        }).Problem;

        var expected = """
            The app is not configured; until it is, no detection runs.
              AlertFunctions__Catalogue: there is no folder {0}no-such-folder; it comes with the package.
              AlertFunctions__Cloud: is none of Public, Government, China.
              AlertFunctions__ImageScans__Deadline: there is no such setting; known are Grace, Evidence, ArtifactTypes.
              AlertFunctions__ImageScans__Evidence: entry 2 is none of Referrers, Workspace, ResourceGraph, Quarantine, or is there twice.
              AlertFunctions__ImageScans__Grace: is not a time from 10m to 14d, such as 6h.
              AlertFunctions__ManageAlertRules: is neither true nor false.
              AlertFunctions__Receivers__other__Url: is not an absolute address.
              AlertFunctions__Receivers__teams__Url: the Key Vault reference has not been resolved: the secret is missing, or the app's identity may not read it.
              AlertFunctions__Receivers__third__Address: there is no such setting; a receiver has a Url, or Users and a Link.
              AlertFunctions__Receivers__third__Url: is not an absolute address.
              AlertFunctions__Registries: entry 1 is not a resource id like /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.ContainerRegistry/registries/<name>.
              AlertFunctions__Workspace: there is no such setting; known are Workspaces, BasicTables, Registries, Receivers, AllowedHosts, ManageAlertRules, AlertRules, Cloud, Catalogue, LogAnalyticsEndpoint, ResourceManagerEndpoint, GraphEndpoint, ImageScans, PublicAddress, LinkKey.
              AlertFunctions__Workspaces: entry 2 is not a resource id like /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.OperationalInsights/workspaces/<name>.
              AzureWebJobsStorage: names no storage account; write AzureWebJobsStorage__accountName, or __blobServiceUri, __queueServiceUri and __tableServiceUri.
            """.Replace("{0}", AppContext.BaseDirectory, StringComparison.Ordinal);
        Assert.Equal(expected, problem, ignoreLineEndingDifferences: true);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RulesWithoutTheirPlace_SaysWhatTheyNeed()
    {
        var settings = Read(new()
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["AlertFunctions:Workspaces"] = Workspace,
            ["AlertFunctions:Catalogue"] = Testing.Repository.Kql,
            ["AlertFunctions:ManageAlertRules"] = "true",
            ["AlertFunctions:AlertRules:ActionGroup"] = "ops",
        });

        Assert.Equal(
            [
                "AlertFunctions__AlertRules__ActionGroup", "AlertFunctions__AlertRules__ResourceGroup",
                "AlertFunctions__Receivers__platform__Url", "AlertFunctions__Receivers__security__Url",
            ],
            settings.Faults.Select(fault => fault.Name));
    }

    [Fact]
    public void Read_EveryKindOfReceiver_HasWhatItNeeds()
    {
        using var catalogue = Receivers();

        var settings = Read(new()
        {
            ["AzureWebJobsStorage:accountName"] = "store",
            ["AlertFunctions:Workspaces"] = Workspace,
            ["AlertFunctions:Catalogue"] = catalogue.Path,
            ["AlertFunctions:Receivers:cards:Url"] = "https://x.logic.azure.com/workflows/1",
            ["AlertFunctions:Receivers:hook:Url"] = "https://hooks.example.com/x",
            ["AlertFunctions:Receivers:topic:Url"] = "https://alerts.westeurope-1.eventgrid.azure.net/api/events",
            ["AlertFunctions:Receivers:oncall:Users"] = "84b80893-8749-40a3-97b7-68513b600544; bob@contoso.com",
            ["AlertFunctions:Receivers:oncall:Link"] = "https://teams.microsoft.com/l/channel/1",
        });

        Assert.Null(settings.Problem);
        Assert.Equal("alerts.westeurope-1.eventgrid.azure.net", settings.Topics["topic"].Host);
        Assert.Equal(["84b80893-8749-40a3-97b7-68513b600544", "bob@contoso.com"], settings.OnCall["oncall"].Users);
        using var notifiers = new DisposableNotifiers(AlertFunctions.Composition.Notifiers.Create(settings, CardOptions.Default, new DefaultAzureCredential(), TimeProvider.System));
        Assert.Equal(
            ["CommonAlertNotifier", "EventGridNotifier", "TeamsActivityNotifier", "WebhookNotifier"],
            notifiers.All.Values.Select(notifier => notifier.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_ReceiversWithoutWhatTheyNeed_SaysWhat()
    {
        using var catalogue = Receivers();

        var settings = Read(new()
        {
            ["AzureWebJobsStorage:accountName"] = "store",
            ["AlertFunctions:Workspaces"] = Workspace,
            ["AlertFunctions:Catalogue"] = catalogue.Path,
            ["AlertFunctions:Receivers:topic:Url"] = "https://alerts.example.com/api/events",
            ["AlertFunctions:Receivers:oncall:Users"] = "bob",
            ["AlertFunctions:Receivers:oncall:Link"] = "https://example.com/teams.microsoft.com",
        });

        Assert.Equal(
            [
                "AlertFunctions__Receivers__cards__Url: is missing: routes.yaml sends alerts there.",
                "AlertFunctions__Receivers__hook__Url: is missing: routes.yaml sends alerts there.",
                "AlertFunctions__Receivers__oncall__Link: is not a link into Teams, such as that of the channel: https://teams.microsoft.com/l/channel/...",
                "AlertFunctions__Receivers__oncall__Users: must be object ids or user principal names, with ';' between them.",
                "AlertFunctions__Receivers__topic__Url: is not the address of an Event Grid topic, such as https://<topic>.<region>-1.eventgrid.azure.net/api/events.",
            ],
            settings.Faults.Select(fault => fault.ToString()));
    }

    private static CatalogueFolder Receivers() => new CatalogueFolder().With("routes.yaml", """
        receivers:
          - { name: cards, type: teams, setting: Receivers__Cards }
          - { name: hook, type: webhook, setting: Receivers__Hook }
          - { name: topic, type: eventGrid, setting: Receivers__Topic }
          - { name: oncall, type: teamsActivity, setting: Receivers__OnCall }
        route: { receiver: cards }

        """);

    private sealed class DisposableNotifiers(Dictionary<string, INotifier> all) : IDisposable
    {
        public Dictionary<string, INotifier> All => all;

        public void Dispose()
        {
            foreach (var notifier in all.Values.OfType<IDisposable>())
            {
                notifier.Dispose();
            }
        }
    }

    private static AppSettings Read(Dictionary<string, string?> values) =>
        SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
