using System.Globalization;

namespace AlertFunctions.Alerting.AlertRules;

/// <summary>Counts the rules of a subscription as the service does. What a plan removes is not counted as free: it may fail.</summary>
internal sealed class AlertRuleQuota
{
    private readonly Dictionary<string, int> _perWorkspace = new(StringComparer.Ordinal);
    private int _active;
    private int _everyMinute;

    public AlertRuleQuota(IReadOnlyList<StoredAlertRule> stored)
    {
        foreach (var rule in stored)
        {
            Add(UseOf(rule.Properties), 1);
        }
    }

    /// <summary>Counts a step, or says which quota it would exceed.</summary>
    public string? Take(AlertRuleStep step)
    {
        var (before, after) = step switch
        {
            CreateRule create => (null, UseOf(create.Rule.Properties)),
            UpdateRule update => (UseOf(update.Stored.Properties), UseOf(update.Rule.Properties)),
            _ => ((Use?)null, (Use?)null),
        };
        if (after is null)
        {
            return null;
        }

        if (before is not null)
        {
            Add(before, -1);
        }

        var exceeded = Exceeded(after);
        Add(exceeded is null ? after : before, 1);
        return exceeded;
    }

    private string? Exceeded(Use use)
    {
        if (use.IsActive && _active >= AlertRuleLimits.MaxActive)
        {
            return Text($"The subscription has {_active} active log search alert rules, and the service allows {AlertRuleLimits.MaxActive}.");
        }

        if (use is { IsActive: true, IsEveryMinute: true } && _everyMinute >= AlertRuleLimits.MaxEveryMinute)
        {
            return Text($"The subscription has {_everyMinute} rules that run every minute, and the service allows {AlertRuleLimits.MaxEveryMinute}. Run it every 5 minutes.");
        }

        return _perWorkspace.GetValueOrDefault(use.Workspace) >= AlertRuleLimits.MaxPerWorkspace
            ? Text($"The workspace has {_perWorkspace[use.Workspace]} rules, and the service allows {AlertRuleLimits.MaxPerWorkspace}.")
            : null;
    }

    private void Add(Use? use, int change)
    {
        if (use is null)
        {
            return;
        }

        _perWorkspace[use.Workspace] = _perWorkspace.GetValueOrDefault(use.Workspace) + change;
        _active += use.IsActive ? change : 0;
        _everyMinute += use is { IsActive: true, IsEveryMinute: true } ? change : 0;
    }

    private static Use UseOf(System.Text.Json.JsonElement properties)
    {
        var form = AlertRuleForm.Of(properties);
        return new Use(
            form.GetValueOrDefault("scopes", ""), form.GetValueOrDefault("enabled") != "false", form.GetValueOrDefault("evaluationFrequency") == "PT1M");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Use(string Workspace, bool IsActive, bool IsEveryMinute);
}
