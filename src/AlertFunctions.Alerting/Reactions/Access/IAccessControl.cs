namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>
/// Reads role assignments and roles: Azure Resource Manager in Azure, memory on one machine. What is not there is null.
/// </summary>
public interface IAccessControl
{
    /// <summary>The assignment; null where there is none (any more).</summary>
    /// <exception cref="AccessUnavailableException">It cannot be read now.</exception>
    Task<RoleAssignment?> FindAssignmentAsync(string id, CancellationToken cancellationToken);

    /// <summary>The role; null where there is none.</summary>
    /// <exception cref="AccessUnavailableException">It cannot be read now.</exception>
    Task<RoleDefinition?> FindRoleAsync(string id, CancellationToken cancellationToken);
}

/// <summary>Assignments or roles cannot be read now: throttled, no right yet, no connection. The event is to be delivered again.</summary>
public sealed class AccessUnavailableException(string message) : Exception(message);
