using System.Collections.Immutable;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>What came of carrying a plan out.</summary>
/// <param name="Done">The steps that were done.</param>
/// <param name="Failures">What was not done, whether refused by us or by the service, or left for later.</param>
/// <param name="Kept">The rules that are there now, if not all as they should be.</param>
public sealed record AlertRuleReport(ImmutableArray<AlertRuleStep> Done, ImmutableArray<AlertRuleRefusal> Failures, ImmutableArray<AlertRule> Kept);

/// <summary>Keeps the rules of a store as the catalogue has them.</summary>
public sealed class AlertRuleSync(IAlertRuleStore store, DetectionCatalogue catalogue, IReadOnlyList<string> workspaces, AlertRuleTarget target)
{
    /// <summary>The plan over what is there now, or why it cannot be seen.</summary>
    public async Task<(AlertRulePlan? Plan, RulesUnavailable? Unavailable)> PlanAsync(CancellationToken cancellationToken) =>
        await store.ListAsync(cancellationToken) switch
        {
            RulesListed listed => (AlertRulePlanner.Plan(catalogue, workspaces, target, listed.Rules), null),
            RulesUnavailable unavailable => (null, unavailable),
            var other => throw new InvalidOperationException($"Unreachable: {other.GetType().Name} is no listing."),
        };

    /// <summary>
    /// Does the plan's steps one after the other, as the service's own limits for writes ask for. One that is refused stops no other; a service that
    /// cannot be reached or throttles ends it, and the next run goes on.
    /// </summary>
    public async Task<AlertRuleReport> ApplyAsync(AlertRulePlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var done = ImmutableArray.CreateBuilder<AlertRuleStep>();
        var failures = plan.Refusals.ToBuilder();
        foreach (var step in plan.Steps.Where(step => step is not KeepRule))
        {
            var write = await DoAsync(step, cancellationToken);
            if (write is RuleWritten)
            {
                done.Add(step);
                continue;
            }

            failures.Add(new AlertRuleRefusal(step.Name, write is RuleRefused refused ? refused.Detail : ((RuleNotWritten)write).Detail));
            if (write is RuleNotWritten)
            {
                break;
            }
        }

        var kept = plan.Steps.Where(step => step is KeepRule or UpdateRule).Concat(done.OfType<CreateRule>()).Select(step => step switch
        {
            KeepRule keep => keep.Rule,
            UpdateRule update => update.Rule,
            _ => ((CreateRule)step).Rule,
        });
        return new AlertRuleReport(done.ToImmutable(), failures.ToImmutable(), [.. kept]);
    }

    private Task<AlertRuleWrite> DoAsync(AlertRuleStep step, CancellationToken cancellationToken) => step switch
    {
        CreateRule create => store.PutAsync(create.Rule, null, cancellationToken),
        UpdateRule update => store.PutAsync(update.Rule, update.Stored, cancellationToken),
        DeleteRule delete => store.DeleteAsync(delete.Stored, cancellationToken),
        _ => throw new InvalidOperationException($"Unreachable: {step.GetType().Name} is no change."),
    };
}
