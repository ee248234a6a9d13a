namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>The role assignments of one machine: those it was given.</summary>
public sealed class MemoryAccessControl : IAccessControl
{
    private readonly Dictionary<string, RoleAssignment> _assignments = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RoleDefinition> _roles = new(StringComparer.OrdinalIgnoreCase);

    public MemoryAccessControl With(RoleAssignment assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        _assignments[assignment.Id] = assignment;
        return this;
    }

    public MemoryAccessControl With(string roleId, RoleDefinition role)
    {
        _roles[roleId] = role;
        return this;
    }

    public Task<RoleAssignment?> FindAssignmentAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_assignments.GetValueOrDefault(id));

    public Task<RoleDefinition?> FindRoleAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_roles.GetValueOrDefault(id));
}
