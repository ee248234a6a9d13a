using System.Collections.Immutable;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>What is to be done so that Azure has the rules of the catalogue.</summary>
/// <param name="Steps">In the order in which they are done: what is new before what is gone.</param>
/// <param name="Refusals">What is not done, and why.</param>
public sealed record AlertRulePlan(ImmutableArray<AlertRuleStep> Steps, ImmutableArray<AlertRuleRefusal> Refusals)
{
    /// <summary>Whether carrying it out would change anything.</summary>
    public bool HasChanges => Steps.Any(step => step is not KeepRule);
}

/// <summary>One rule, and what becomes of it.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Detection">The detection's id.</param>
public abstract record AlertRuleStep(string Name, string Detection);

/// <summary>The rule is as it should be.</summary>
public sealed record KeepRule(AlertRule Rule) : AlertRuleStep(Rule.Name, Rule.Detection);

public sealed record CreateRule(AlertRule Rule) : AlertRuleStep(Rule.Name, Rule.Detection);

/// <summary>The rule is not as it should be.</summary>
/// <param name="Rule">How it should be.</param>
/// <param name="Stored">How it is.</param>
/// <param name="Differences">At least one.</param>
/// <param name="ChangedElsewhere">Since the app wrote it last, somebody else has changed it.</param>
public sealed record UpdateRule(AlertRule Rule, StoredAlertRule Stored, ImmutableArray<AlertRuleDifference> Differences, bool ChangedElsewhere)
    : AlertRuleStep(Rule.Name, Rule.Detection);

/// <summary>Ours, and no detection is delivered by it any more.</summary>
public sealed record DeleteRule(StoredAlertRule Stored)
    : AlertRuleStep(Stored.Name, Stored.Tags.GetValueOrDefault(AlertRuleTags.Detection, ""));

/// <summary>Something that is not done.</summary>
/// <param name="Subject">The detection's id, or the rule's name.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record AlertRuleRefusal(string Subject, string Reason);
