using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>Who holds which role where.</summary>
/// <param name="Id">The assignment's resource id.</param>
/// <param name="Scope">The resource that it holds for, as a resource id; <c>/</c> for the tenant's root.</param>
/// <param name="RoleDefinitionId">The role's resource id, whose last part is a GUID.</param>
/// <param name="PrincipalId">The holder's object id in the directory.</param>
/// <param name="PrincipalType">User, Group, ServicePrincipal; empty where it is not said.</param>
public sealed record RoleAssignment(string Id, string Scope, string RoleDefinitionId, string PrincipalId, string PrincipalType);

/// <summary>A role and what it allows.</summary>
/// <param name="Name">Its name, such as Owner. That of a custom role is an outside value.</param>
/// <param name="IsCustom">Whether the tenant made it.</param>
/// <param name="Actions">What it allows on resources and, together, on the data in them: <c>*</c>, <c>Microsoft.Authorization/*</c>.</param>
public sealed record RoleDefinition(string Name, bool IsCustom, ImmutableArray<string> Actions);
