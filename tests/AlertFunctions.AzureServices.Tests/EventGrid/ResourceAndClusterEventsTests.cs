using System.Text.Json;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Alerting.Reactions.Clusters;
using AlertFunctions.AzureServices.EventGrid;
using AlertFunctions.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AlertFunctions.AzureServices.Tests.EventGrid;

public sealed class ResourceAndClusterEventsTests
{
    private const string Cluster = "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/shop";
    private static readonly FakeTimeProvider Clock = new(Some.Noon);

    [Fact]
    public void RoleAssignment_Written_SaysWhoAndWhich()
    {
        var happened = Role("""
            {"eventType":"Microsoft.Resources.ResourceWriteSuccess","eventTime":"2026-03-02T11:00:00Z","subject":"/x","data":{
            "resourceUri":"/subscriptions/s-1/providers/Microsoft.Authorization/roleAssignments/a-1","operationName":"Microsoft.Authorization/roleAssignments/write",
            "claims":{"ipaddr":"203.0.113.10","name":"Dana","http://schemas.microsoft.com/identity/claims/objectidentifier":"11111111-2222-3333-4444-555555555555",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"dana@contoso.example"} } }
            """);

        Assert.Equal(
            new RoleAssignmentEvent("/subscriptions/s-1/providers/Microsoft.Authorization/roleAssignments/a-1", IsDeletion: false, Some.Noon.AddHours(-1))
            {
                Caller = "dana@contoso.example",
                CallerId = new Guid("11111111-2222-3333-4444-555555555555"),
                CallerIpAddress = "203.0.113.10",
            },
            happened);
    }

    [Fact]
    public void RoleAssignment_Deleted_WithoutClaims_TakesTheSubject()
    {
        var happened = Role("""{"eventType":"Microsoft.Resources.ResourceDeleteSuccess","subject":"/subscriptions/s-1/providers/Microsoft.Authorization/roleAssignments/a-1","data":{}}""");

        Assert.True(happened is { IsDeletion: true, Caller: null });
        Assert.Equal(Some.Noon, happened.At);
    }

    [Theory]
    [InlineData("/subscriptions/s-1/providers/Microsoft.Storage/storageAccounts/x")]
    [InlineData("/subscriptions/s-1/providers/Microsoft.Authorization/roleAssignments/")]
    [InlineData("/subscriptions/../providers/Microsoft.Authorization/roleAssignments/a")]
    [InlineData("/subscriptions/s-1/providers/Microsoft.Authorization/roleAssignments/a?x=1")]
    [InlineData("https://evil.example/providers/Microsoft.Authorization/roleAssignments/a")]
    public void RoleAssignment_ThatIsNone_IsDropped(string id)
    {
        var batch = new RoleAssignmentEvents(Clock).Read([JsonElement.Parse(
            $$"""{"eventType":"Microsoft.Resources.ResourceWriteSuccess","subject":"x","data":{"resourceUri":{{JsonSerializer.Serialize(id)}}} }""")]);

        Assert.Empty(batch.Events);
        Assert.Single(batch.Faults);
    }

    [Theory]
    [InlineData("ClusterSupportEnded", """{"kubernetesVersion":"1.31.2"}""")]
    [InlineData("ClusterSupportEnding", """{}""")]
    [InlineData("NewKubernetesVersionAvailable", """{"latestSupportedKubernetesVersion":"1.34.1"}""")]
    [InlineData("NodePoolRollingStarted", """{"nodePoolName":"blue"}""")]
    [InlineData("NodePoolRollingSucceeded", """{"nodePoolName":"blue"}""")]
    [InlineData("NodePoolRollingFailed", """{"nodePoolName":"blue"}""")]
    public void Cluster_EveryType_IsReadInBothSchemas(string type, string data)
    {
        var grid = ClusterEvent($$"""{"topic":"{{Cluster}}","eventType":"Microsoft.ContainerService.{{type}}","eventTime":"2026-03-02T11:00:00Z","data":{{data}} }""");
        var cloud = ClusterEvent($$"""{"specversion":"1.0","source":"{{Cluster}}","type":"Microsoft.ContainerService.{{type}}","time":"2026-03-02T11:00:00Z","data":{{data}} }""");

        Assert.Equal(grid, cloud);
        Assert.Equal(("shop", Some.Noon.AddHours(-1)), (grid.Cluster, grid.At));
    }

    // The documented example: MicrosoftDocs/azure-docs, event-grid/event-schema-containerservice-resources.md.
    [Theory]
    [InlineData("Started", MaintenanceStage.Started)]
    [InlineData("Cancelled", MaintenanceStage.Cancelled)]
    [InlineData("Canceled", MaintenanceStage.Cancelled)]
    public void Maintenance_IsOfTheClusterInTheResource(string status, MaintenanceStage stage)
    {
        var happened = Assert.IsType<Maintenance>(ClusterEvent($$"""
            {"topic":"/subscriptions/s-1","subject":"{{Cluster}}/scheduledEvents/e-1","eventType":"Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted",
            "eventTime":"2026-03-02T11:00:00Z","data":{"resourceInfo":{"id":"{{Cluster}}/scheduledEvents/e-1","name":"e-1","properties":{"eventId":"bbe82027","eventSource":"AutoUpgrader",
            "eventStatus":"{{status}}","eventDetails":"Start to upgrade security vhd","scheduledTime":"2026-03-02T22:17:12.103268606Z","startTime":"0001-01-01T00:00:00Z"} } } }
            """));

        Assert.Equal((Cluster, "bbe82027", stage, "AutoUpgrader"), (happened.ClusterId, happened.MaintenanceId, happened.Stage, happened.Origin));
        Assert.Equal(22, happened.ScheduledFor!.Value.Hour);
    }

    [Theory]
    [InlineData("""{"topic":"/subscriptions/s-1","eventType":"Microsoft.ContainerService.ClusterSupportEnded","data":{}}""")]
    [InlineData("""{"topic":"/s/managedClusters/x","eventType":"Microsoft.ContainerService.SomethingNew","data":{}}""")]
    [InlineData("""{"topic":"/s","eventType":"Microsoft.ResourceNotifications.ContainerServiceEventResources.ScheduledEventEmitted","data":{"resourceInfo":{"id":"/s/managedClusters/x","properties":{"eventStatus":"7"}}}}""")]
    public void Cluster_EventThatIsNone_IsDropped(string json)
    {
        var batch = new ClusterEvents(Clock).Read([JsonElement.Parse(json)]);

        Assert.Empty(batch.Events);
        Assert.Single(batch.Faults);
    }

    private static RoleAssignmentEvent Role(string json)
    {
        var batch = new RoleAssignmentEvents(Clock).Read([JsonElement.Parse(json)]);
        Assert.Empty(batch.Faults);
        return Assert.Single(batch.Events);
    }

    private static ClusterEvent ClusterEvent(string json)
    {
        var batch = new ClusterEvents(Clock).Read([JsonElement.Parse(json)]);
        Assert.Empty(batch.Faults);
        return Assert.Single(batch.Events);
    }
}
