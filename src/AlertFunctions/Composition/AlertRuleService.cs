using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Alerting.State;
using AlertFunctions.AzureServices.AlertRules;
using AlertFunctions.Settings;

namespace AlertFunctions.Composition;

/// <summary>The alert rules of Azure Monitor as the settings name their place.</summary>
internal static class AlertRuleService
{
    /// <summary>What the last sync left; null where the app manages no rules or is not configured.</summary>
    /// <exception cref="StateUnavailableException">The store cannot be reached.</exception>
    public static async Task<KeptRules?> ReadAsync(AppSettings settings, CancellationToken cancellationToken)
    {
        if (!settings.Faults.IsEmpty || !settings.ManageAlertRules)
        {
            return null;
        }

        var rules = new KeptRules(AzureClients.StateStore(settings.Storage!, AzureClients.Credential(settings)));
        await rules.LoadAsync(cancellationToken);
        return rules;
    }

    /// <summary>Makes the rules what the catalogue says, remembers which there are, and returns what was changed.</summary>
    /// <exception cref="InvalidOperationException">Something could not be done; the message holds every reason.</exception>
    public static async Task<IReadOnlyList<AlertRuleStep>> SyncAsync(
        AppSettings settings, DetectionCatalogue catalogue, TimeProvider time, CancellationToken cancellationToken)
    {
        var target = new AlertRuleTarget(settings.RuleResourceGroup!, settings.ActionGroup!);
        var credential = AzureClients.Credential(settings);
        var store = new ScheduledQueryRuleStore(AzureClients.ResourceManager(settings, credential, time), target);
        var sync = new AlertRuleSync(store, catalogue, settings.Workspaces, target);
        var keptRules = new KeptRules(AzureClients.StateStore(settings.Storage!, credential));
        var (plan, unavailable) = await sync.PlanAsync(cancellationToken);
        if (plan is null)
        {
            var reason = $"The alert rules that are there cannot be read, so none was changed. {unavailable!.Detail}";
            await RecordAsync(null, [new AlertRuleRefusal(target.ResourceGroup, reason)]);
            throw new InvalidOperationException(reason);
        }

        var report = await sync.ApplyAsync(plan, cancellationToken);
        await RecordAsync(report.Kept, report.Failures);
        return report.Failures.IsEmpty
            ? report.Done
            : throw new InvalidOperationException(
                $"Of the alert rules, {report.Done.Length} were changed, and this could not be done:\n"
                + string.Join('\n', report.Failures.Select(failure => $"  {failure.Subject}: {failure.Reason}")));

        Task RecordAsync(IReadOnlyCollection<AlertRule>? kept, IReadOnlyCollection<AlertRuleRefusal> failures) =>
            keptRules.RecordAsync(kept, failures, catalogue, AlertingService.Workspaces(settings), time.GetUtcNow(), cancellationToken);
    }
}
