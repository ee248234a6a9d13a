using AlertFunctions.Alerting.Principals;
using AlertFunctions.Alerting.Reactions;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.Testing;

namespace AlertFunctions.Alerting.Tests.Reactions.Access;

public sealed class RoleAssignmentReactionTests : IDisposable
{
    private const string Subscription = "/subscriptions/5D1A0000-0000-0000-0000-000000000001";
    private const string Id = $"{Subscription}/providers/Microsoft.Authorization/roleAssignments/AAAA0000-0000-0000-0000-000000000001";
    private const string Owner = $"{Subscription}/providers/Microsoft.Authorization/roleDefinitions/8E3AF657-a8ff-443c-a75c-2fe8c4bcb635";
    private const string Custom = $"{Subscription}/providers/Microsoft.Authorization/roleDefinitions/c0570000-0000-0000-0000-000000000001";
    private static readonly Guid Bob = new("0b0b0000-0000-0000-0000-00000000000b");
    private static readonly Guid Anna = new("a44a0000-0000-0000-0000-00000000000a");

    private readonly ReactionScenario _scenario = new();
    private readonly MemoryAccessControl _access = new();
    private readonly RoleAssignmentReaction _reaction;

    public RoleAssignmentReactionTests() => _reaction = new RoleAssignmentReaction(
        _access,
        new MemoryDirectory(new Principal(Bob, PrincipalKind.User, "Bob", "bob@contoso.com"), new Principal(Anna, PrincipalKind.User, "Anna", "anna@contoso.com")),
        _scenario.Store,
        _scenario.Inbox,
        _scenario.Detections);

    public void Dispose() => _scenario.Dispose();

    [Fact]
    public async Task Grant_OfOwner_AlertsAtOnceWithNames()
    {
        Assign(Owner);

        Assert.Equal(RoleAssignmentOutcome.Raised, await HandleAsync());
        await _scenario.DeliverAsync();

        var alert = Assert.Single(_scenario.Told);
        Assert.Equal("Owner assigned on a subscription by anna@contoso.com", alert.Title);
        Assert.Contains("(203.0.113.7) gave the role Owner to user Bob (bob@contoso.com) at", alert.Description, StringComparison.Ordinal);
        Assert.Equal(Severity.High, alert.Severity);
    }

    [Fact]
    public async Task Grant_ToldTwice_IsOneAlert()
    {
        Assign(Owner);

        await HandleAsync();
        await _scenario.DeliverAsync();
        await HandleAsync();
        await _scenario.DeliverAsync();

        Assert.Single(_scenario.Told);
    }

    [Fact]
    public async Task Removal_OfWhatIsKnown_SaysWhatWasRemoved()
    {
        Assign(Owner);
        await HandleAsync();
        await _scenario.DeliverAsync();

        await HandleAsync(isDeletion: true);
        await _scenario.DeliverAsync();

        Assert.Equal("Owner removed on a subscription by anna@contoso.com", _scenario.Told[^1].Title);
        Assert.Equal(ReactionDetections.PrivilegedRoleRemoved, _scenario.Told[^1].Detection);
    }

    [Fact]
    public async Task Removal_OfWhatNobodyKnows_IsLeftToTheLog() =>
        Assert.Equal(RoleAssignmentOutcome.Gone, await HandleAsync(isDeletion: true));

    [Fact]
    public async Task Grant_OfAnOrdinaryRole_IsQuiet()
    {
        Assign($"{Subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7");

        Assert.Equal(RoleAssignmentOutcome.NotPrivileged, await HandleAsync());
    }

    [Theory]
    [InlineData("*", Severity.High)]
    [InlineData("*/write", Severity.High)]
    [InlineData("Microsoft.Authorization/*", Severity.High)]
    [InlineData("Microsoft.ContainerService/*", Severity.Medium)]
    [InlineData("Microsoft.ContainerRegistry/registries/*", Severity.Medium)]
    [InlineData("*/read", null)]
    [InlineData("Microsoft.Storage/*", null)]
    [InlineData("Microsoft.ContainerService/managedClusters/write", null)]
    public async Task Grant_OfACustomRole_IsPrivilegedByItsWildcards(string action, Severity? severity)
    {
        Assign(Custom);
        _access.With(Custom, new RoleDefinition("Platform | <b>all</b>", IsCustom: true, ["Microsoft.Resources/deployments/read", action]));

        Assert.Equal(severity is null ? RoleAssignmentOutcome.NotPrivileged : RoleAssignmentOutcome.Raised, await HandleAsync());
        await _scenario.DeliverAsync();

        Assert.Equal(severity is null ? [] : [severity.Value], _scenario.Told.Select(a => a.Severity));
        Assert.All(_scenario.Told, a => Assert.StartsWith("Platform | <b>all</b> assigned on", a.Title, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Id, "subscription")]
    [InlineData($"{Subscription}/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments/r", "resource group")]
    [InlineData($"{Subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c/providers/Microsoft.Authorization/roleAssignments/r", "resource")]
    [InlineData("/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Authorization/roleAssignments/r", "management group")]
    [InlineData("/providers/Microsoft.Authorization/roleAssignments/r", "tenant root")]
    public async Task Grant_AtAScope_SaysWhichKindItIs(string id, string level)
    {
        Assign(Owner, id);

        await HandleAsync(id: id);
        await _scenario.DeliverAsync();

        Assert.Equal(level, Assert.Single(_scenario.Told).Labels["ScopeLevel"]);
    }

    [Fact]
    public void BuiltInRoles_AreThoseOfTheCatalogue()
    {
        var rows = System.Text.RegularExpressions.Regex
            .Matches(File.ReadAllText(Path.Combine(Repository.Kql, "functions", "PrivilegedRoles.kql")), "\"([0-9a-f-]{36})\", \"([^\"]*)\", \"(\\w+)\"")
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value))
            .Order();

        Assert.Equal(rows, PrivilegedRoles.BuiltIn.Select(r => (r.Key, r.Value.Name, r.Value.Severity.ToString())).Order());
    }

    private void Assign(string role, string id = Id) => _access.With(new RoleAssignment(id, "", role, Bob.ToString().ToUpperInvariant(), "User"));

    private Task<RoleAssignmentOutcome> HandleAsync(bool isDeletion = false, string id = Id) => _reaction.HandleAsync(
        new RoleAssignmentEvent(id, isDeletion, Some.Noon.AddMinutes(isDeletion ? 5 : 0)) { Caller = "anna@contoso.com", CallerId = Anna, CallerIpAddress = "203.0.113.7" },
        TestContext.Current.CancellationToken);
}
