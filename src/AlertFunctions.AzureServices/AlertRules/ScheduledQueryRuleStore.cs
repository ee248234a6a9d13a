using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.AzureServices.ResourceManager;

namespace AlertFunctions.AzureServices.AlertRules;

/// <summary>
/// Rules of Azure Monitor, as resources Microsoft.Insights/scheduledQueryRules. Listing needs Reader on the subscription, writing Monitoring Contributor on
/// the resource group, and both the right to read the workspaces. Source: learn.microsoft.com/rest/api/monitor/scheduled-query-rules.
/// </summary>
public sealed class ScheduledQueryRuleStore(ResourceManagerClient client, AlertRuleTarget target) : IAlertRuleStore
{
    private const string WorkspaceVersion = "2023-09-01";

    private readonly ConcurrentDictionary<string, string> _locations = new(StringComparer.OrdinalIgnoreCase);

    public async Task<AlertRuleListing> ListAsync(CancellationToken cancellationToken)
    {
        var subscription = string.Join('/', target.ResourceGroup.Trim('/').Split('/').Take(2));
        return await client.ListAsync($"{subscription}/providers/{AlertRuleJson.Type}", AlertRuleJson.ApiVersion, cancellationToken) switch
        {
            ResourceItems items => Parse(items.Items),
            ResourceUnavailable unavailable => new RulesUnavailable(unavailable.Detail, unavailable.RetryAfter),
            var other => new RulesUnavailable(other.Detail),
        };
    }

    public async Task<AlertRuleWrite> PutAsync(AlertRule rule, StoredAlertRule? stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var (location, fault) = stored?.Location is { } known ? (known, null) : await LocationAsync(rule.Workspace, cancellationToken);
        return location is null
            ? fault!
            : Write(await client.PutAsync(
                $"{target.ResourceGroup}/providers/{AlertRuleJson.Type}/{rule.Name}", AlertRuleJson.ApiVersion,
                AlertRuleJson.Write(rule, stored, location), cancellationToken));
    }

    public async Task<AlertRuleWrite> DeleteAsync(StoredAlertRule stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var outcome = await client.DeleteAsync(stored.Id, AlertRuleJson.ApiVersion, cancellationToken);
        return outcome is ResourceMissing ? new RuleWritten() : Write(outcome);
    }

    private static AlertRuleListing Parse(ImmutableArray<JsonElement> items)
    {
        var rules = items.Select(StoredAlertRule.Parse).ToArray();
        return rules.Contains(null) ? new RulesUnavailable("The list of rules holds something that is no rule.") : new RulesListed([.. rules!]);
    }

    /// <summary>A rule lies in the region of the workspace that it reads.</summary>
    private async Task<(string? Location, AlertRuleWrite? Fault)> LocationAsync(string workspaceId, CancellationToken cancellationToken)
    {
        if (_locations.TryGetValue(workspaceId, out var known))
        {
            return (known, null);
        }

        var outcome = await client.GetAsync(workspaceId, WorkspaceVersion, cancellationToken);
        if (outcome is not ResourceFound { Body: { ValueKind: JsonValueKind.Object } body })
        {
            return (null, Write(outcome));
        }

        if (!body.TryGetProperty("location", out var location) || location.GetString() is not { Length: > 0 } name)
        {
            return (null, new RuleRefused($"The workspace {workspaceId} has no location."));
        }

        return (_locations[workspaceId] = name, null);
    }

    private static AlertRuleWrite Write(ResourceOutcome outcome) => outcome switch
    {
        ResourceFound => new RuleWritten(),
        ResourceUnavailable unavailable => new RuleNotWritten(unavailable.Detail, unavailable.RetryAfter),
        // Without the right to write one rule there is none to write the next.
        ResourceRefused { Status: 401 or 403 } => new RuleNotWritten(outcome.Detail),
        _ => new RuleRefused(outcome.Detail),
    };
}
