using System.Text.Json;
using AlertFunctions.Alerting;
using AlertFunctions.Alerting.Reactions.Access;
using AlertFunctions.AzureServices.Http;

namespace AlertFunctions.AzureServices.ResourceManager;

/// <summary>
/// Role assignments and roles from Azure Resource Manager. Source: learn.microsoft.com/rest/api/authorization, role-assignments (get-by-id) and
/// role-definitions (get-by-id).
/// </summary>
public sealed class ResourceManagerAccessControl(ResourceManagerClient resources) : IAccessControl
{
    private const string Version = "2022-04-01";

    public async Task<RoleAssignment?> FindAssignmentAsync(string id, CancellationToken cancellationToken)
    {
        if (await GetAsync(id, cancellationToken) is not { } properties)
        {
            return null;
        }

        return properties.Text("roleDefinitionId") is { } role && properties.Text("principalId") is { } principal
            ? new RoleAssignment(id, properties.Text("scope") ?? "/", role, principal, properties.Text("principalType") ?? "")
            : throw new AccessUnavailableException("The assignment came without its role or its principal.");
    }

    public async Task<RoleDefinition?> FindRoleAsync(string id, CancellationToken cancellationToken)
    {
        if (await GetAsync(id, cancellationToken) is not { } properties)
        {
            return null;
        }

        var actions = properties.Items("permissions").SelectMany(p => p.Items("actions").Concat(p.Items("dataActions")));
        return new RoleDefinition(
            properties.Text("roleName") ?? ResourceId.Name(id),
            "CustomRole".Equals(properties.Text("type"), StringComparison.OrdinalIgnoreCase),
            [.. actions.Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)]);
    }

    /// <summary>The member <c>properties</c> of the resource; null where there is no such resource.</summary>
    private async Task<JsonElement?> GetAsync(string id, CancellationToken cancellationToken) =>
        await resources.GetAsync(id, Version, cancellationToken) switch
        {
            ResourceFound { Body: { ValueKind: JsonValueKind.Object } body } when body.TryGetProperty("properties", out var properties) => properties,
            ResourceMissing => null,
            var outcome => throw new AccessUnavailableException($"Azure Resource Manager: {(outcome.Detail.Length > 0 ? outcome.Detail : "an answer without properties")}"),
        };
}
