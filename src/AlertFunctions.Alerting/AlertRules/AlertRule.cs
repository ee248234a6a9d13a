using System.Collections.Immutable;
using System.Text.Json;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>Where rules are kept and what they notify.</summary>
/// <param name="ResourceGroup">Resource id of the resource group that holds the rules.</param>
/// <param name="ActionGroup">Resource id of the action group that each rule notifies.</param>
/// <param name="Owner">Whose rules they are: only rules with this owner's tag are ever changed or removed.</param>
public sealed record AlertRuleTarget(string ResourceGroup, string ActionGroup, string Owner = AlertRuleTarget.DefaultOwner)
{
    public const string DefaultOwner = "alertfunctions";
}

/// <summary>The tags by which a rule is known as ours.</summary>
public static class AlertRuleTags
{
    public const string Owner = "alertfunctions-owner";

    /// <summary>The detection's id.</summary>
    public const string Detection = "alertfunctions-detection";

    /// <summary>A hash of the rule as it was last written: a rule that no longer has it was changed by somebody else.</summary>
    public const string Content = "alertfunctions-content";
}

/// <summary>A detection over one workspace as Azure Monitor runs it.</summary>
public sealed record AlertRule
{
    /// <summary>The resource's name: the same detection and workspace give the same name.</summary>
    public required string Name { get; init; }

    /// <summary>The detection's id.</summary>
    public required string Detection { get; init; }

    /// <summary>The workspace's resource id.</summary>
    public required string Workspace { get; init; }

    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>
    /// The resource's properties:
    /// <c>{"displayName","description","severity","enabled","scopes":[],"evaluationFrequency","windowSize","autoMitigate","ruleResolveConfiguration":{},"criteria":{"allOf":[]},"actions":{}}</c>.
    /// </summary>
    public required JsonElement Properties { get; init; }
}

/// <summary>A rule as it is in Azure: ours, or anybody's.</summary>
public sealed record StoredAlertRule
{
    /// <summary>Its resource id.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The region, such as westeurope; it cannot be changed.</summary>
    public required string? Location { get; init; }

    /// <summary>Tag names do not depend on case.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    public required JsonElement Properties { get; init; }

    /// <summary>The identity that somebody gave it; undefined where there is none.</summary>
    public JsonElement Identity { get; init; }

    /// <summary>Reads a resource as Azure Resource Manager writes it; null where it is none.</summary>
    public static StoredAlertRule? Parse(JsonElement resource)
    {
        if (resource.ValueKind != JsonValueKind.Object || Text(resource, "id") is not { } id || Text(resource, "name") is not { } name)
        {
            return null;
        }

        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        if (resource.TryGetProperty("tags", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var tag in given.EnumerateObject().Where(tag => tag.Value.ValueKind == JsonValueKind.String))
            {
                tags[tag.Name] = tag.Value.GetString()!;
            }
        }

        return new StoredAlertRule
        {
            Id = id,
            Name = name,
            Location = Text(resource, "location"),
            Tags = tags.ToImmutable(),
            Properties = resource.TryGetProperty("properties", out var properties) ? properties : default,
            Identity = resource.TryGetProperty("identity", out var identity) ? identity : default,
        };
    }

    private static string? Text(JsonElement resource, string name) =>
        resource.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
