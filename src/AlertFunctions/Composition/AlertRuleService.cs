using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.AzureServices.AlertRules;
using AlertFunctions.Settings;

namespace AlertFunctions.Composition;

/// <summary>The alert rules of Azure Monitor as the settings name their place.</summary>
internal static class AlertRuleService
{
    /// <summary>Makes the rules what the catalogue says, and returns what was changed.</summary>
    /// <exception cref="InvalidOperationException">Something could not be done; the message holds every reason.</exception>
    public static async Task<IReadOnlyList<AlertRuleStep>> SyncAsync(
        AppSettings settings, DetectionCatalogue catalogue, TimeProvider time, CancellationToken cancellationToken)
    {
        var target = new AlertRuleTarget(settings.RuleResourceGroup!, settings.ActionGroup!);
        var store = new ScheduledQueryRuleStore(AzureClients.ResourceManager(settings, AzureClients.Credential(settings), time), target);
        var sync = new AlertRuleSync(store, catalogue, settings.Workspaces, target);
        var (plan, unavailable) = await sync.PlanAsync(cancellationToken);
        if (plan is null)
        {
            throw new InvalidOperationException($"The alert rules that are there cannot be read, so none was changed. {unavailable!.Detail}");
        }

        var report = await sync.ApplyAsync(plan, cancellationToken);
        return report.Failures.IsEmpty
            ? report.Done
            : throw new InvalidOperationException(
                $"Of the alert rules, {report.Done.Length} were changed, and this could not be done:\n"
                + string.Join('\n', report.Failures.Select(failure => $"  {failure.Subject}: {failure.Reason}")));
    }
}
