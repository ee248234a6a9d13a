using System.Collections.Immutable;
using System.CommandLine;
using AlertFunctions.Alerting.AlertRules;
using AlertFunctions.Alerting.Detections;
using AlertFunctions.Cli.Terminal;

namespace AlertFunctions.Cli.Commands.Rules;

/// <summary>The Azure Monitor rules of detections marked <c>deliver: alertRule</c>: what would be done, doing it, what somebody else did, and a template.</summary>
internal static class RulesCommand
{
    public static Command Create(CommandHost host) => new(
        "rules", "Keep the detections marked 'deliver: alertRule' as alert rules of Azure Monitor, or as files to try it (--rules FOLDER).")
    {
        Plan(host),
        Apply(host),
        Drift(host),
        Export(host),
    };

    private static Command Plan(CommandHost host)
    {
        var place = new RulePlaceOptions();
        var output = SharedOptions.TableOrJson();
        var command = new Command("plan", "Show what apply would do, with every difference.") { output };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = await PlanAsync(host, parsed, place, cancellationToken);
            RulesReport.Write(host.Output, plan, parsed.GetValue(output));
            return plan.Refusals.IsEmpty ? ExitCode.Clean : ExitCode.Failed;
        });
        return command;
    }

    private static Command Apply(CommandHost host)
    {
        var place = new RulePlaceOptions();
        var output = SharedOptions.TableOrJson();
        var command = new Command("apply", "Create, change and remove rules until they are as the catalogue has them. Rules of others stay as they are.") { output };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var sync = Sync(parsed, place);
            var plan = await PlanAsync(sync, cancellationToken);
            var report = await sync.ApplyAsync(plan, cancellationToken);
            RulesReport.Write(host.Output, new AlertRulePlan(report.Done, report.Failures), parsed.GetValue(output));
            return report.Failures.IsEmpty ? ExitCode.Clean : ExitCode.Failed;
        });
        return command;
    }

    private static Command Drift(CommandHost host)
    {
        var place = new RulePlaceOptions();
        var output = SharedOptions.TableOrJson();
        var command = new Command("drift", "Tell whether the rules are as the catalogue has them; exit code 1 where they are not.") { output };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = await PlanAsync(host, parsed, place, cancellationToken);
            var apart = plan with { Steps = [.. plan.Steps.Where(step => step is not KeepRule)] };
            RulesReport.Write(host.Output, apart, parsed.GetValue(output));
            return apart.Steps.IsEmpty && apart.Refusals.IsEmpty ? ExitCode.Clean : ExitCode.Failed;
        });
        return command;
    }

    private static Command Export(CommandHost host)
    {
        var place = new RulePlaceOptions();
        var output = new Option<string?>("--out") { Description = "The file to write. Default: the output.", HelpName = "FILE" };
        var command = new Command("export", "Write the rules as a template that 'az deployment group create' takes: for those who do not let the app manage them.") { output };
        place.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var refusals = ImmutableArray.CreateBuilder<AlertRuleRefusal>();
            var (_, target, workspaces) = place.Read(parsed);
            var rules = AlertRulePlanner.Wanted(Catalogue(parsed), workspaces, target, refusals).ToList();
            if (parsed.GetValue(output) is { } file)
            {
                await using var stream = File.Create(file);
                AlertRuleTemplate.Write(stream, rules);
                host.Output.WriteLine($"{file}: {Results.Plural.Of(rules.Count, "rule")}");
            }
            else
            {
                host.Output.WriteJson(json => AlertRuleTemplate.Write(json, rules));
            }

            foreach (var refusal in refusals)
            {
                host.Error.WriteLine($"error: {refusal.Subject}: {refusal.Reason}");
            }

            return refusals.Count == 0 ? ExitCode.Clean : ExitCode.Failed;
        });
        return command;
    }

    private static DetectionCatalogue Catalogue(ParseResult parsed) => DetectionLoader.Load(SharedOptions.CatalogueFolder(parsed));

    private static AlertRuleSync Sync(ParseResult parsed, RulePlaceOptions place)
    {
        var (store, target, workspaces) = place.Read(parsed);
        return new AlertRuleSync(store, Catalogue(parsed), workspaces, target);
    }

    private static async Task<AlertRulePlan> PlanAsync(CommandHost host, ParseResult parsed, RulePlaceOptions place, CancellationToken cancellationToken)
    {
        var catalogue = Catalogue(parsed);
        if (catalogue.HasErrors)
        {
            host.Error.WriteLine("The catalogue has faults; alertfn check shows them. No rule is removed until there are none.");
        }

        return await PlanAsync(Sync(parsed, place), cancellationToken);
    }

    private static async Task<AlertRulePlan> PlanAsync(AlertRuleSync sync, CancellationToken cancellationToken)
    {
        var (plan, unavailable) = await sync.PlanAsync(cancellationToken);
        return plan ?? throw new CommandFault($"The rules that are there cannot be read, so nothing is planned. It takes somebody signed in ('az login') with Reader on the subscription. {unavailable!.Detail}");
    }
}
