using System.Text.Json;
using AlertFunctions.Alerting.State;

namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>What is known of an assignment after it is gone. All ids in lower case.</summary>
/// <param name="Assignment">Its resource id.</param>
/// <param name="RoleId">The role's GUID.</param>
/// <param name="Role">The role's name, or its id where it has none.</param>
/// <param name="PrincipalId">The holder.</param>
/// <param name="PrincipalType">What the holder is.</param>
/// <param name="Severity">How severe the grant is; null where the role is not privileged.</param>
internal sealed record RoleAssignmentSnapshot(string Assignment, string RoleId, string Role, string PrincipalId, string PrincipalType, Severity? Severity);

/// <summary>Every assignment that an event told of, as it last was.</summary>
internal sealed class RoleAssignmentSnapshots(IStateStore store)
{
    private const string Partition = "role-assignments";

    public async Task<RoleAssignmentSnapshot?> ReadAsync(string assignment, CancellationToken cancellationToken) =>
        await store.ReadAsync(Partition, RowOf(assignment), cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Content.Span, ReactionsJson.Default.RoleAssignmentSnapshot)
            : null;

    public Task WriteAsync(RoleAssignmentSnapshot snapshot, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(snapshot, ReactionsJson.Default.RoleAssignmentSnapshot);
        return store.WriteAsync(Partition, [new Put(RowOf(snapshot.Assignment), content, StateChange.Any)], cancellationToken);
    }

    private static string RowOf(string assignment) => StateKey.Of(assignment.ToLowerInvariant());
}
