using System.Collections.Immutable;
using System.Text.Json;

namespace AlertFunctions.AzureServices.ResourceManager;

/// <summary>What came of a request to Azure Resource Manager.</summary>
public abstract record ResourceOutcome
{
    private protected ResourceOutcome()
    {
    }

    /// <summary>What went wrong, for people; empty where nothing did.</summary>
    public virtual string Detail => "";
}

/// <summary>The resource, or what else the service answered a success with; <see cref="JsonValueKind.Undefined"/> for an empty body.</summary>
public sealed record ResourceFound(JsonElement Body) : ResourceOutcome;

/// <summary>All items of a list, from all its pages.</summary>
public sealed record ResourceItems(ImmutableArray<JsonElement> Items) : ResourceOutcome;

/// <summary>There is no such resource, group or subscription.</summary>
public sealed record ResourceMissing(string Message) : ResourceOutcome
{
    public override string Detail => Message;
}

/// <summary>The service will not do it: no right, a value that it does not take, a policy, a quota.</summary>
/// <param name="Status">400 to 499.</param>
/// <param name="Message">What it said.</param>
public sealed record ResourceRefused(int Status, string Message) : ResourceOutcome
{
    public override string Detail => Message;
}

/// <summary>The service cannot be reached, throttles, or its answer broke off; later it may do.</summary>
public sealed record ResourceUnavailable(string Message, TimeSpan? RetryAfter = null) : ResourceOutcome
{
    public override string Detail => Message;
}
