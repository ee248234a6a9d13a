namespace AlertFunctions.Alerting.Principals;

/// <summary>What can hold a role.</summary>
public enum PrincipalKind
{
    User,
    Group,

    /// <summary>An application or a managed identity.</summary>
    ServicePrincipal,

    /// <summary>A device, a contact, or something newer.</summary>
    Other,
}

/// <summary>A user, group or service principal of the directory. The names are outside values: hostile.</summary>
/// <param name="Id">The object id, which role assignments and logs bear.</param>
/// <param name="Kind">What it is.</param>
/// <param name="DisplayName">Its name; null where the app may not read it.</param>
/// <param name="SignInName">A user's user principal name, such as anna@contoso.com; null for others.</param>
public sealed record Principal(Guid Id, PrincipalKind Kind, string? DisplayName, string? SignInName = null)
{
    /// <summary>One line for people: <c>Anna Meier (anna@contoso.com)</c>, <c>Platform team (group)</c>, or the id where there is no name.</summary>
    public string Text => (DisplayName, SignInName) switch
    {
        ({ Length: > 0 } name, { Length: > 0 } signIn) when name != signIn => $"{name} ({signIn})",
        (_, { Length: > 0 } signIn) => signIn,
        ({ Length: > 0 } name, _) => Kind switch
        {
            PrincipalKind.Group => $"{name} (group)",
            PrincipalKind.ServicePrincipal => $"{name} (application)",
            _ => name,
        },
        _ => Id.ToString(),
    };
}
