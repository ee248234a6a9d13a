using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.AzureServices.ResourceManager;
using AlertFunctions.Testing;
using Microsoft.AspNetCore.Http;

namespace AlertFunctions.AzureServices.Tests.ResourceManager;

public sealed class ResourceManagerAccessControlTests
{
    private const string Id = "/subscriptions/s-1/providers/Microsoft.Authorization/roleAssignments/a-1";

    [Fact]
    public async Task Assignment_IsReadByItsId()
    {
        var asked = "";

        var assignment = await AskAsync(
            context =>
            {
                asked = $"{context.Request.Path}{context.Request.QueryString}";
                return context.Response.WriteAsync("""{"properties":{"roleDefinitionId":"/subscriptions/s-1/providers/Microsoft.Authorization/roleDefinitions/r-1","principalId":"p-1","principalType":"User","scope":"/subscriptions/s-1"}}""");
            },
            (access, token) => access.FindAssignmentAsync(Id, token));

        Assert.Equal($"{Id}?api-version=2022-04-01", asked);
        Assert.Equal(new RoleAssignment(Id, "/subscriptions/s-1", "/subscriptions/s-1/providers/Microsoft.Authorization/roleDefinitions/r-1", "p-1", "User"), assignment);
    }

    [Fact]
    public async Task Role_HasActionsOnResourcesAndData()
    {
        var role = await AskAsync(
            context => context.Response.WriteAsync("""{"properties":{"roleName":"Mine","type":"CustomRole","permissions":[{"actions":["*/read"],"dataActions":["Microsoft.ContainerService/*"]},{"actions":["*"]}]}}"""),
            (access, token) => access.FindRoleAsync("/x/roleDefinitions/r-1", token));

        Assert.Equal(("Mine", true), (role!.Name, role.IsCustom));
        Assert.Equal(["*/read", "Microsoft.ContainerService/*", "*"], role.Actions);
    }

    [Fact]
    public async Task Assignment_ThatIsGone_IsNull() => Assert.Null(await AskAsync(
        context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        },
        (access, token) => access.FindAssignmentAsync(Id, token)));

    [Theory]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"No."}}""")]
    [InlineData(429, "{}")]
    [InlineData(503, "")]
    [InlineData(200, """{"properties":""")]
    [InlineData(200, """{"properties":{}}""")]
    public async Task Assignment_ThatCannotBeRead_IsToBeAskedAgain(int status, string body) => await Assert.ThrowsAsync<AccessUnavailableException>(() => AskAsync(
        context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "60";
            return context.Response.WriteAsync(body);
        },
        (access, token) => access.FindAssignmentAsync(Id, token)));

    private static async Task<T> AskAsync<T>(RequestDelegate answer, Func<ResourceManagerAccessControl, CancellationToken, Task<T>> ask)
    {
        await using var server = await LoopbackServer.StartAsync(answer);
        var options = ResourceManagerOptions.AzurePublic with { Endpoint = server.Address, MaxRetries = 0 };
        return await ask(
            new ResourceManagerAccessControl(new ResourceManagerClient(options, new NoCredential(), TimeProvider.System)), TestContext.Current.CancellationToken);
    }
}
