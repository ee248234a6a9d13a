using System.Collections.Frozen;

namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>
/// The built-in roles with which clusters, registries or access itself can be changed: those of
/// <c>kql/detections/azure/privileged-role-assigned.kql</c>, which a test holds this list against.
/// Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles.
/// </summary>
public static class PrivilegedRoles
{
    public static FrozenDictionary<string, (string Name, Severity Severity)> BuiltIn { get; } = new Dictionary<string, (string, Severity)>
    {
        ["8e3af657-a8ff-443c-a75c-2fe8c4bcb635"] = ("Owner", Severity.High),
        ["18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"] = ("User Access Administrator", Severity.High),
        ["f58310d9-a9f6-439a-9e8d-f62e7b41a168"] = ("Role Based Access Control Administrator", Severity.High),
        ["b24988ac-6180-42a0-ab88-20f7382dd24c"] = ("Contributor", Severity.Medium),
        ["b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"] = ("Azure Kubernetes Service RBAC Cluster Admin", Severity.High),
        ["0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8"] = ("Azure Kubernetes Service Cluster Admin Role", Severity.High),
        ["3498e952-d568-435e-9b2c-8d77e338d7f7"] = ("Azure Kubernetes Service RBAC Admin", Severity.Medium),
        ["ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8"] = ("Azure Kubernetes Service Contributor Role", Severity.Medium),
        ["8311e382-0749-4cb8-b61a-304f252e45ec"] = ("AcrPush", Severity.Medium),
        ["c2f4ef07-c644-48eb-af81-4b1b4947fb11"] = ("AcrDelete", Severity.Medium),
        ["6cef56e8-d556-48e5-a04f-b8e64114680f"] = ("AcrImageSigner", Severity.Medium),
        ["c8d4ff99-41c3-41a8-9f60-21dfdad59608"] = ("AcrQuarantineWriter", Severity.Medium),
        ["00482a5a-887f-4fb3-b363-3b7fe8e74483"] = ("Key Vault Administrator", Severity.Medium),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Providers whose resources run, hold or open what is watched here.
    private static readonly string[] Sensitive = ["microsoft.containerservice/", "microsoft.containerregistry/", "microsoft.keyvault/"];

    /// <summary>
    /// How severe it is that somebody gets a custom role: high where it allows everything or all of access control, medium where it allows all of a provider
    /// that matters here. Null where it is not privileged.
    /// </summary>
    public static Severity? SeverityOf(RoleDefinition role)
    {
        ArgumentNullException.ThrowIfNull(role);
        if (!role.IsCustom)
        {
            return null;
        }

        // A wildcard before /read only reads, however wide it is.
        var wide = role.Actions.Select(a => a.ToLowerInvariant()).Where(a => a.Contains('*') && !a.EndsWith("/read", StringComparison.Ordinal)).ToArray();
        return wide.Any(a => a.StartsWith('*') || a.StartsWith("microsoft.authorization/", StringComparison.Ordinal)) ? Severity.High
            : wide.Any(a => Sensitive.Any(s => a.StartsWith(s, StringComparison.Ordinal))) ? Severity.Medium
            : null;
    }
}
