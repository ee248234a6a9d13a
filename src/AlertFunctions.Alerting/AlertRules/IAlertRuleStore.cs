using System.Collections.Immutable;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// Where alert rules are: Azure Monitor, or a folder on one machine. What the world does (no right, throttling, a rule that the service refuses) is a value.
/// </summary>
public interface IAlertRuleStore
{
    /// <summary>Every rule of the subscription, ours and others', because the service counts them together. All or none.</summary>
    Task<AlertRuleListing> ListAsync(CancellationToken cancellationToken);

    /// <summary>Creates the rule, or replaces <paramref name="stored"/>: its place, its identity and the tags of others stay.</summary>
    Task<AlertRuleWrite> PutAsync(AlertRule rule, StoredAlertRule? stored, CancellationToken cancellationToken);

    /// <summary>A rule that is already gone is removed.</summary>
    Task<AlertRuleWrite> DeleteAsync(StoredAlertRule stored, CancellationToken cancellationToken);
}

/// <summary>What came of a listing.</summary>
public abstract record AlertRuleListing
{
    private protected AlertRuleListing()
    {
    }
}

/// <summary>All rules.</summary>
public sealed record RulesListed(ImmutableArray<StoredAlertRule> Rules) : AlertRuleListing;

/// <summary>The rules cannot be read.</summary>
/// <param name="Detail">What the service said.</param>
/// <param name="RetryAfter">How long it wants to be left alone; null where it did not say.</param>
public sealed record RulesUnavailable(string Detail, TimeSpan? RetryAfter = null) : AlertRuleListing;

/// <summary>What came of a change.</summary>
public abstract record AlertRuleWrite
{
    private protected AlertRuleWrite()
    {
    }
}

/// <summary>The rule is as it was asked for.</summary>
public sealed record RuleWritten : AlertRuleWrite;

/// <summary>The service will not have it: the same rule will be refused again.</summary>
public sealed record RuleRefused(string Detail) : AlertRuleWrite;

/// <summary>The service cannot be reached or throttles.</summary>
public sealed record RuleNotWritten(string Detail, TimeSpan? RetryAfter = null) : AlertRuleWrite;
