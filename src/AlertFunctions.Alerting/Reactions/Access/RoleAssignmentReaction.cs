using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.Principals;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>What came of an event about a role assignment.</summary>
public enum RoleAssignmentOutcome
{
    /// <summary>The alert was raised.</summary>
    Raised,

    /// <summary>The role is not privileged.</summary>
    NotPrivileged,

    /// <summary>The assignment was gone before it could be read, and nothing is known of it. The activity log tells of it later.</summary>
    Gone,
}

/// <summary>
/// Says at once that somebody was given a privileged role, or lost one. What an assignment was is kept, because after a deletion nobody else can say.
/// The detections over the activity log find the same later, and theirs are the same alerts.
/// </summary>
public sealed class RoleAssignmentReaction(
    IAccessControl access, IDirectory directory, IStateStore store, AlertInbox inbox, IReadOnlyDictionary<string, Detection> detections)
{
    private const string AssignmentPart = "/providers/microsoft.authorization/roleassignments/";

    private readonly RoleAssignmentSnapshots _snapshots = new(store);

    /// <exception cref="AccessUnavailableException">The assignment or its role cannot be read now; the event is to be delivered again.</exception>
    /// <exception cref="StateUnavailableException">The store cannot be reached; likewise.</exception>
    public async Task<RoleAssignmentOutcome> HandleAsync(RoleAssignmentEvent happened, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var snapshot = await _snapshots.ReadAsync(happened.AssignmentId, cancellationToken);
        if (!happened.IsDeletion)
        {
            snapshot = await ReadAsync(happened, cancellationToken) ?? snapshot;
        }

        if (snapshot is null)
        {
            return RoleAssignmentOutcome.Gone;
        }

        await _snapshots.WriteAsync(snapshot, cancellationToken);
        if (snapshot.Severity is not { } severity)
        {
            return RoleAssignmentOutcome.NotPrivileged;
        }

        if (detections.TryGetValue(happened.IsDeletion ? ReactionDetections.PrivilegedRoleRemoved : ReactionDetections.PrivilegedRoleAssigned, out var detection))
        {
            await inbox.RaiseAsync(await AlertAsync(detection, happened, snapshot, severity, cancellationToken), isEvent: true, happened.At, cancellationToken);
        }

        return RoleAssignmentOutcome.Raised;
    }

    private async Task<RoleAssignmentSnapshot?> ReadAsync(RoleAssignmentEvent happened, CancellationToken cancellationToken)
    {
        if (await access.FindAssignmentAsync(happened.AssignmentId, cancellationToken) is not { } assignment)
        {
            return null;
        }

        var roleId = ResourceId.Name(assignment.RoleDefinitionId).ToLowerInvariant();
        if (PrivilegedRoles.BuiltIn.TryGetValue(roleId, out var known))
        {
            return Snapshot(happened, assignment, roleId, known.Name, known.Severity);
        }

        var role = await access.FindRoleAsync(assignment.RoleDefinitionId, cancellationToken);
        return Snapshot(happened, assignment, roleId, role?.Name ?? roleId, role is null ? null : PrivilegedRoles.SeverityOf(role));
    }

    /// <summary>Ids in lower case, as the activity log's detection has them: they differ in case between the two.</summary>
    private static RoleAssignmentSnapshot Snapshot(RoleAssignmentEvent happened, RoleAssignment assignment, string roleId, string role, Severity? severity) => new(
        happened.AssignmentId.ToLowerInvariant(), roleId, role, assignment.PrincipalId.ToLowerInvariant(), assignment.PrincipalType.ToLowerInvariant(), severity);

    private async Task<Alert> AlertAsync(
        Detection detection, RoleAssignmentEvent happened, RoleAssignmentSnapshot snapshot, Severity severity, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(happened, snapshot, cancellationToken);
        var scope = ScopeOf(snapshot.Assignment);
        return ReactionAlerts.Of(
            detection, happened.At,
            ("Caller", happened.Caller is { Length: > 0 } caller ? caller : names.Caller ?? "someone unknown"),
            ("CallerIpAddress", happened.CallerIpAddress ?? "address unknown"),
            ("PrincipalId", snapshot.PrincipalId),
            ("PrincipalType", snapshot.PrincipalType),
            ("Principal", names.Principal ?? snapshot.PrincipalId),
            ("RoleId", snapshot.RoleId),
            ("Role", snapshot.Role),
            ("Scope", scope),
            ("Assignment", snapshot.Assignment),
            ("AlertSeverity", severity.ToString()),
            ("ScopeLevel", LevelOf(scope)));
    }

    private async Task<(string? Principal, string? Caller)> NamesAsync(
        RoleAssignmentEvent happened, RoleAssignmentSnapshot snapshot, CancellationToken cancellationToken)
    {
        var principal = Guid.TryParse(snapshot.PrincipalId, out var id) ? id : (Guid?)null;
        Guid[] ids = [.. new[] { principal, happened.CallerId }.OfType<Guid>()];
        if (ids.Length == 0)
        {
            return (null, null);
        }

        // Without the directory the alert goes out with ids.
        var known = (await directory.FindAsync(ids, cancellationToken)).Principals;
        return (NameOf(principal), NameOf(happened.CallerId));
        string? NameOf(Guid? asked) => asked is { } one && known.TryGetValue(one, out var found) ? found.Text : null;
    }

    /// <summary>An assignment's id begins with the scope that it holds for.</summary>
    internal static string ScopeOf(string assignment) =>
        assignment.LastIndexOf(AssignmentPart, StringComparison.OrdinalIgnoreCase) is var at && at > 0 ? assignment[..at] : "/";

    internal static string LevelOf(string scope) =>
        scope == "/" ? "tenant root"
        : scope.Contains("managementgroups", StringComparison.Ordinal) ? "management group"
        : !scope.Contains("/resourcegroups/", StringComparison.Ordinal) ? "subscription"
        : !scope.Contains("/providers/", StringComparison.Ordinal) ? "resource group"
        : "resource";
}
