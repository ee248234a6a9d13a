using System.Collections.Immutable;

namespace AlertFunctions.Alerting.Routing;

/// <summary>Where alerts go and how they are gathered on the way; inherited values are filled in.</summary>
public sealed record Route
{
    /// <summary>The route's place in the tree, such as <c>root/1/0</c>, or its own name: part of the group's key.</summary>
    public required string Id { get; init; }

    /// <summary>The receiver's name in routes.yaml.</summary>
    public required string Receiver { get; init; }

    public ImmutableArray<string> GroupBy { get; init; } = [];

    /// <summary>How long a new group gathers alerts before it is first sent.</summary>
    public TimeSpan GroupWait { get; init; }

    /// <summary>The least time between two notifications of a group.</summary>
    public TimeSpan GroupInterval { get; init; }

    /// <summary>How long after a notification that brought nothing new the group is sent again while it fires; null for never.</summary>
    public TimeSpan? RepeatInterval { get; init; }
}
