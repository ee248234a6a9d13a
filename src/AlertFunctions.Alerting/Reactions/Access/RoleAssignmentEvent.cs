namespace AlertFunctions.Alerting.Reactions.Access;

/// <summary>A role assignment was written or deleted. The event says who did it and to which assignment, not which role or to whom.</summary>
/// <param name="AssignmentId">The assignment's resource id, as the event writes it.</param>
/// <param name="IsDeletion">Whether it was deleted; otherwise made or changed.</param>
/// <param name="At">When.</param>
public sealed record RoleAssignmentEvent(string AssignmentId, bool IsDeletion, DateTimeOffset At)
{
    /// <summary>The caller by name: a user principal name, or an application's id. An outside value.</summary>
    public string? Caller { get; init; }

    /// <summary>The caller's object id in the directory.</summary>
    public Guid? CallerId { get; init; }

    public string? CallerIpAddress { get; init; }
}
