namespace AlertFunctions.Alerting.Reactions.Images;

/// <summary>Something that happened in a container registry. What it says is an outside value: hostile.</summary>
public abstract record RegistryEvent
{
    private protected RegistryEvent(DateTimeOffset at) => At = at;

    /// <summary>When it happened, by the registry's clock.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>A manifest was pushed: an image, or what is attached to one.</summary>
public sealed record ImagePushed(ImageReference Image, DateTimeOffset At) : RegistryEvent(At)
{
    /// <summary>The tag it was pushed under; null for a push by digest.</summary>
    public string? Tag { get; init; }

    /// <summary>The media type of the manifest; null where the registry does not say.</summary>
    public string? MediaType { get; init; }

    /// <summary>Who pushed, where the registry says so: it seldom does.</summary>
    public string? PushedBy { get; init; }

    public string? CallerIpAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The registry's Azure resource id.</summary>
    public string? RegistryId { get; init; }
}

/// <summary>Something was deleted: a manifest by its digest, a tag, or with neither a whole repository.</summary>
public sealed record ImageDeleted(string Registry, string Repository, DateTimeOffset At) : RegistryEvent(At)
{
    public string? Digest { get; init; }

    public string? Tag { get; init; }
}
