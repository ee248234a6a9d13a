using System.Collections.Immutable;
using System.Text;
using AlertFunctions.Alerting.Detections;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>
/// Compares the rules that the catalogue asks for with those that are there. Pure: the same input gives the same plan. Rules without the owner's tag, or
/// outside the resource group, are never touched; the service's quotas, which they share, are never exceeded.
/// </summary>
public static class AlertRulePlanner
{
    /// <param name="catalogue">A catalogue with faults removes no rule: a detection that cannot be read is not gone.</param>
    /// <param name="workspaces">Resource ids.</param>
    /// <param name="target">Where rules are kept and what they notify.</param>
    /// <param name="stored">Every rule of the subscription.</param>
    public static AlertRulePlan Plan(
        DetectionCatalogue catalogue, IReadOnlyList<string> workspaces, AlertRuleTarget target, IReadOnlyList<StoredAlertRule> stored)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(workspaces);
        ArgumentNullException.ThrowIfNull(target);
        var refusals = ImmutableArray.CreateBuilder<AlertRuleRefusal>();
        var steps = new List<AlertRuleStep>();
        var inGroup = stored
            .Where(rule => rule.Id.StartsWith($"{target.ResourceGroup.TrimEnd('/')}/", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase);
        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var quota = new AlertRuleQuota(stored);
        foreach (var rule in Wanted(catalogue, workspaces, target, refusals))
        {
            wanted.Add(rule.Name);
            if (Step(rule, inGroup.GetValueOrDefault(rule.Name), target, refusals) is not { } step)
            {
                continue;
            }

            if (quota.Take(step) is { } exceeded)
            {
                refusals.Add(new AlertRuleRefusal(rule.Detection, exceeded));
            }
            else
            {
                steps.Add(step);
            }
        }

        foreach (var gone in inGroup.Values.Where(rule => IsOwned(rule, target) && !wanted.Contains(rule.Name)))
        {
            if (catalogue.HasErrors)
            {
                refusals.Add(new AlertRuleRefusal(gone.Name, "It is not removed while the catalogue has faults. Run alertfn check."));
            }
            else
            {
                steps.Add(new DeleteRule(gone));
            }
        }

        return new AlertRulePlan([.. steps.OrderBy(Order).ThenBy(step => step.Name, StringComparer.Ordinal)], refusals.ToImmutable());
    }

    /// <summary>The rules that the catalogue asks for, one for each detection and workspace.</summary>
    public static IEnumerable<AlertRule> Wanted(
        DetectionCatalogue catalogue,
        IReadOnlyList<string> workspaces,
        AlertRuleTarget target,
        ImmutableArray<AlertRuleRefusal>.Builder refusals)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        var lint = new AlertRuleLint(catalogue);
        var writer = new AlertRuleWriter(catalogue, target);
        foreach (var detection in catalogue.Detections.Where(detection => detection.Delivery == DeliveryKind.AlertRule))
        {
            var faults = lint.Check(detection);
            foreach (var fault in faults)
            {
                refusals.Add(new AlertRuleRefusal(detection.Id, $"{fault.Position}: {fault.Message}{(fault.Hint is null ? "" : $" ({fault.Hint})")}"));
            }

            foreach (var workspace in faults.IsEmpty ? workspaces : [])
            {
                var rule = writer.Write(detection, workspace);
                var bytes = Encoding.UTF8.GetByteCount(rule.Properties.GetRawText());
                if (bytes <= AlertRuleLimits.MaxBytes)
                {
                    yield return rule;
                }
                else
                {
                    refusals.Add(new AlertRuleRefusal(detection.Id, $"The rule has {bytes} bytes, and the service takes {AlertRuleLimits.MaxBytes}."));
                }
            }
        }
    }

    private static AlertRuleStep? Step(
        AlertRule rule, StoredAlertRule? stored, AlertRuleTarget target, ImmutableArray<AlertRuleRefusal>.Builder refusals)
    {
        if (stored is null)
        {
            return new CreateRule(rule);
        }

        if (!IsOwned(stored, target))
        {
            refusals.Add(new AlertRuleRefusal(
                rule.Detection,
                $"A rule {rule.Name} exists that is not ours; it is left alone. Give it the tag {AlertRuleTags.Owner} = {target.Owner}, or remove it."));
            return null;
        }

        var differences = AlertRuleForm.Compare(stored.Properties, rule.Properties);
        var isAsWritten = stored.Tags.GetValueOrDefault(AlertRuleTags.Content) == AlertRuleForm.ContentOf(rule.Properties);
        return differences.All(difference => isAsWritten && AlertRuleForm.IsUntold(difference))
            ? new KeepRule(rule)
            : new UpdateRule(
                rule, stored, differences, stored.Tags.GetValueOrDefault(AlertRuleTags.Content) != AlertRuleForm.ContentOf(stored.Properties));
    }

    private static bool IsOwned(StoredAlertRule rule, AlertRuleTarget target) =>
        rule.Tags.GetValueOrDefault(AlertRuleTags.Owner) == target.Owner;

    private static int Order(AlertRuleStep step) => step switch
    {
        CreateRule => 0,
        UpdateRule => 1,
        DeleteRule => 2,
        _ => 3,
    };
}
